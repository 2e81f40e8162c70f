/*
 * fuzz_num: any text as each kind of number. A number that is accepted stands
 * in its bounds, and written out reads back the same.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/num.h"
#include "spec/limits.h"
#include "spec/signals.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_ndup((const char *)data, size), *again, name[SIGNAL_NAME_SIZE];
	uint64_t plain, copy;
	int64_t number;
	int signal;

	if (!num_u64(text, UINT64_MAX, &plain)) {
		again = text_format("%llu", (unsigned long long)plain);
		if (num_u64(again, UINT64_MAX, &copy) || copy != plain)
			abort();
		free(again);
	}
	if (!num_i64(text, -10, 10, &number) && (number < -10 || number > 10))
		abort();
	if (!num_size(text, &number) && number < 0)
		abort();
	if (!num_duration(text, &number) && number < 0)
		abort();
	if (!limits_parse_cpus(text, &number, NULL) && number && number < 1000)
		abort();
	limits_check_cpuset("cpuset-cpus", text, NULL);
	signal = signal_parse(text, NULL);
	if (signal > 64 || (signal >= 0 && signal_parse(signal_name(signal, name), NULL) != signal))
		abort();
	free(text);
	return 0;
}
