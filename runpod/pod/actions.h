/*
 * actions: everything that can be done to a pod or a container, as the verbs
 * of the command line need it. Each call finds out whether the pod has a
 * supervisor, starts or adopts one where needed, sends it one request and waits
 * for the answer. Nothing here prints.
 */
#ifndef RUNPOD_POD_ACTIONS_H
#define RUNPOD_POD_ACTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "spec/pod_spec.h"
#include "store/names.h"
#include "store/record.h"

/* Sent with a request when --explain was given: where the narration goes; -1 for nowhere. Set by main. */
extern int action_explain_fd;

struct action {
	const char *op;	  /* "start", "stop", "restart", "kill", "pause", "unpause" */
	int signal;	  /* kill */
	int preserve_fds; /* start: as in attach_options */
	int64_t timeout;  /* stop, restart: seconds before SIGKILL; -1: the container's own */
	bool detach; /* start of a pod: do not wait for its containers; what fails is tried again as its restart policy says */
	bool terminating; /* stop of a pod: it will be removed (`get` says Terminating) */
};

/* What happened to whom besides the result: lines for the user, e.g.
 * `StopSignal SIGTERM failed to stop container x in 10 seconds, resorting to SIGKILL`. */
struct action_notes {
	struct strv lines;
};

/* Makes the record of a pod and of its infra container. With replace, a pod of that name is removed first.
 * Fills ret_id (65 bytes). Starts nothing. Undoes itself on error. */
int pod_make(const struct store *store, const struct pod_spec *spec, const struct strv *create_command,
	     bool replace, char *ret_id, struct err *err);

/* Acts on a whole pod: start (infra, then containers), stop, restart, kill, pause, unpause. */
int pod_act(const struct store *store, const char *pod_id, const struct action *action,
	    struct action_notes *notes, struct err *err);

/* Removes a pod. Without force: -EBUSY and podman's text when containers run. */
int pod_remove(const struct store *store, const char *pod_id, bool force, int64_t timeout, struct err *err);

/*
 * Makes the record of a container: resolves image, donors, volumes and names,
 * merges the image's configuration. pod_id NULL: a hidden pod is made around it.
 * Fills ret_ref. Undoes itself on error.
 */
int ctr_make(const struct store *store, const struct ctr_spec *spec, const char *pod_id,
	     const struct strv *create_command, bool replace, struct name_ref *ret_ref, struct err *err);

int ctr_act(const struct store *store, const struct name_ref *ctr, const struct action *action,
	    struct action_notes *notes, struct err *err);

/* An action that was asked for and not yet answered. */
struct act_sent {
	struct name_ref ref;	     /* a container, or with ctr_id "" a whole pod */
	const struct action *action; /* borrowed */
	int sock;		     /* -1: there was nothing to do */
};

/* ctr_act() and pod_act() in two halves, so that several can be on their way at once: asks … */
int act_send(const struct store *store, const struct name_ref *ref, const struct action *action,
	     struct act_sent *ret_sent, struct err *err);
/* … and waits for the answer. To be called after every act_send() that returned 0. */
int act_finish(const struct store *store, struct act_sent *sent, struct action_notes *notes, struct err *err);

/* Removes a container; its hidden pod too. -EBUSY and podman's text when it runs and force is not set, or when others depend on it
 * and depend is not set. volumes: its anonymous volumes as well. */
int ctr_remove(const struct store *store, const struct name_ref *ctr, bool force, bool depend, bool volumes,
	       int64_t timeout, struct err *err);

/* How the caller's terminal takes part in run, start -a, attach and exec. */
struct attach_options {
	bool in, out, err;	 /* which streams */
	bool tty;		 /* the container has one: raw mode, window size */
	bool sig_proxy;		 /* signals that reach us go to the container */
	const char *detach_keys; /* NULL: ctrl-p,ctrl-q */
	int preserve_fds; /* descriptors 3 … 2+N of ours are the program's too; at most WIRE_PRESERVED */
};

/* Starts the container with the caller attached from its first byte on (run without -d, start -a). Returns 0 with
 * *ret_exit its exit code, or -errno. *ret_detached: the user typed the detach keys. */
int ctr_start_attached(const struct store *store, const struct name_ref *ctr,
		       const struct attach_options *options, struct action_notes *notes, int *ret_exit,
		       bool *ret_detached, struct err *err);

/* Attaches to one that runs. */
int ctr_attach(const struct store *store, const struct name_ref *ctr, const struct attach_options *options,
	       int *ret_exit, bool *ret_detached, struct err *err);

struct exec_spec {
	struct strv args;
	struct strv env; /* NAME=value, on top of the container's */
	char *workdir;	 /* NULL: the container's */
	char *user;	 /* NULL: the container's */
	bool tty;
	bool interactive;
	bool privileged;
	bool detach; /* do not wait; *ret_exit stays 0 */
	struct attach_options attach;
	char *ret_id; /* NULL, or 65 bytes: with detach the session's id comes here */
};

extern const struct shape exec_spec_shape;

int ctr_exec(const struct store *store, const struct name_ref *ctr, const struct exec_spec *exec,
	     int *ret_exit, struct err *err);

/* Waits until the container is in one of the states ("stopped", "running", …; NULL or empty: stopped or exited).
 * *ret_exit: its exit code (EXIT_UNKNOWN when lost). */
int ctr_wait(const struct store *store, const struct name_ref *ctr, const struct strv *conditions,
	     int *ret_exit, struct err *err);

/* Whether anything of the pod lives, or was left by a supervisor that was killed: one that leaves in good
 * order takes its number out of the record. */
bool pod_alive(const struct store *store, const char *pod_id);

/* Whether a process of the pod's is in the record. */
bool pod_has_process(const struct store *store, const char *pod_id);

/* Whether the pod's supervisor was killed: the record names one, and it is not there. */
bool state_orphaned(const struct pod_state *state);

/* Gives such a pod another supervisor and waits until it has taken over. Returns 0 or -errno. */
int pod_adopt(const struct store *store, const char *pod_id, struct err *err);

/* For tests: moves the clock of a pod's supervisor (pod/testclock.h) by ns nanoseconds, or (-1) to its next deadline. *ret_next: how far
 * the next one is from there; -1: there is none. */
int pod_clock(const struct store *store, const char *pod_id, int64_t ns, int64_t *ret_moved,
	      int64_t *ret_next, struct err *err);

/* Whether the processes that the state names are still those (PID and start time), put right in state: a
 * container whose process has gone reads exited/unknown, or stopping where its supervisor will tell in a moment.
 * For readers; writes nothing. */
void state_verify(struct pod_state *state);

#endif
