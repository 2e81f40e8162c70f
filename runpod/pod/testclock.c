/*
 * testclock: both ends of a clock that tests move; testclock.h says why. The
 * supervisor's own end comes first, then the command's. Lesson 22 uses it.
 */
#include "pod/testclock.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "pod/client.h"
#include "pod/control.h"

static int64_t stands_at; /* where the clock has stopped; 0: it is CLOCK_BOOTTIME */

int64_t supervisor_now(void)
{
	return stands_at ? stands_at : clock_boot();
}

bool testclock_stands(void)
{
	return stands_at != 0;
}

void testclock_begin(struct pod *pod)
{
	const char *wish = getenv("RUNPOD_TEST_CLOCK");

	if (wish && !strcmp(wish, "1"))
		stands_at = pod->state.test_clock ? pod->state.test_clock : clock_boot();
	pod->state.test_clock = stands_at;
}

/* Goes to `to`, and first to each deadline before it: what falls due sees its own time. */
static void advance(struct pod *pod, int64_t to)
{
	pod_tick(pod);
	while (pod->next_at && pod->next_at <= to && pod->next_at > stands_at) {
		stands_at = pod->next_at;
		pod_tick(pod);
	}
	stands_at = to;
	pod_tick(pod);
	pod->state.test_clock = stands_at;
	pod->changed = true;
}

int do_clock(struct session *session, struct ctr *ctr, const json_t *request, struct err *err)
{
	struct pod *pod = session->pod;
	int64_t from = stands_at, to = from + json_integer_value(json_object_get(request, "advance"));

	(void)ctr;
	if (!stands_at)
		return err_hint(err, err_set(err, 0, "the clock of this pod's supervisor is the machine's"),
				"it stands still when RUNPOD_TEST_CLOCK=1 is set for the command that starts "
				"the supervisor");
	if (json_is_true(json_object_get(request, "next")))
		to = pod->next_at > from ? pod->next_at : from;
	advance(pod, to);
	session_reply(session, json_pack("{s:I, s:I}", "moved", (json_int_t)(to - from), "next",
					 (json_int_t)(pod->next_at ? pod->next_at - to : -1)));
	return 1;
}

int pod_clock(const struct store *store, const char *pod_id, int64_t ns, int64_t *ret_moved,
	      int64_t *ret_next, struct err *err)
{
	json_t *request = client_request("clock", NULL), *reply = NULL;
	int code;

	if (ns < 0)
		json_object_set_new(request, "next", json_true());
	else
		json_object_set_new(request, "advance", json_integer(ns));
	code = client_call(store, pod_id, request, NULL, &reply, NULL, err);
	*ret_moved = json_integer_value(json_object_get(reply, "moved"));
	*ret_next = json_integer_value(json_object_get(reply, "next"));
	json_decref(reply);
	return code;
}
