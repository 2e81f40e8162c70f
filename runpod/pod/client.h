/*
 * client: how a runpod command reaches a pod's supervisor, starting one when
 * there is none.
 */
#ifndef RUNPOD_POD_CLIENT_H
#define RUNPOD_POD_CLIENT_H

#include <jansson.h>
#include <stdbool.h>

#include "store/record.h"

/*
 * Connects to the pod's supervisor. start: when none lives, start one (which adopts what runs); else -ESRCH.
 * Returns the connected socket or -errno.
 */
int client_connect(const struct store *store, const char *pod_id, bool start, struct err *err);

/* A new request: what to do (control.c has the list), and to which container (NULL: the whole pod). actions.c */
json_t *client_request(const char *op, const char *ctr_id);

/* Sends a request; takes over `request`. The descriptors from 3 on that its preserve_fds counts, --explain's descriptor and RUNPOD_FAILPOINT go along. Returns 0 or -errno. */
int client_send(int sock, json_t *request, struct err *err);

/* Waits for the answer; notes that come first are added to ret_notes (may be NULL). *ret_reply (may be NULL) is the answer's
 * object. An error in it becomes err and the return value. -ECONNRESET: the supervisor has gone. */
int client_receive(int sock, struct strv *ret_notes, json_t **ret_reply, struct err *err);

/* Both, and once more when the supervisor was just leaving. ret_sock (may be NULL): keep the connection. */
int client_call(const struct store *store, const char *pod_id, json_t *request, struct strv *ret_notes,
		json_t **ret_reply, int *ret_sock, struct err *err);

#endif
