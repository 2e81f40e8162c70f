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

#endif
