/*
 * plan: what will be done, as a list, before anything is done. A pod start is a
 * plan, a container start is one; carrying it out backwards stops them again.
 *
 * Pure data: the same records and the same facts about the host give the same
 * plan, so it can be printed and compared without being root. run.c carries it out.
 */
#ifndef RUNPOD_POD_PLAN_H
#define RUNPOD_POD_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "store/record.h"

/* What the plan must know about the machine. */
struct plan_facts {
	bool rootless;
	bool pasta;		 /* pasta(1) is installed */
	const char *cgroup_base; /* where our groups may be made; NULL: nowhere */
	bool pids_controller;	 /* cgroup v2 has it here */
};

enum op_kind {
	OP_CGROUP,  /* make group `object` */
	OP_LIMIT,   /* write `value` to file `key` of group `object` */
	OP_VOLUMES, /* make the volumes of pod `object` */
	OP_STREAMS, /* make what container `object` writes to and reads from */
	OP_LISTEN,  /* open the published ports on the host */
	OP_LEASE,   /* take an address for holder `object` */
	OP_BRIDGE,  /* the bridge is up, with the way out */
	OP_SPAWN,   /* container `object` is born, and waits */
	OP_LO,	    /* lo up in holder `object` */
	OP_LOCAL,   /* the same, with an address beside 127.0.0.1 */
	OP_ATTACH,  /* veth pair between the bridge and holder `object` */
	OP_PASTA,   /* pasta(1) joined to holder `object` */
	OP_PUBLISH, /* the publisher, in the namespace of holder `object` */
	OP_GO,	    /* container `object` may execute its program */
	OP_KINDS,
};

struct op {
	enum op_kind kind;
	char *object; /* what it is done to: a group, or a container's id */
	char *key;    /* OP_LIMIT: the file; else NULL */
	char *value;  /* OP_LIMIT: the text; else NULL */
};

struct plan {
	struct op *v; /* in order */
	size_t n;     /* how many */
	size_t done;  /* how many of them are carried out; run.c counts */
};

/* The name of a kind, as failpoints and listings use it: "spawn". */
const char *op_name(enum op_kind kind);

/* The pod's own part: its cgroup and limits. The infra is planned as a container. */
void plan_pod(const struct pod_record *pod, const struct plan_facts *facts, struct plan *ret_plan);

/* One container, infra included: from its cgroup to its first instruction. */
void plan_ctr(const struct pod_record *pod, const struct ctr_record *ctr, const struct plan_facts *facts,
	      struct plan *ret_plan);

/* One line an operation: "limit runpod/4f…/web memory.max 67108864". */
void plan_print(const struct plan *plan, struct buf *ret_text);
void plan_free(struct plan *plan);

/* How a process comes by its namespace of one kind. */
enum ns_source {
	NS_NEW,	  /* a fresh one */
	NS_HOST,  /* the host's: nothing to do */
	NS_INFRA, /* joins the pod's infra */
	NS_DONOR, /* joins container `arg` (a full id) */
	NS_PATH,  /* joins the namespace file `arg` */
};

struct ns_part {
	enum ns_source source;
	const char *arg;
};

/* All of a container's namespaces; mnt is always new. */
struct ns_parts {
	struct ns_part net, ipc, uts, pid, cgroup;
};

void plan_namespaces(const struct pod_record *pod, const struct ctr_record *ctr, struct ns_parts *ret_parts);

/* What kind of network a new network namespace of this container gets: bridge, pasta or none. */
const char *plan_network(const struct pod_record *pod, const struct ctr_record *ctr,
			 const struct plan_facts *facts);

/* The group of the pod, or of one of its containers; NULL where there are no cgroups. The caller owns it. */
char *plan_group(const struct plan_facts *facts, const struct pod_record *pod, const char *ctr_id);

/* The group of the processes that serve a network namespace of a container: the publisher, pasta. */
char *plan_helpers(const struct plan_facts *facts, const struct pod_record *pod, const char *ctr_id);

#endif
