/*
 * record: the three records of a pod and how they reach the disk.
 *
 * pod_record and ctr_record say what was asked for. They are written once by
 * the command that makes them (and again by rename and the like) and survive a
 * reboot. pod_state says what runs; only the pod's supervisor writes it; it is
 * gone after a reboot, which is how "was running" becomes "Exited".
 *
 * Each is one JSON file replaced by rename(2): a reader never sees half a
 * record. One that does not parse is reported and passed over by listings.
 */
#ifndef RUNPOD_STORE_RECORD_H
#define RUNPOD_STORE_RECORD_H

#include <stdint.h>
#include <sys/types.h>

#include "spec/pod_spec.h"
#include "store/paths.h"

#define ID_LENGTH 64 /* hex digits */

struct pod_record {
	char *id;		    /* 64 hex digits */
	int64_t created;	    /* nanoseconds since 1970 */
	char *infra_id;		    /* of the infra container, NULL without one */
	struct strv create_command; /* argv of the command that made it */
	struct pod_spec spec;
};

/* What a container needs in order to run, with the image's part merged in. */
struct ctr_record {
	char *id;
	char *pod_id;
	int64_t created;
	struct strv create_command;
	struct ctr_spec spec; /* as asked for */
	struct strv args;     /* the final argv */
	struct strv env;      /* the final environment */
	char *workdir;	      /* final */
	char *user;	      /* final, as text */
	char *stop_signal;    /* final, as a name: SIGTERM */
	char *image_id;
	char *image_name;   /* full name, as `ps` shows it */
	struct strv layers; /* lower directories, top first; none for `host` and --rootfs */
	char *builtin;	    /* NULL, "host" or "pause": roots that are no layers */
	bool infra;	    /* the pod's pause */
	bool hidden_pod;    /* the pod exists only for this container */
	/* full container ids of container:X, or NULL */
	char *net_donor, *ipc_donor, *pid_donor, *uts_donor, *cgroup_donor;
};

enum run_state { /* as the records and `ps` name them, in record.c */
		 STATE_CREATED,
		 STATE_INITIALIZED,
		 STATE_RUNNING,
		 STATE_STOPPING,
		 STATE_PAUSED,
		 STATE_EXITED,
};

#define EXIT_UNKNOWN (-1) /* the exit code was lost with its supervisor */

/* A container as it is now. */
struct ctr_state {
	char *id;
	char *name;
	int64_t created;     /* the record's: the states are in this order */
	char *status;	     /* created running stopping paused exited */
	int64_t pid;	     /* as the host sees it; 0 when not running */
	int64_t start_ticks; /* its start time of /proc/PID/stat: pid and this name one process for ever */
	int64_t started;     /* nanoseconds since 1970; 0: never */
	int64_t finished;
	int64_t exit_code; /* 0…255; EXIT_UNKNOWN */
	int64_t restarts;
	bool oom_killed;
	bool stopped_by_user;
	bool infra;
	int64_t log_lost;  /* writes that its log had no room for */
	char *error;	   /* why it could not start, or NULL */
	struct strv execs; /* ids of the programs that exec has started in it and that still run */
	/* the kubelet's part: what phases, `get` and `describe` are made of */
	char *role;    /* NULL: an app; "once", "always", "init", "sidecar" as in ctr_spec.init_ctr */
	bool up;       /* started in the kubelet's sense: runs, postStart is done, startup probe passed */
	bool ready;    /* up, and the readiness probe passed */
	char *waiting; /* reason while it waits: CrashLoopBackOff, PodInitializing, …; NULL */
	char *message; /* to that reason or to the last end; NULL */
	int64_t last_started, last_finished,
		last_exit_code; /* the end before this run; last_finished 0: none */
	bool last_oom_killed;
	char *last_message; /* of that end; NULL */
	bool ran; /* since the pod's infra was born: an init container that ran and exited 0 is done */
	/* deadlines and the like, on the supervisor's clock (CLOCK_BOOTTIME, ns), for whoever takes over from it; 0: none */
	int64_t restart_at;    /* it is started again then */
	int64_t stop_by;       /* being stopped: when its time is over, preStop hook included */
	int64_t kill_at;       /* being stopped: SIGKILL then */
	int64_t timeout_at;    /* --timeout: SIGKILL then */
	int64_t healthy_since; /* of this run, or of the last one */
	int64_t failures;      /* ends in a row, for the back-off */
};

