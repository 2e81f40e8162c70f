/*
 * probe_rule: the counting and the calendar of a probe; probe_rule.h tells the
 * rules. Lesson 22.
 */
#include "pod/probe_rule.h"

#define SECOND INT64_C(1000000000)

/* A number of the manifest, or Kubernetes' default where a record has none. */
static int64_t given(int64_t number, int64_t otherwise)
{
	return number > 0 ? number : otherwise;
}

void probe_begin(const struct probe_spec *spec, int64_t began, int64_t now, struct probe_track *track)
{
	int64_t first = began + given(spec->initial_delay, 0) * SECOND;

	*track = (struct probe_track){ .next = first > now ? first : now };
}

bool probe_due(const struct probe_track *track, int64_t now)
{
	return !track->asked && track->next && track->next <= now;
}

void probe_asked(struct probe_track *track, int64_t now)
{
	track->asked = now;
	track->next = 0;
}

void probe_unanswered(const struct probe_spec *spec, struct probe_track *track, int64_t now)
{
	track->next = track->asked + given(spec->period, 10) * SECOND;
	if (track->next < now)
		track->next = now;
	track->asked = 0;
}

enum probe_verdict probe_answered(const struct probe_spec *spec, struct probe_track *track, bool success,
				  int64_t now)
{
	probe_unanswered(spec, track, now);
	track->run = track->run && track->last == success ? track->run + 1 : 1;
	track->last = success;
	if (success)
		return track->run >= given(spec->success, 1) ? PROBE_PASSED : PROBE_OPEN;
	return track->run >= given(spec->failure, 3) ? PROBE_FAILED : PROBE_OPEN;
}

int64_t probe_timeout(const struct probe_spec *spec)
{
	return given(spec->timeout, 1) * SECOND;
}
