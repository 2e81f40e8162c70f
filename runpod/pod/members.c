/*
 * members: the containers of a pod in its supervisor's memory, and the record of
 * what runs, written whenever something changed and before anyone is told.
 */
#include <stdlib.h>
#include <string.h>

#include "pod/pod.h"
#include "store/record_shapes.h"

struct ctr *pod_find(struct pod *pod, const char *ctr_id)
{
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		if (!strcmp(ctr->record.id, ctr_id))
			return ctr;
	return NULL;
}

struct ctr *pod_infra(struct pod *pod)
{
	return pod->record.infra_id ? pod_find(pod, pod->record.infra_id) : NULL;
}

/* The states are one array that may move when it grows; then everyone is told the new place. */
static void link_states(struct pod *pod)
{
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next)
		ctr->state = state_find(&pod->state, ctr->record.id);
}

/* In the order of their making, so that who reads the record need not look further for it. */
static void add_state(struct pod *pod, const struct ctr_record *record)
{
	struct ctr_states *states = &pod->state.ctrs;
	size_t at = states->n;

	if (state_find(&pod->state, record->id))
		return;
	while (at && states->v[at - 1].created > record->created)
		at--;
	states->v = mem_realloc(states->v, (states->n + 1) * sizeof(*states->v));
	memmove(&states->v[at + 1], &states->v[at], (states->n++ - at) * sizeof(*states->v));
	states->v[at] = (struct ctr_state){ .id = text_dup(record->id),
					    .name = text_dup(record->spec.name),
					    .created = record->created,
					    .status = text_dup("created"),
					    .role = text_dup(record->spec.init_ctr),
					    .infra = record->infra };
}

struct ctr *pod_load_ctr(struct pod *pod, const char *ctr_id, struct err *err)
{
	struct ctr *ctr = pod_find(pod, ctr_id), **end = &pod->ctrs;
	struct exit_record last = { 0 };

	if (ctr)
		return ctr;
	ctr = mem_zalloc(sizeof(*ctr));
	if (record_read_ctr(pod->store, pod->record.id, ctr_id, &ctr->record, err)) {
		free(ctr);
		return NULL;
	}
	ctr->pod = pod;
	ctr->log.fd = -1;
	ctr->publisher.fd = ctr->pasta.fd = ctr->oom.watch.fd = -1;
	proc_init(&ctr->main, ctr);
	add_state(pod, &ctr->record);
	while (*end && (*end)->record.created <= ctr->record.created)
		end = &(*end)->next;
	ctr->next = *end;
	*end = ctr;
	link_states(pod);
	if (!ctr->state->started && !record_read_exit(pod->store, pod->record.id, ctr_id, &last, NULL)) {
		ctr->state->started = last.started;
		ctr->state->finished = last.finished;
		ctr->state->exit_code = last.exit_code;
		ctr->state->restarts = last.restarts;
		ctr->state->oom_killed = last.oom_killed;
		ctr->state->log_lost = last.log_lost;
		ctr_set_status(ctr, STATE_EXITED);
	}
	pod->changed = true;
	return ctr;
}

static void drop_state(struct pod *pod, const char *ctr_id)
{
	struct ctr_states *states = &pod->state.ctrs;
	struct ctr_state *state = state_find(&pod->state, ctr_id);

	if (!state)
		return;
	fields_free(&ctr_state_shape, state);
	states->n--;
	memmove(state, state + 1, (size_t)(&states->v[states->n] - state) * sizeof(*state));
}

void pod_forget_ctr(struct pod *pod, struct ctr *ctr)
{
	struct ctr **at = &pod->ctrs;

	while (*at != ctr)
		at = &(*at)->next;
	*at = ctr->next;
	drop_state(pod, ctr->record.id);
	plan_free(&ctr->plan);
	log_end(&ctr->log);
	free(ctr->ports);
	ctr_record_free(&ctr->record);
	free(ctr);
	link_states(pod);
	pod->changed = true;
}

bool ctr_running(const struct ctr *ctr)
{
	return ctr->main.exit.fd >= 0 || ctr->main.ended;
}

void ctr_set_status(struct ctr *ctr, enum run_state state)
{
	static const char *const words[] = { "created",	 "initialized", "running",
					     "stopping", "paused",	"exited" };

	text_replace(&ctr->state->status, text_dup(words[state]));
	ctr->pod->changed = true;
}

/* Published ports as they are, with the host ports that the kernel chose. */
static void save_ports(struct pod *pod, const struct ctr *ctr)
{
	struct port_list *list = &pod->state.ports;

	for (size_t i = 0; i < ctr->n_ports; i++) {
		list->v = mem_realloc(list->v, (list->n + 1) * sizeof(*list->v));
		list->v[list->n++] = (struct port_map){
			.host_ip = text_dup(ctr->ports[i].host_ip[0] ? ctr->ports[i].host_ip : "0.0.0.0"),
			.host_port = ctr->ports[i].host_port,
			.ctr_port = ctr->ports[i].ctr_port,
			.protocol = text_dup(ctr->ports[i].udp ? "udp" : "tcp"),
		};
	}
}

int pod_save(struct pod *pod, struct err *err)
{
	struct port_list *list = &pod->state.ports;

	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].host_ip);
		free(list->v[i].protocol);
	}
	list->n = 0;
	for (struct ctr *ctr = pod->ctrs; ctr; ctr = ctr->next) {
		struct ns_parts parts;

		save_ports(pod, ctr);
		plan_namespaces(&pod->record, &ctr->record, &parts);
		if (!ctr->record.infra && pod->record.infra_id)
			continue;
		text_replace(&pod->state.ip, ctr->ip[0] ? text_dup(ctr->ip) : NULL);
		text_replace(&pod->state.network,
			     text_dup(parts.net.source == NS_NEW
					      ? plan_network(&pod->record, &ctr->record, &pod->facts)
				      : parts.net.source == NS_HOST ? "host"
				      : parts.net.source == NS_PATH ? "ns"
								    : "container"));
	}
	pod->state.stopping = pod->stopping;
	pod->changed = false;
	return record_hold_state(pod->store, &pod->state, &pod->held, err);
}
