/*
 * handler_kinds: one question or hook under way, and what its kinds share:
 * handler.c (the frame, and sleep), handler_exec.c, handler_tcp.c, handler_http.c.
 */
#ifndef RUNPOD_POD_HANDLER_KINDS_H
#define RUNPOD_POD_HANDLER_KINDS_H

#include "pod/handler.h"
#include "pod/http.h"

#define HANDLER_TEXT_MAX                                                                                     \
	10240 /* bytes that are kept of what a program or a server says, as the kubelet does */

struct handler_kind;

struct handler {
	struct ctr *ctr;
	struct handler *next; /* in ctr->handlers */
	const struct handler_spec *how;
	const struct handler_kind *kind;
	handler_done_fn *done; /* the caller's, with its context */
	void *context;
	int64_t timeout;  /* ns; 0: none */
	int64_t deadline; /* supervisor's clock, ns; 0: none */
	struct watch
		wake;	 /* an eventfd: written when the answer is there, so that done comes from the loop */
	bool finished;	 /* the answer is there: */
	bool success;	 /* … */
	char *message;	 /* … */
	struct buf text; /* what the program wrote, what the server said */
	struct proc *proc;	 /* exec: the program, until it ends */
	struct watch sock;	 /* http, tcp: the connection */
	char *peer;		 /* http, tcp: "10.88.0.5:8080" */
	bool connected;		 /* … */
	struct http_url url;	 /* http: where to; after a redirect, where it pointed */
	struct buf request;	 /* http: what is still to be sent */
	struct http_reply reply; /* http: its head, once reply.size is not 0 */
	int hops;		 /* http: redirects followed, and interim replies */
};

struct handler_kind {
	const char *name;			 /* as in handler_spec */
	void (*begin)(struct handler *handler);	 /* may finish at once */
	void (*expire)(struct handler *handler); /* its time is over: finish */
};

void exec_begin(struct handler *handler); /* handler_exec.c */
void exec_expire(struct handler *handler);
void exec_abandon(
	struct handler *handler); /* kills the program, if it is still there, and wants to hear no more */
void http_begin(struct handler *handler); /* handler_http.c */
void http_expire(struct handler *handler);
void tcp_begin(struct handler *handler); /* handler_tcp.c */
void tcp_expire(struct handler *handler);

/* The answer: done is called with it soon. Only the first counts. */
void handler_finish(struct handler *handler, bool success, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* How the container is reached: its pod's address, or what the manifest says. */
const char *handler_host(const struct handler *handler);

/*
 * A connection to that host and port, begun by a socket born in the container's network
 * namespace: handler->sock is in the loop and ready(pod, &handler->sock, EPOLLOUT) is called once it is
 * through or refused. Sets handler->peer. Returns 0 or -errno, with the text of Go's net.Dial in err.
 */
int handler_dial(struct handler *handler, const char *host, uint16_t port,
		 void (*ready)(struct pod *pod, struct watch *watch, unsigned events), struct err *err);

/* Whether the connection is through: 0, or -errno with such a text. */
int handler_dialled(struct handler *handler, struct err *err);

/* errno in Go's words: as strerror(3), but without the capital. */
const char *handler_errno_text(int errnum, char text[64]);

#endif
