/*
 * clock: moves the clock of a pod's supervisor that stands still, for tests (pod/testclock.h).
 * Prints how far it went and how long it is until the next deadline ("-": none), in seconds.
 */
#include <stdio.h>

#include "base/num.h"
#include "cli/verbs.h"
#include "pod/actions.h"
#include "store/names.h"

static void print_seconds(int64_t ns, char end)
{
	if (ns < 0)
		printf("-%c", end);
	else
		printf("%lld.%03lld%c", (long long)(ns / 1000000000), (long long)(ns / 1000000 % 1000), end);
}

static int run(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	struct name_ref ref;
	int64_t ns = -1, moved, next;
	int code = cli_store(cli, err);

	(void)flags;
	if (!code && args->n > 1 && !text_equal(args->v[1], "next") && num_duration(args->v[1], &ns))
		return err_set(err, 0, "%s is neither \"next\" nor a length of time", args->v[1]);
	if (!code)
		code = name_find(&cli->store, NAME_POD, args->v[0], &ref, err);
	if (!code)
		code = pod_clock(&cli->store, ref.pod_id, ns, &moved, &next, err);
	if (code)
		return code;
	print_seconds(moved, ' ');
	print_seconds(next, '\n');
	return 0;
}

const struct verb verb_clock = {
	.usage = "POD [DURATION | next]",
	.description = "Moves the clock of a pod's supervisor that was started with RUNPOD_TEST_CLOCK=1.",
	.min_args = 1,
	.max_args = 2,
	.run = run,
};