struct ctr_states {
	struct ctr_state *v;
	size_t n;
};

struct pod_state {
	char *id;
	char *name;
	int64_t created;
	bool hidden;
	int64_t supervisor_pid;
	int64_t supervisor_ticks;
	int64_t publisher_pid;
	int64_t publisher_ticks;
	int64_t pasta_pid;
	int64_t pasta_ticks;
	char *ip;      /* the pod's address, or NULL */
	char *network; /* bridge, pasta, none, host, container, ns */
	char *cgroup;  /* path below the cgroup2 mount, or NULL where there is none */
	struct ctr_states ctrs;
	struct port_list ports; /* published, with the host ports that the kernel chose */
	char *phase;		/* Failed or Succeeded once it was reached: those stay; else NULL */
	char *reason;		/* to the phase: DeadlineExceeded; NULL */
	int64_t initialized;	/* when all init containers were done (nanoseconds since 1970); 0: not yet */
	int64_t all_ready;	/* since when all containers are ready; 0: they are not */
	bool terminating;	/* being stopped in order to be removed */
	bool stopping;		/* as a whole: the infra goes after the others */
	bool bring_up;		/* being started as a whole: one after the other (pod/bringup.c) */
	bool grounded;		/* … and its infra of this time has been born */
	bool supervised;	/* not in the file: its supervisor lives, for it holds a lock on it */
	int64_t deadline_at;	/* activeDeadlineSeconds, on the supervisor's clock; 0: none */
	int64_t test_clock;	/* where a clock that tests move has stopped; 0: it is the real one */
};

/* What must survive of a container that ended: ROOT/…/ctr/ID/exit.json. */
struct exit_record {
	int64_t started;
	int64_t finished;
	int64_t exit_code;
	bool oom_killed;
	int64_t restarts;
	int64_t log_lost;
};

/* Reads. -ENOENT without text set where the record is not there. */
int record_read_pod(const struct store *store, const char *pod_id, struct pod_record *ret_pod,
		    struct err *err);
int record_read_ctr(const struct store *store, const char *pod_id, const char *ctr_id,
		    struct ctr_record *ret_ctr, struct err *err);
int record_read_state(const struct store *store, const char *pod_id, struct pod_state *ret_state,
		      struct err *err);
int record_read_exit(const struct store *store, const char *pod_id, const char *ctr_id,
		     struct exit_record *ret_exit, struct err *err);

/* Writes, each by rename(2). */
int record_write_pod(const struct store *store, const struct pod_record *pod, struct err *err);
int record_write_ctr(const struct store *store, const struct ctr_record *ctr, struct err *err);
int record_write_state(const struct store *store, const struct pod_state *state, struct err *err);
int record_write_exit(const struct store *store, const char *pod_id, const char *ctr_id,
		      const struct exit_record *exit, struct err *err);

/* The state too, and holds a lock on the file while this process lives, so that whoever reads it finds it `supervised`.
 * *held: what the last call left there, 0 at first. The lock goes when *any* descriptor of that file is closed here. */
int record_hold_state(const struct store *store, const struct pod_state *state, int *held, struct err *err);

/* Removes a container's directory, or the whole pod's (both under ROOT and RUN). 0 also when gone. */
int record_remove_ctr(const struct store *store, const char *pod_id, const char *ctr_id, struct err *err);
int record_remove_pod(const struct store *store, const char *pod_id, struct err *err);

/* The full ids of all pods, or of one pod's containers. */
int record_list_pods(const struct store *store, struct strv *ret_ids, struct err *err);
int record_list_ctrs(const struct store *store, const char *pod_id, struct strv *ret_ids, struct err *err);
/* How many containers, without looking at each: from the links of their directory. -1 when there is none, or when the filesystem does
 * not count them (btrfs). */
int record_count_ctrs(const struct store *store, const char *pod_id);

/* Opens the container's directory under ROOT (…/ctr/ID) or the pod's under RUN. Returns the descriptor or -errno. */
int record_open_ctr_dir(const struct store *store, const char *pod_id, const char *ctr_id, struct err *err);
int record_open_run_dir(const struct store *store, const char *pod_id, struct err *err);

void pod_record_free(struct pod_record *pod);
void ctr_record_free(struct ctr_record *ctr);
void pod_state_free(struct pod_state *state);

/* The entry of that id in the state, or NULL. */
struct ctr_state *state_find(struct pod_state *state, const char *ctr_id);

#endif
