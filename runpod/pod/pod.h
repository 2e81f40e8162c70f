/*
 * pod: a running pod in its supervisor's memory. Included by the supervisor's
 * files only; the command line knows records and actions.h.
 *
 * One process, one loop, no threads: every descriptor that the supervisor waits
 * for is a `struct watch`, whose function is called when epoll(7) says so.
 */
#ifndef RUNPOD_POD_POD_H
#define RUNPOD_POD_POD_H

#include <stdbool.h>
#include <stdint.h>

#include "pod/plan.h"
#include "pod/publish.h"
#include "store/record.h"

struct pod;
struct ctr;
struct session;
struct handler; /* handler_kinds.h */
struct probes;	/* probe.c */

/* A descriptor in the loop. */
struct watch {
	int fd;								      /* -1: not in use */
	void (*ready)(struct pod *pod, struct watch *watch, unsigned events); /* events: EPOLLIN, … */
	void *owner;	 /* whose it is: a proc or a session */
	unsigned events; /* asked for now; 0: not in the loop */
};

/* A program that the supervisor runs: a container's own, or one of exec's. */
struct proc {
	struct ctr *ctr;
	struct proc *next; /* in ctr->execs */
	bool exec;	   /* not the container's own program */
	bool internal;	   /* exec: for us, a probe or a hook, and not for a client */
	char exec_id[65];  /* of such a one */
	bool tty;	   /* out is a terminal's master */
	pid_t pid;
	struct watch exit;     /* the pidfd */
	struct watch out, err; /* what it writes arrives here */
	struct watch in;       /* what is written here it reads */
	struct buf in_waiting; /* input that did not fit yet */
	bool in_closing;       /* close `in` once in_waiting is empty */
	int child_fds[3];      /* the program's own ends, until it is born */
	int *passed;	       /* more of the caller's descriptors for it (--preserve-fds) */
	int n_passed;	       /* how many; closed once it is born */
	int report;	       /* the child's words until execve: errors, and the terminal's master */
	int go;		       /* written to let it execute; -1 */
	struct handler
		*asker; /* a question or hook that it is the program of: what it writes is the answer; NULL */
	int held_up;	/* how many sessions cannot take more output now */
	bool ended;	/* its exit code is known */
	int exit_code;
};

/* Where a container's output is kept. */
struct log {
	int fd;	   /* -1: nowhere */
	bool json; /* docker's json-file instead of k8s-file */
	char *path;
	int64_t max_size; /* bytes; 0: without end */
	int64_t size;	  /* bytes written to the present file */
};

/* How far the stop of a container has come; termination.c. */
enum stop_step {
	STOP_NONE,
	STOP_HOOK, /* its preStop hook is at work */
	STOP_TURN, /* a sidecar: waits until those before it have ended */
	STOP_SENT, /* it has had its signal */
};

struct ctr {
	struct pod *pod;
	struct ctr *next; /* in pod->ctrs: in the order of their making */
	struct ctr_record record;
	struct ctr_state *state;  /* in pod->state */
	struct plan plan;	  /* what was done to start it; undone when it ends */
	struct proc main;	  /* the container's own program */
	struct proc *execs;	  /* those of exec */
	struct handler *handlers; /* questions and hooks under way (handler.h) */
	struct probes *probes;	  /* while they are asked (probe.h); NULL */
	struct log log;
	struct publish_port *ports; /* published by this container (an infra, or one without a pod) */
	size_t n_ports;
	struct watch publisher; /* pidfd of the process that relays them */
	struct watch pasta;	/* pidfd */
	char ip[46];		/* of its network namespace, when it holds one */
	struct {
		struct watch watch; /* memory.events */
		int64_t heard;	    /* kills for want of memory in its group, as last told … */
		int64_t ask_at;	    /* … and when to see whether it has lived on; 0: nothing was told */
		int64_t survived;   /* kills that it has lived through */
	} oom;
	enum stop_step stop_step;
	int64_t stop_seconds; /* how long the stop under way gives it */
	bool timed_out;	      /* killed because its --timeout was over */
	bool removing;	      /* take it out once it has ended */
	bool remove_volumes;  /* and its anonymous volumes with it */
};

/* What a session waits for before it gets its answer. */
enum goal { GOAL_NONE, GOAL_STARTED, GOAL_STOPPED, GOAL_CONDITION, GOAL_REMOVED };

