/*
 * manifest_spec: what only a Pod manifest can ask for: probes and hooks, values
 * that are looked up when a container starts, volumes that belong to the pod.
 * Parts of the structures in pod_spec.h, and pure data like them.
 */
#ifndef RUNPOD_SPEC_MANIFEST_SPEC_H
#define RUNPOD_SPEC_MANIFEST_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Something that the runtime does to a running container: a probe's question, or a hook. */
struct handler_spec {
	char *kind;	     /* NULL: none; "exec", "http", "tcp", "sleep" */
	struct strv command; /* exec */
	char *host;	     /* http, tcp: NULL means the pod's address */
	char *path;	     /* http: "/healthz" */
	int64_t port;	     /* http, tcp: a number, names are looked up while reading */
	struct strv headers; /* http: name=value */
	int64_t seconds;     /* sleep */
};

/* A probe: how often the question is asked and how many answers count. Times in seconds. */
struct probe_spec {
	struct handler_spec how;
	int64_t initial_delay;
	int64_t period;	 /* 10 where the manifest is silent */
	int64_t timeout; /* 1 */
	int64_t success; /* in a row before it counts as success: 1 */
	int64_t failure; /* in a row before it counts as failure: 3 */
	int64_t grace;	 /* stop time of a container that failed it; -1: the container's own */
};

/* Where one variable, or with envFrom a whole object of them, comes from. Resolved at each start, in order. */
struct env_source {
	char *name;  /* of the variable; NULL with envFrom */
	char *value; /* kind NULL: the text, with $(NAME) for variables above it */
	char *kind; /* NULL; "configmap", "secret": a key of an object (without key: all of them); "field", "resource" */
	char *object;  /* the ConfigMap's or Secret's name; resource: the container's */
	char *key;     /* of the object; field: "metadata.name"; resource: "limits.cpu" */
	char *prefix;  /* envFrom: in front of each name */
	char *divisor; /* resource: the unit, a quantity */
	bool optional; /* a missing object or key is no error */
};

struct env_source_list {
	struct env_source *v;
	size_t n;
};

/* One file of a projected volume. */
struct projection_item {
	char *key;     /* of the object; downward: "metadata.labels" or "limits.cpu" */
	char *ctr;     /* downward, of a resource: the container's name */
	char *divisor; /* the same: its unit */
	char *path;    /* relative, below the volume */
	int64_t mode;  /* permission bits; -1: the volume's */
};

struct projection_item_list {
	struct projection_item *v;
	size_t n;
};

/* One source of a projected volume; a configMap, secret or downwardAPI volume has just one. */
struct projection {
	char *kind;			   /* "configmap", "secret", "downward" */
	char *object;			   /* name of the ConfigMap or Secret */
	bool optional;			   /* a missing object or key is no error */
	struct projection_item_list items; /* none: every key, as its own name */
};

struct projection_list {
	struct projection *v;
	size_t n;
};

/* A volume of the pod. A mount of type "pod" names it as its source. */
struct pod_volume {
	char *name;
	char *kind; /* "empty", "memory" (an empty one on a tmpfs), "host", "claim" (a named volume), "projection" */
	char *path; /* host: the path; claim: the volume's name */
	char *host_type; /* host: NULL or "" no check; DirectoryOrCreate, Directory, FileOrCreate, File, Socket, … */
	int64_t size;			/* empty, memory: bytes; 0: no limit */
	int64_t mode;			/* projection: permission bits of files that have none of their own */
	bool read_only;			/* claim: whatever the mount says */
	struct projection_list sources; /* projection */
};

struct pod_volume_list {
	struct pod_volume *v;
	size_t n;
};

#endif
