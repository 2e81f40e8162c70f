/*
 * flags_values: from an option's text to a member of the spec; the grammars
 * themselves are in limits, ports, volumes, check and their like.
 *
 * Rule: an option that lists things may be given several times and adds up;
 * one that says how something is replaces what was said before. Lesson 21 does
 * the same from a manifest.
 */
#include "spec/flags_values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "spec/check.h"
#include "spec/fields.h"
#include "spec/json_text.h"
#include "spec/limits.h"
#include "spec/ports.h"
#include "spec/security_opt.h"
#include "spec/volumes.h"

int value_memory(const char *value, void *member, struct err *err)
{
	return limits_parse_size("memory", value, member, err);
}

int value_memory_swap(const char *value, void *member, struct err *err)
{
	return limits_parse_swap(value, member, err);
}

int value_memory_low(const char *value, void *member, struct err *err)
{
	return limits_parse_size("memory-reservation", value, member, err);
}

int value_shm_size(const char *value, void *member, struct err *err)
{
	if (num_size(value, member))
		return err_set(err, 0, "unable to translate --shm-size: invalid size: '%s'", value);
	return 0;
}

int value_cpus(const char *value, void *member, struct err *err)
{
	return limits_parse_cpus(value, member, err);
}

int value_join_cpus(int64_t cpus, struct limits *limits, struct err *err)
{
	if (!cpus)
		return 0;
	if (limits->cpu_period)
		return err_set(err, 0, "--cpu-period and --cpus cannot be set together");
	if (limits->cpu_quota)
		return err_set(err, 0, "--cpu-quota and --cpus cannot be set together");
	limits->cpu_quota = cpus;
	limits->cpu_period = CPU_PERIOD;
	return 0;
}

/* 0 is a score too, and not the same as none: an OOM score is inherited (see proc(5)). */
int value_oom(const char *value, void *member, struct err *err)
{
	struct limits *limits = member;

	if (num_i64(value, INT32_MIN, INT32_MAX, &limits->oom_score_adj))
		return err_set(
			err, 0,
			"invalid argument \"%s\" for \"--oom-score-adj\" flag: strconv.ParseInt: parsing "
			"\"%s\": invalid syntax",
			value, value);
	limits->oom_score_adj_set = true;
	return 0;
}

int value_net(const char *value, void *member, struct err *err)
{
	return ns_parse("net", value, member, err);
}

int value_ipc(const char *value, void *member, struct err *err)
{
	return ns_parse("ipc", value, member, err);
}

int value_pid(const char *value, void *member, struct err *err)
{
	return ns_parse("pid", value, member, err);
}

int value_uts(const char *value, void *member, struct err *err)
{
	return ns_parse("uts", value, member, err);
}

int value_cgroupns(const char *value, void *member, struct err *err)
{
	return ns_parse("cgroup", value, member, err);
}

int value_userns(const char *value, void *member, struct err *err)
{
	return ns_parse("user", value, member, err);
}

int value_publish(const char *value, void *member, struct err *err)
{
	struct strv each = { 0 };
	int code = 0;

	strv_split(&each, value, ',');
	if (!each.n)
		code = ports_parse(value, member, err); /* which says what is missing */
	for (size_t i = 0; !code && i < each.n; i++)
		code = ports_parse(each.v[i], member, err);
	strv_free(&each);
	return code;
}

int value_restart(const char *value, void *member, struct err *err)
{
	return restart_parse(value, member, err);
}

int value_words(const char *value, void *member, struct err *err)
{
	(void)err;
	strv_free(member);
	json_text_words(value, member);
	return 0;
}

int value_entrypoint(const char *value, void *member, struct err *err)
{
	struct ctr_spec *ctr = member;

	ctr->entrypoint_set = true;
	return value_words(value, &ctr->entrypoint, err);
}

int value_label(const char *value, void *member, struct err *err)
{
	char *pair;

	if (!*value || *value == '=')
		return err_set(err, 0, "invalid label: \"%s\"", value);
	pair = text_format("%s%s", value, strchr(value, '=') ? "" : "=");
	strv_set(member, pair);
	free(pair);
	return 0;
}

int value_attach(const char *value, void *member, struct err *err)
{
	struct strv each = { 0 };
	int code = 0;

	strv_split(&each, value, ',');
	for (size_t i = 0; !code && i < each.n; i++) {
		const char *name = each.v[i];

		if (!strcasecmp(name, "stdin") || !strcasecmp(name, "stdout") || !strcasecmp(name, "stderr"))
			strv_addf(member, "std%s",
				  !strcasecmp(name, "stdin")	? "in"
				  : !strcasecmp(name, "stdout") ? "out"
								: "err");
		else
			code = err_set(
				err, 0,
				"invalid stream \"%s\" for --attach - must be one of stdin, stdout, or "
				"stderr: invalid argument",
				name);
	}
	strv_free(&each);
	return code;
}

int value_security(const char *value, void *member, struct err *err)
{
	return security_opt_parse(value, member, err);
}

int value_pod_security(const char *value, void *member, struct err *err)
{
	struct ctr_spec scratch = { 0 };
	int code = security_opt_parse(value, &scratch, err);

	fields_free(&ctr_spec_shape, &scratch);
	if (!code)
		strv_add(member, value); /* each container reads it again when it is made */
	return code;
}

int value_log_opt(const char *value, void *member, struct err *err)
{
	struct log_spec *log = member;

	if (text_starts(value, "path=") && value[5] == '/')
		text_replace(&log->path, text_dup(value + 5));
	else if (!text_starts(value, "max-size=") || num_size_decimal(value + 9, &log->max_size))
		return err_hint(err, err_set(err, 0, "invalid log option \"%s\"", value),
				"path=/ABSOLUTE/FILE and max-size=SIZE are there");
	return 0;
}

int value_volume(const char *value, void *member, struct err *err)
{
	struct run_request *request = member;

	return volumes_parse(value, request->flags.cwd, &request->spec.mounts, err);
}

int value_mount(const char *value, void *member, struct err *err)
{
	struct run_request *request = member;

	return volumes_parse_mount(value, request->flags.cwd, &request->spec.mounts, err);
}

int value_tmpfs(const char *value, void *member, struct err *err)
{
	struct run_request *request = member;

	return volumes_parse_tmpfs(value, &request->spec.mounts, err);
}

int value_pod_volume(const char *value, void *member, struct err *err)
{
	struct pod_request *request = member;

	return volumes_parse(value, request->flags.cwd, &request->spec.mounts, err);
}