/* A client on the control socket. */
struct session {
	struct pod *pod;
	struct session *next;
	struct watch sock;
	struct proc *proc; /* attached to; NULL */
	bool wants_out, wants_err;
	bool holds_up;	     /* counted in holder->held_up */
	struct proc *holder; /* whose output is not read because of us */
	bool start_on_stop;  /* GOAL_STOPPED of `restart`: then start */
	bool whole;	     /* the request was about the whole pod */
	bool patient;	     /* GOAL_STARTED: waits for the containers too, not for infra alone */
	enum goal goal;
	struct strv targets;	/* container ids that the goal is about */
	struct strv conditions; /* GOAL_CONDITION */
	int exit_code;		/* of a target that ended meanwhile and may be removed by now; else unknown */
	bool due;		/* the goal is reached, … */
	int answer;		/* … and this is the exit code to tell */
	struct buf waiting;	/* frames that did not fit yet: length (4 bytes), bytes */
	bool closing;		/* close when waiting is empty */
	bool dead;		/* to be freed at the end of this turn of the loop */
};

struct pod {
	const struct store *store;
	struct pod_record record;
	struct pod_state state;
	struct plan_facts facts;
	struct plan plan; /* the pod's own part */
	struct ctr *ctrs;
	struct session *sessions;
	int epoll;
	int run_dir;	       /* RUN/pods/ID */
	int lock;	       /* RUN/pods/ID/lock, taken only to leave */
	int held;	       /* the state record as last written, locked while we live; 0: none yet */
	struct watch listener; /* the control socket */
	struct watch timer;    /* a timerfd: the nearest deadline */
	struct watch signals;  /* a signalfd */
	bool stopping;	       /* `pod stop`: the infra goes after the others */
	bool changed;	       /* the state record is to be written */
	int64_t next_at;       /* the nearest deadline, on the supervisor's clock; 0: none */
	int start_code;	       /* what became of the last start of the whole pod: 0 or -errno, … */
	struct err start_err;  /* … and why */
	char *note;	       /* for the user, with the next answer; NULL */
	int *fds;	       /* what came with the request that is carried out just now */
	size_t n_fds;
	bool spoken;	/* a client has been here: before that, leaving would be too early */
	bool lingering; /* idle, but a command holds the lock: look again soon */
	bool leaving;	/* nothing is left to do */
};

/* supervisor.c: the loop */
int watch_add(struct pod *pod, struct watch *watch, unsigned events);
void watch_remove(struct pod *pod, struct watch *watch); /* takes it out of the loop; the descriptor stays */
void watch_close(struct pod *pod, struct watch *watch);	 /* and closes it */

/* run.c: carrying out a plan, and back */
int run_plan(struct pod *pod, struct plan *plan, struct err *err);
void run_undo(struct pod *pod, struct plan *plan);

/* members.c: who is in the pod */
struct ctr *pod_find(struct pod *pod, const char *ctr_id);
struct ctr *pod_infra(struct pod *pod);
struct ctr *pod_load_ctr(struct pod *pod, const char *ctr_id,
			 struct err *err); /* from its record; NULL on error */
void pod_forget_ctr(struct pod *pod, struct ctr *ctr);
bool ctr_running(const struct ctr *ctr);
void ctr_set_status(struct ctr *ctr, enum run_state state);
int pod_save(struct pod *pod, struct err *err); /* writes the state record now */

/* lifecycle.c: starting */
int ctr_start(struct ctr *ctr, struct err *err);
int ctr_launch(struct ctr *ctr, struct err *err); /* one container, on ground that is there */
int pod_launch(struct pod *pod, struct err *err); /* all at once, whole or not at all */
int pod_ground(struct pod *pod,
	       struct err *err); /* its cgroup and its infra: what every container stands on */
void ctr_abort(struct ctr *ctr); /* ends it at once, as if it had not been started */

/* bringup.c: starting the whole pod, init containers first. 0: done; 1: under way (GOAL_STARTED); or -errno */
int pod_start(struct pod *pod, struct err *err);
void bringup_step(struct pod *pod);   /* goes on as far as possible now */
void bringup_cancel(struct pod *pod); /* it is being stopped instead */
void bringup_forget(struct pod *pod); /* what is known of a life of the pod that is over */
void bringup_again(struct pod *pod);  /* the infra has gone: all ends, and begins again */

