/*
 * check: whole specs; check_words.c has the grammars of single values.
 *
 * The rules here are those of no host: what one option says makes another
 * meaningless. What a host cannot do is found out by doing it. Lesson 16.
 */
#include "spec/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "spec/limits.h"
#include "spec/signals.h"

typedef int check_fn(const char *text, struct err *err);

static int check_all(const struct strv *list, check_fn *check, struct err *err)
{
	int code = 0;

	for (size_t i = 0; !code && i < list->n; i++)
		code = check(list->v[i], err);
	return code;
}

static int check_names(const struct name_service *names, struct err *err)
{
	int code = check_all(&names->hosts, check_add_host, err);

	if (!code)
		code = check_all(&names->servers, check_dns, err);
	if (!code && names->no_hosts && names->hosts.n)
		code = err_set(err, 0, "--no-hosts and --add-host cannot be set together");
	return code;
}

/* A sysctl is written into the container's own namespace; with the host's it would be the host's setting. */
static int check_sysctls(const struct strv *sysctls, const struct ns_choice *net, const struct ns_choice *ipc,
			 struct err *err)
{
	for (size_t i = 0; i < sysctls->n; i++) {
		const char *pair = sysctls->v[i];
		bool of_net = text_starts(pair, "net.");
		int code = check_sysctl(pair, err);

		if (code)
			return code;
		if (text_equal(of_net ? net->mode : ipc->mode, "host"))
			return err_set(
				err, 0,
				"sysctl %s can't be set since %s Namespace set to host: invalid argument",
				pair, of_net ? "Network" : "IPC");
	}
	return 0;
}

/* A hostname belongs to a UTS namespace (see uts_namespaces(7)): it cannot be set for somebody else's. */
static int check_uts(const char *hostname, const struct ns_choice *uts, struct err *err)
{
	static const struct {
		const char *mode, *words;
	} others[] = {
		{ "pod", "joining the pod" },
		{ "host", "running in the host" },
		{ "container", "joining another" },
		{ "ns", "joining another" },
	};

	if (!hostname)
		return 0;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (text_equal(uts->mode, others[i].mode))
			return err_set(err, 0,
				       "invalid config provided: cannot set hostname when %s UTS namespace: "
				       "invalid configuration",
				       others[i].words);
	return check_hostname(hostname, err);
}

static int check_ctr_words(const struct ctr_spec *ctr, struct err *err)
{
	static const char *const pulls[] = { "always", "missing", "never", "newer" };
	bool known = !ctr->pull;

	for (size_t i = 0; ctr->pull && i < sizeof(pulls) / sizeof(*pulls); i++)
		known = known || !strcmp(ctr->pull, pulls[i]);
	if (!known)
		return err_set(err, 0, "unsupported pull policy \"%s\"", ctr->pull);
	if (ctr->init_ctr && strcmp(ctr->init_ctr, "once") && strcmp(ctr->init_ctr, "always"))
		return err_set(err, 0, "init-ctr value must be 'always' or 'once'");
	if (ctr->log.driver && strcmp(ctr->log.driver, "k8s-file") && strcmp(ctr->log.driver, "json-file") &&
	    strcmp(ctr->log.driver, "none"))
		return err_hint(err, err_set(err, 0, "invalid log driver \"%s\"", ctr->log.driver),
				"k8s-file, json-file and none are there");
	if (ctr->stop_timeout < -1)
		return err_set(err, 0, "invalid stop timeout %lld: must not be negative",
			       (long long)ctr->stop_timeout);
	if (ctr->stop_signal && signal_parse(ctr->stop_signal, err) < 0)
		return -EINVAL;
	return ctr->umask ? check_umask(ctr->umask, err) : 0;
}

int check_ctr(const struct ctr_spec *ctr, struct err *err)
{
	int code = check_ctr_words(ctr, err);

	if (!code)
		code = check_uts(ctr->hostname, &ctr->uts, err);
	if (!code)
		code = check_sysctls(&ctr->sysctls, &ctr->net, &ctr->ipc, err);
	if (!code)
		code = check_names(&ctr->names, err);
	if (!code)
		code = check_all(&ctr->devices, check_device, err);
	if (!code)
		code = check_all(&ctr->annotations, check_annotation, err);
	if (!code)
		code = limits_check(&ctr->limits, err);
	if (!code && ctr->auto_remove && ctr->restart.name && *ctr->restart.name &&
	    strcmp(ctr->restart.name, "no"))
		code = err_set(
			err, 0,
			"the --rm option conflicts with --restart, when the restartPolicy is not \"\" and "
			"\"no\"");
	return code;
}

/* Infra is what holds namespaces, ports and names: without it there is nothing to hang them on. */
static int check_no_infra(const struct pod_spec *pod, struct err *err)
{
	if (!pod->no_infra)
		return 0;
	if (pod->names.no_hosts)
		return err_set(err, 0, "cannot specify --no-hosts without an infra container");
	if (pod->infra_name)
		return err_set(err, 0, "cannot set infra-name without an infra container");
	if (pod->share.n) {
		char *share = strv_join(&pod->share, ",");
		int code =
			err_set(err, 0, "cannot set share(%s) namespaces without an infra container", share);

		free(share);
		return code;
	}
	if (pod->ports.n)
		return err_set(err, 0,
			       "you must have an infra container to publish port bindings to the host");
	return 0;
}

int check_pod(const struct pod_spec *pod, struct err *err)
{
	int code = check_no_infra(pod, err);

	if (!code)
		code = check_uts(pod->hostname, &pod->uts, err);
	if (!code)
		code = check_sysctls(&pod->sysctls, &pod->net, &pod->ipc, err);
	if (!code)
		code = check_names(&pod->names, err);
	if (!code)
		code = check_all(&pod->devices, check_device, err);
	if (!code)
		code = limits_check(&pod->limits, err);
	if (!code && pod->exit_policy && strcmp(pod->exit_policy, "continue") &&
	    strcmp(pod->exit_policy, "stop"))
		code = err_set(err, 0, "running pod create option: invalid pod exit policy: \"%s\"",
			       pod->exit_policy);
	return code;
}

/* Whether the container takes its namespace of that kind from the pod. */
static bool joins(const struct pod_spec *pod, const char *kind, const struct ns_choice *choice)
{
	return !pod->no_infra && strv_has(&pod->share, kind) &&
	       (!choice->mode || !strcmp(choice->mode, "pod"));
}

int check_member(const struct ctr_spec *ctr, const struct pod_spec *pod, struct err *err)
{
	if (ctr->ports.n && joins(pod, "net", &ctr->net))
		return err_set(
			err, 0,
			"invalid config provided: published or exposed ports must be defined when the pod "
			"is created: network cannot be configured when it is shared with a pod");
	if (ctr->hostname && joins(pod, "uts", &ctr->uts))
		return err_set(
			err, 0,
			"invalid config provided: cannot set hostname when joining the pod UTS namespace: "
			"invalid configuration");
	return 0;
}
