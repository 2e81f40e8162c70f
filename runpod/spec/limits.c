/*
 * limits: reading and converting them; limits.h has the units.
 *
 * Rule: cgroup v2 spreads CPU time by weights around 100, version 1 did by
 * shares around 1024. The kubelet and runc first mapped them on a straight
 * line, which gave a container of one CPU the weight 39, less than a process
 * that asked for nothing (100). The curve here, theirs since, goes through
 * (2, 1), (1024, 100) and (262144, 10000).
 */
#include "spec/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

#define MIN_QUOTA  1000	  /* microseconds; see cpu.max in the kernel's cgroup-v2 document */
#define MIN_SHARES 2	  /* cgroup v1 took none below */
#define MAX_SHARES 262144 /* nor above */
#define LOG2_OF_10 3.321928094887362
#define LOG_OF_2   0.6931471805599453

int limits_parse_size(const char *option, const char *text, int64_t *ret_bytes, struct err *err)
{
	if (num_size(text, ret_bytes))
		return err_set(err, 0, "invalid value for %s: invalid size: '%s'", option, text);
	return 0;
}

int limits_parse_swap(const char *text, int64_t *ret_bytes, struct err *err)
{
	if (strcmp(text, "-1"))
		return limits_parse_size("memory-swap", text, ret_bytes, err);
	*ret_bytes = -1;
	return 0;
}

int limits_parse_cpus(const char *text, int64_t *ret_quota, struct err *err)
{
	size_t digits = strspn(text, "0123456789"), length = strlen(text);
	double cpus;

	if (text[digits] == '.')
		digits += 1 + strspn(text + digits + 1, "0123456789");
	if (digits != length || !strpbrk(text, "0123456789"))
		return err_set(
			err, 0,
			"invalid argument \"%s\" for \"--cpus\" flag: strconv.ParseFloat: parsing \"%s\": "
			"invalid syntax",
			text, text);
	cpus = strtod(text, NULL);
	if (cpus > 1e6)
		return err_set(err, 0, "invalid argument \"%s\" for \"--cpus\" flag: value out of range",
			       text);
	*ret_quota = (int64_t)(cpus * CPU_PERIOD + 0.5);
	if (cpus > 0 && *ret_quota < MIN_QUOTA)
		return err_set(err, 0, "invalid argument \"%s\" for \"--cpus\" flag: at least 0.01", text);
	return 0;
}

int limits_check_cpuset(const char *option, const char *text, struct err *err)
{
	struct strv ranges = { 0 };
	int code = 0;

	strv_split(&ranges, text, ',');
	for (size_t i = 0; i < ranges.n && !code; i++) {
		char *dash = strchr(ranges.v[i], '-');
		uint64_t first, last;

		if (dash)
			*dash++ = '\0';
		code = num_u64(ranges.v[i], INT32_MAX, &first);
		last = first;
		if (!code && dash)
			code = num_u64(dash, INT32_MAX, &last);
		if (!code && last < first)
			code = -EINVAL;
	}
	if (!ranges.n || text[strlen(text) - 1] == ',')
		code = -EINVAL;
	strv_free(&ranges);
	return code ? err_set(err, 0, "invalid value \"%s\" for --%s: expected a list like 0-2,4", text,
			      option)
		    : 0;
}

int limits_check(const struct limits *limits, struct err *err)
{
	if (limits->memory_swap && !limits->memory)
		return err_set(err, 0, "you should always set a memory limit when using a memory swap limit");
	if (limits->memory_swap > 0 && limits->memory_swap < limits->memory)
		return err_set(err, 0, "minimum memory swap limit should be larger than memory limit");
	if (limits->memory && limits->memory_low > limits->memory)
		return err_set(err, 0, "minimum memory limit cannot be less than memory reservation limit");
	if (limits->cpu_quota > 0 && limits->cpu_quota < MIN_QUOTA)
		return err_set(err, 0, "CPU cfs quota cannot be less than 1ms (i.e. %d)", MIN_QUOTA);
	if (limits->cpu_period && (limits->cpu_period < 1000 || limits->cpu_period > 1000000))
		return err_set(err, 0,
			       "CPU cfs period cannot be less than 1ms (i.e. 1000) or larger than 1s "
			       "(i.e. 1000000)");
	if (limits->pids < -1)
		return err_set(err, 0, "invalid value %lld for --pids-limit: -1 is unlimited",
			       (long long)limits->pids);
	if (limits->oom_score_adj < -1000 || limits->oom_score_adj > 1000)
		return err_set(err, 0,
			       "invalid value %lld for --oom-score-adj: must be between -1000 and 1000",
			       (long long)limits->oom_score_adj);
	if (limits->cpuset_cpus && limits_check_cpuset("cpuset-cpus", limits->cpuset_cpus, err))
		return -EINVAL;
	if (limits->cpuset_mems && limits_check_cpuset("cpuset-mems", limits->cpuset_mems, err))
		return -EINVAL;
	return 0;
}

char *limits_cpu_max(int64_t quota, int64_t period)
{
	long long length = period > 0 ? period : CPU_PERIOD;

	if (quota <= 0)
		return text_format("max %lld", length);
	return text_format("%lld %lld", (long long)quota, length);
}

/* Both by hand, to the last digits of a double, so that nothing but libc is linked for one formula. */
static double binary_log(double x)
{
	double result = 0, bit = 1;

	for (; x >= 2; x /= 2)
		result++;
	while (bit > 1e-15) { /* squaring doubles the logarithm: its next binary digit comes forth */
		x *= x;
		bit /= 2;
		if (x >= 2) {
			x /= 2;
			result += bit;
		}
	}
	return result;
}

static double power_of_2(double exponent)
{
	double whole = 1, sum = 1, term = 1, x;

	for (; exponent >= 1; exponent--)
		whole *= 2;
	x = exponent * LOG_OF_2; /* below 1, so that twenty terms of the series of e^x are enough */
	for (int n = 1; n <= 20; n++) {
		term *= x / n;
		sum += term;
	}
	return whole * sum;
}

/* DOC: shares-to-weight */
int64_t limits_cpu_weight(int64_t shares)
{
	double l, weight;

	if (shares <= MIN_SHARES)
		return 1;
	if (shares >= MAX_SHARES)
		return 10000;
	l = binary_log((double)shares);
	weight = power_of_2(LOG2_OF_10 * ((l * l + 125 * l) / 612 - 7.0 / 34));
	/* rounded up, but not for the dust behind the comma: 1024 shares are exactly 100 */
	return (int64_t)(weight - 1e-9) + 1;
}

int64_t limits_milli_quota(int64_t millicores)
{
	int64_t quota = millicores * (CPU_PERIOD / 1000);

	return quota > MIN_QUOTA ? quota : MIN_QUOTA;
}

int64_t limits_milli_shares(int64_t millicores)
{
	int64_t shares = millicores * 1024 / 1000;

	return shares > MIN_SHARES ? shares : MIN_SHARES;
}
