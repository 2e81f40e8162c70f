/*
 * rlimit: reading --ulimit and setting it with prlimit(2); rlimit.h tells the rule.
 */
#include "kern/rlimit.h"

#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "kern/explain.h"

static const struct {
	const char *name;
	int resource;
} names[] = {
	{ "as", RLIMIT_AS },	       { "core", RLIMIT_CORE },		{ "cpu", RLIMIT_CPU },
	{ "data", RLIMIT_DATA },       { "fsize", RLIMIT_FSIZE },	{ "locks", RLIMIT_LOCKS },
	{ "memlock", RLIMIT_MEMLOCK }, { "msgqueue", RLIMIT_MSGQUEUE }, { "nice", RLIMIT_NICE },
	{ "nofile", RLIMIT_NOFILE },   { "nproc", RLIMIT_NPROC },	{ "rss", RLIMIT_RSS },
	{ "rtprio", RLIMIT_RTPRIO },   { "rttime", RLIMIT_RTTIME },	{ "sigpending", RLIMIT_SIGPENDING },
	{ "stack", RLIMIT_STACK },
};

const char *rlimit_name(int resource)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].resource == resource)
			return names[i].name;
	return NULL;
}

/* length characters of text as a limit. */
static int parse_value(const char *text, size_t length, rlim_t *ret_value)
{
	char copy[32];
	uint64_t number;
	int code;

	if (length >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (!strcmp(copy, "-1") || !strcmp(copy, "unlimited")) {
		*ret_value = RLIM_INFINITY;
		return 0;
	}
	code = num_u64(copy, RLIM_INFINITY - 1, &number);
	if (code == 0)
		*ret_value = number;
	return code;
}

int rlimit_parse(const char *text, struct rlimit_setting *ret_setting, struct err *err)
{
	const char *equal = strchr(text, '='), *colon;

	*ret_setting = (struct rlimit_setting){ .resource = -1 };
	if (!strcmp(text, "host"))
		return 0;
	for (size_t i = 0; equal && i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i].name) == (size_t)(equal - text) &&
		    !strncmp(text, names[i].name, (size_t)(equal - text)))
			ret_setting->resource = names[i].resource;
	if (ret_setting->resource < 0) {
		err_set(err, 0, "invalid ulimit \"%s\"", text);
		return err_hint(err, -EINVAL, "as in nofile=1024:2048, or \"host\"");
	}
	colon = strchr(equal, ':');
	if (!colon)
		colon = equal + strlen(equal);
	if (parse_value(equal + 1, (size_t)(colon - equal - 1), &ret_setting->soft) < 0 ||
	    (*colon && parse_value(colon + 1, strlen(colon + 1), &ret_setting->hard) < 0))
		return err_set(err, 0, "invalid ulimit \"%s\": a limit is a number, or -1 for none", text);
	if (!*colon)
		ret_setting->hard = ret_setting->soft;
	if (ret_setting->soft > ret_setting->hard)
		return err_set(
			err, 0,
			"ulimit option \"%s\" requires name=SOFT:HARD, failed to be parsed: ulimit soft "
			"limit must be less than or equal to hard limit: soft: %lld%s, hard: %lld",
			text, (long long)ret_setting->soft,
			ret_setting->soft == RLIM_INFINITY ? " (unlimited)" : "",
			(long long)ret_setting->hard);
	return 0;
}

int rlimit_apply(pid_t pid, const struct rlimit_setting *setting, struct err *err)
{
	struct rlimit new = { .rlim_cur = setting->soft, .rlim_max = setting->hard };
	int code;

	if (setting->resource < 0)
		return 0;
	code = prlimit(pid, (enum __rlimit_resource)setting->resource, &new, NULL) < 0 ? -errno : 0;
	explain_call(code, rlimit_name(setting->resource), -1, "prlimit(%d, %d, %lld:%lld)", (int)pid,
		     setting->resource, (long long)setting->soft, (long long)setting->hard);
	if (code == 0)
		return 0;
	err_set(err, -code, "set ulimit %s", rlimit_name(setting->resource));
	if (code == -EPERM)
		err_hint(err, code,
			 "raising a hard limit needs CAP_SYS_RESOURCE on the host: see ulimit -H -a");
	return code;
}
