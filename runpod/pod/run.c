/*
 * run: carries out a plan, operation by operation. When one fails, those before
 * it are undone in reverse, and the error names the operation, its object and
 * the reason: a pod starts whole or not at all.
 *
 * The same table undoes a plan that was carried out: that is what stopping is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/failpoint.h"
#include "pod/ops.h"
#include "pod/pod.h"

/* DOC: operations */
static const struct {
	int (*run)(struct pod *pod, struct op *op, struct err *err);
	void (*undo)(struct pod *pod, struct op *op); /* NULL: undone together with an earlier one */
} operations[OP_KINDS] = {
	[OP_CGROUP] = { op_cgroup, op_cgroup_undo },	/* mkdir, in cgroup2 */
	[OP_LIMIT] = { op_limit, NULL },		/* goes with its group */
	[OP_VOLUMES] = { op_volumes, op_volumes_undo }, /* files of ConfigMaps, directories */
	[OP_STREAMS] = { op_streams, op_streams_undo }, /* named pipes, the log */
	[OP_LISTEN] = { op_listen, op_listen_undo },	/* sockets born on the host */
	[OP_LEASE] = { op_lease, op_lease_undo },	/* an address of the bridge's network */
	[OP_BRIDGE] = { op_bridge, NULL },		/* goes with the last lease */
	[OP_SPAWN] = { op_spawn, op_spawn_undo },	/* clone3 */
	[OP_LO] = { op_lo, NULL },			/* these go with the namespace … */
	[OP_LOCAL] = { op_local, NULL },
	[OP_ATTACH] = { op_attach, op_attach_undo }, /* … but for the host's end of the pair */
	[OP_PASTA] = { op_pasta, op_pasta_undo },
	[OP_PUBLISH] = { op_publish, op_publish_undo }, /* sockets born in the pod */
	[OP_GO] = { op_go, NULL },			/* execve */
};

void run_undo(struct pod *pod, struct plan *plan)
{
	while (plan->done) {
		struct op *op = &plan->v[--plan->done];

		if (operations[op->kind].undo)
			operations[op->kind].undo(pod, op);
	}
}

/* A child that gave up while we laid its network has said why; our own error is only what followed from that. */
static int true_cause(struct pod *pod, const struct plan *plan, int code, struct err *err)
{
	for (size_t i = 0; i < plan->done; i++)
		if (plan->v[i].kind == OP_SPAWN)
			code = op_spawn_words(pod, &plan->v[i], code, err);
	return code;
}

int run_plan(struct pod *pod, struct plan *plan, struct err *err)
{
	while (plan->done < plan->n) {
		struct op *op = &plan->v[plan->done];
		int code = failpoint(op_name(op->kind), err);

		if (!code)
			code = operations[op->kind].run(pod, op, err);
		if (code < 0) {
			code = true_cause(pod, plan, code, err);
			run_undo(pod, plan);
			return code;
		}
		plan->done++;
	}
	return 0;
}
