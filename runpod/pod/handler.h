/*
 * handler: one question to a running container, or one hook: a program executed in
 * it, an HTTP request, a TCP connection, or just some time. The answer comes later,
 * from the supervisor's loop, which waits for nobody meanwhile.
 *
 * Requests are made by the supervisor itself through a socket born in the
 * container's network namespace (network_namespaces(7)): the image needs no curl,
 * and what it would do with one cannot fool us. Probes (probe.h) and the hooks of
 * a container's life are made of this. Lesson 22.
 */
#ifndef RUNPOD_POD_HANDLER_H
#define RUNPOD_POD_HANDLER_H

#include "pod/pod.h"
#include "spec/manifest_spec.h"

/*
 * What came of it. message is one line or more in the kubelet's words, or what the
 * program wrote (at most 10 KiB); "" when there is nothing to say; valid during the call.
 */
typedef void handler_done_fn(struct ctr *ctr, void *context, bool success, const char *message);

/*
 * Begins. timeout_ns: nanoseconds of the supervisor's clock until it counts as failed, and a
 * program is killed; 0: never. done is called exactly once, always in a turn of the loop of
 * its own (never before this returns), so it may do anything, also start another handler or end
 * the container; but not after handler_cancel_all. What goes wrong with the question itself, a
 * refused connection or a program that is not there, is an answer: done(…, false, why).
 * how must live until then. Returns 0, or -EINVAL for a kind that does not exist, -ESRCH when the
 * container does not run.
 */
int handler_start(struct ctr *ctr, const struct handler_spec *how, int64_t timeout_ns, handler_done_fn *done,
		  void *context, struct err *err);

/* Gives up whatever is under way: their done is never called, their programs are killed. Called when
 * the container ends. */
void handler_cancel_all(struct ctr *ctr);

/* The same for those with this context. */
void handler_cancel(struct ctr *ctr, const void *context);

/* stream.c, exec.c: what the program of one (proc->asker) writes, and its end. */
void handler_hear(struct proc *proc, const char *bytes, size_t len);
void handler_program_ended(struct proc *proc);

/* Whose time is over at now (the supervisor's clock, ns); *io_next becomes the nearest later deadline
 * if that is before it (0: none yet). Part of pod_tick, after all that may start one. */
void handler_tick(struct ctr *ctr, int64_t now, int64_t *io_next);

#endif
