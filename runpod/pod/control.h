/*
 * control: what control.c and exec.c share beside pod.h: the parts that know JSON.
 */
#ifndef RUNPOD_POD_CONTROL_H
#define RUNPOD_POD_CONTROL_H

#include <jansson.h>

#include "pod/actions.h"
#include "pod/pod.h"

/* Sends the answer to a request; takes over `answer`. */
void session_reply(struct session *session, json_t *answer);

/* Starts another program in a running container, as the object (struct exec_spec's fields) says. */
int exec_start(struct ctr *ctr, const json_t *object, struct proc **ret_proc, struct err *err);

/* Requests, each for one container or (ctr NULL) the whole pod. Return 0, 1 when they have answered or will later, or -errno.
 * requests.c */
int do_start(struct session *session, struct ctr *ctr, const json_t *request, struct err *err);
int do_stop(struct session *session, struct ctr *ctr, const json_t *request, struct err *err);
int do_restart(struct session *session, struct ctr *ctr, const json_t *request, struct err *err);
int do_kill(struct session *session, struct ctr *ctr, const json_t *request, struct err *err);
int do_attach(struct session *session, struct ctr *ctr, const json_t *request, struct err *err);
int do_exec(struct session *session, struct ctr *ctr, const json_t *request, struct err *err);
int do_wait(struct session *session, struct ctr *ctr, const json_t *request, struct err *err);
int do_remove(struct session *session, struct ctr *ctr, const json_t *request, struct err *err);

/* The request "clock", of tests: {"advance": ns} or {"next": true}. Runs what falls due on the way, each at its time, and answers
 * {"moved": ns, "next": ns until the next deadline, -1 for none}. testclock.c */
int do_clock(struct session *session, struct ctr *ctr, const json_t *request, struct err *err);

#endif