/* termination.c: stopping. timeout: seconds; -1: its own */
void ctr_stop(struct ctr *ctr, int64_t timeout); /* because a user said so */
void ctr_terminate(struct ctr *ctr, int64_t timeout);
void pod_stop(struct pod *pod, int64_t timeout);
void pod_terminate(struct pod *pod, int64_t timeout);
void termination_tick(struct ctr *ctr, int64_t now);

/* ending.c */
void ctr_ended(struct ctr *ctr);
void ctr_remove_ended(struct ctr *ctr);
bool pod_others_active(struct pod *pod); /* a container beside infra runs, or will */
bool pod_idle(const struct pod *pod);	 /* nothing runs and nothing will */

/* oom.c: kills for want of memory, from start to end. oom_end: whether that is how it ended */
void oom_begin(struct ctr *ctr, bool born_now);
void oom_tick(struct ctr *ctr, int64_t now);
bool oom_end(struct ctr *ctr);

void pod_tick(struct pod *pod); /* deadlines.c: whatever is due now; sets the timer for the next */

/* testclock.c: nanoseconds on the clock of all deadlines: CLOCK_BOOTTIME, or one that tests move */
int64_t supervisor_now(void);

/* kubelet.c: what probes and hooks find out about a container that runs */
void ctr_born(struct ctr *ctr);	      /* its program has begun: postStart, then probes */
void ctr_started_up(struct ctr *ctr); /* it is up: postStart and the startup probe have succeeded */
void ctr_ready(struct ctr *ctr, bool ready);
/* It failed its probe which ("Liveness", "Startup"): it is stopped, within grace seconds (-1: its own), and the restart
 * policy decides. */
void ctr_unhealthy(struct ctr *ctr, const char *which, const char *message, int64_t grace);
void pod_settle(struct pod *pod); /* phase, conditions; a pod whose work is done is stopped */

/* freeze.c: pause and unpause, of one container or (only NULL) all */
int pod_freeze(struct pod *pod, struct ctr *only, bool frozen, struct err *err);

/* stream.c: between a program and those attached to it */
void proc_init(struct proc *proc, struct ctr *ctr);
int proc_watch(struct proc *proc, struct err *err);
void proc_output(struct pod *pod, struct watch *watch, unsigned events);
void proc_exited(struct pod *pod, struct watch *watch, unsigned events);
void proc_drain(struct proc *proc); /* after its end: the rest of its output, then proc_finished */
void proc_input(struct proc *proc, const void *bytes, size_t len);
void proc_input_end(struct proc *proc);
void proc_hold(struct proc *proc);   /* a client cannot take more: its output is not read, … */
void proc_resume(struct proc *proc); /* … until that one can */
void proc_close(struct proc *proc);
void proc_take_fds(struct proc *proc); /* the descriptors of the request are for it */
void proc_drop_fds(struct proc *proc);

/* exec.c: another program in a container that runs; its end */
struct exec_spec;
int exec_run(struct ctr *ctr, const struct exec_spec *exec, struct proc **ret_proc, struct err *err);
void exec_finished(struct proc *proc);

/* log.c */
int log_begin(struct ctr *ctr, struct err *err);
int log_write(struct log *log, const char *stream, const char *bytes,
	      size_t len); /* returns how many writes failed */
void log_end(struct log *log);

/* remove.c: what a container or pod leaves on disk */
int remove_ctr_files(const struct store *store, const struct ctr_record *ctr, bool volumes, struct err *err);
int remove_pod_files(const struct store *store, const char *pod_id, struct err *err);
void remove_abandoned(const struct store *store, const char *pod_id);

/* restart.c: whether and when a container that ended, or could not be started, is started again */
void restart_consider(struct ctr *ctr);
void restart_failed(struct ctr *ctr, int code, const struct err *err); /* it could not be started: why */
void restart_now(struct ctr *ctr);

/* session.c, control.c: clients */
void session_accept(struct pod *pod, struct watch *watch, unsigned events);
void session_send(struct session *session, char type, const void *bytes, size_t len);
void session_close(struct session *session);
void session_request(struct session *session, const char *bytes, size_t len, int *fds, size_t n);
void session_reply_ok(struct session *session);
void session_reply_error(struct session *session, int code, const struct err *err);
void session_hungry(struct proc *proc); /* it has read: those who are attached may send on */
void session_note(struct pod *pod, const char *ctr_id, const char *line);
void session_exit_code(struct proc *proc); /* to all who are attached: the end */
void sessions_check(struct pod *pod);	   /* whose goal is reached */
void sessions_reap(struct pod *pod);

#endif
