/*
 * ops_pod: the operations of a plan that need no process: cgroups, addresses,
 * the network. Each is a few words around one mechanism of kern/ or one
 * function of network.h, and its undo. Lessons 14, 15 and 17.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "kern/cgroup.h"
#include "kern/pidfd.h"
#include "pod/network.h"
#include "pod/actions.h"
#include "pod/ops.h"
#include "pod/pod.h"
#include "pod/podevents.h"

int op_cgroup(struct pod *pod, struct op *op, struct err *err)
{
	(void)pod;
	return cgroup_make(op->object, err);
}

void op_cgroup_undo(struct pod *pod, struct op *op)
{
	cleanup_free char *parent = NULL;

	cgroup_remove(op->object, NULL);
	if (text_ends(op->object, pod->record.id)) { /* the pod's own group: */
		parent = text_ndup(op->object, (size_t)(strrchr(op->object, '/') - op->object));
		cgroup_remove_empty(parent); /* the last pod takes the group of all pods with it */
	}
}

/* A manifest's request for processor time is a weight among neighbours and no limit: where nobody can weigh, the pod
 * runs all the same, and says so. */
static bool only_a_request(const struct pod *pod, const struct op *op)
{
	return pod->record.spec.manifest && text_equal(op->key, "cpu.weight");
}

int op_limit(struct pod *pod, struct op *op, struct err *err)
{
	int code;

	if (only_a_request(pod, op)) {
		code = *op->object ? cgroup_set(op->object, op->key, op->value, NULL) : -ENOENT;
		if (code)
			podevent(pod, NULL, EVENT_WARNING, "RequestIgnored",
				 "requests.cpu has no effect: there is no cpu controller here (%s)", op->key);
		return 0;
	}
	if (!*op->object)
		return err_hint(err,
				err_set(err, 0, "set %s to %s: there is no cgroup for us to set it on",
					op->key, op->value),
				"an ordinary user needs a delegated cgroup: systemd-run --user --scope -p "
				"Delegate=yes");
	return cgroup_set(op->object, op->key, op->value, err);
}

/* Whether the pod or container that holds a lease is still there: its supervisor lives. */
static bool lease_alive(const char *ctr_id, void *arg)
{
	struct pod *pod = arg;
	struct name_ref ref;
	struct pod_state state = { 0 };
	int64_t ticks;
	bool alive;

	if (pod_find(pod, ctr_id))
		return true;
	if (name_find(pod->store, NAME_CTR, ctr_id, &ref, NULL) ||
	    record_read_state(pod->store, ref.pod_id, &state, NULL))
		return false;
	state_verify(&state);
	alive = !pidfd_start_ticks((pid_t)state.supervisor_pid, &ticks) && ticks == state.supervisor_ticks;
	for (size_t i = 0; i < state.ctrs.n; i++)
		alive = alive || (state.ctrs.v[i].pid && !strcmp(state.ctrs.v[i].id, ctr_id));
	pod_state_free(&state);
	return alive;
}

int op_lease(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	struct network_alive who = { lease_alive, pod };
	char ip[LEASE_IP_MAX];
	int code = network_lease(pod->store->run_fd, op->object, &who, ip, err);

	if (!code)
		strcpy(ctr->ip, ip);
	return code;
}

static int same_holder(const char *ip, const char *id, void *arg)
{
	struct ctr *ctr = arg;

	if (strcmp(id, ctr->record.id))
		return 0;
	strcpy(ctr->ip, ip);
	return 1;
}

void op_lease_undo(struct pod *pod, struct op *op)
{
	struct ctr *ctr = pod_find(pod, op->object);
	struct network_alive who = { lease_alive, pod };

	if (!ctr->ip[0]) /* taken by a supervisor that died before it wrote that down */
		lease_each(pod->store->run_fd, same_holder, ctr, NULL);
	network_release(pod->store->run_fd, op->object, ctr->ip, &who, NULL);
	ctr->ip[0] = '\0';
}

int op_bridge(struct pod *pod, struct op *op, struct err *err)
{
	char note[NETWORK_NOTE_MAX] = "";
	int code;

	(void)op;
	code = network_bridge_up(pod->store->run_fd, note, err);
	if (!code && *note)
		text_replace(&pod->note, text_dup(note));
	return code;
}

int op_lo(struct pod *pod, struct op *op, struct err *err)
{
	return network_lo_up(pod_find(pod, op->object)->main.exit.fd, err);
}

int op_local(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);
	int code = network_local(ctr->main.exit.fd, err);

	if (!code)
		strcpy(ctr->ip, NETWORK_LOCAL_IP);
	return code;
}

int op_attach(struct pod *pod, struct op *op, struct err *err)
{
	struct ctr *ctr = pod_find(pod, op->object);

	return network_bridge_attach(ctr->main.exit.fd, op->object, ctr->ip, err);
}

void op_attach_undo(struct pod *pod, struct op *op)
{
	(void)pod;
	network_bridge_detach(op->object, NULL);
}
