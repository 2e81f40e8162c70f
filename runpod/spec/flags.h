/*
 * flags: the command lines of run, create and pod create, turned into specs.
 *
 * flags_ctr.c and flags_pod.c hold the option tables, flags_values.c reads the
 * values that are more than a text or a number; all end in the same structures that a manifest is read into, so nothing behind this point knows
 * where a spec came from.
 */
#ifndef RUNPOD_SPEC_FLAGS_H
#define RUNPOD_SPEC_FLAGS_H

#include "spec/opt.h"
#include "spec/pod_spec.h"

/* What run and create are told besides the container itself. */
struct run_flags {
	bool detach;
	bool sig_proxy; /* pass signals on to the container (default true) */
	bool replace;	/* remove a container of that name first */
	bool quiet;
	bool read_only_tmpfs;	  /* with --read-only: places to write in (default true) */
	bool rootfs;		  /* the first positional is a directory, not an image */
	char *detach_keys;	  /* NULL: ctrl-p,ctrl-q; "": none */
	struct strv attach;	  /* stdin, stdout, stderr */
	char *cidfile;		  /* write the id there */
	char *pod;		  /* id or name, or "new:NAME" */
	char *pod_id_file;	  /* read the pod's id from there */
	int64_t preserve_fds;	  /* descriptors 3…2+N go to the container */
	struct strv label_files;  /* --label-file; read by flags_read_files */
	struct strv volumes_from; /* containers whose mounts it gets too */
	bool env_host;		  /* the whole environment of the caller */
	bool no_healthcheck;
	int64_t cpus;	    /* --cpus as a quota; becomes spec.limits.cpu_quota */
	int64_t tls_verify; /* 1, 0, or -1: not asked for */
	const char *cwd;    /* relative volume sources start here; borrowed */
};

struct run_request {
	struct ctr_spec spec;
	struct run_flags flags;
};

/* The options of podman's that are left out, and what to do instead. */
extern const struct opt flags_run_refused[], flags_pod_refused[];

/* The tables, for help and completion. create lacks what only run can do. */
extern const struct opt flags_run_options[], flags_create_options[];

/*
 * Reads the arguments behind "run" or "create" (table says which) into the
 * zeroed request: defaults, options, IMAGE and command. cwd is absolute.
 * Nothing is read from disk. Checks what is wrong on any host (check.h).
 * Returns 0, OPT_HELP or -EINVAL; call flags_run_free in every case.
 */
int flags_run_parse(const struct opt *table, const char *command, const char *cwd, int argc,
		    char *const *argv, struct run_request *request, struct err *err);

/*
 * Reads --env-file and --label-file, takes NAME and PREFIX* from the caller's
 * environment; afterwards spec.env holds only NAME=value, spec.env_files is
 * empty and spec.labels is whole. Returns 0 or -errno.
 */
int flags_read_files(struct run_request *request, char *const *environment, struct err *err);

void flags_run_free(struct run_request *request);

/* What pod create is told besides the pod itself. */
struct pod_flags {
	bool replace;	   /* remove a pod of that name first */
	char *pod_id_file; /* write the id there */
	char *share;	   /* --share as typed; NULL: not given */
	int64_t infra;	   /* --infra: 1 or 0; -1: not given */
	int64_t cpus;	   /* --cpus as a quota; becomes spec.limits.cpu_quota */
	struct strv label_files;
	struct strv volumes_from; /* containers whose mounts all its containers get */
	const char *cwd;	  /* borrowed */
};

struct pod_request {
	struct pod_spec spec;
	struct pod_flags flags;
};

extern const struct opt flags_pod_options[];

/* The same for the arguments behind "pod create": options and at most one NAME. spec.share is filled in. */
int flags_pod_parse(const char *command, const char *cwd, int argc, char *const *argv,
		    struct pod_request *request, struct err *err);
int flags_pod_read_files(struct pod_request *request, struct err *err);
void flags_pod_free(struct pod_request *request);

#endif
