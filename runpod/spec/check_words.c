/*
 * check_words: the small grammars of check.h, one value each.
 *
 * Rule: a sysctl is either the host's or belongs to a namespace; only the
 * latter may be set for a container (net.* in network_namespaces(7); System V
 * IPC and POSIX queues in ipc_namespaces(7)). Lessons 03 and 07.
 */
#include "spec/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

#define HOSTNAME_MAX 64 /* see sethostname(2) */

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"

static bool in_list(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (!strcmp(*words, word))
			return true;
	return false;
}

static bool ns_word_fits(const char *kind, const char *word)
{
	static const char *const all[] = { "private", "host", "pod", NULL };
	static const char *const net[] = { "none", "bridge", "pasta", NULL };
	static const char *const ipc[] = { "none", "shareable", NULL };

	if (!strcmp(kind, "user"))
		return !strcmp(word, "host");
	return in_list(all, word) || (!strcmp(kind, "net") && in_list(net, word)) ||
	       (!strcmp(kind, "ipc") && in_list(ipc, word));
}

static int ns_refuse(const char *kind, const char *text, struct err *err)
{
	if (!strcmp(kind, "net"))
		return err_hint(
			err,
			err_set(err, 0, "unable to find network with name or ID %s: network not found", text),
			"bridge, pasta, host, none, private, container:NAME and ns:PATH are there");
	if (!strcmp(kind, "user"))
		return err_hint(err, err_set(err, 0, "unrecognized namespace mode %s passed", text),
				"containers have the user namespace that runpod itself runs in");
	return err_set(err, 0, "unrecognized %snamespace mode %s passed",
		       !strcmp(kind, "cgroup") ? "cgroup " : "", text);
}

int ns_parse(const char *kind, const char *text, struct ns_choice *choice, struct err *err)
{
	bool container = text_starts(text, "container:"), path = text_starts(text, "ns:");
	const char *arg = container || path ? strchr(text, ':') + 1 : NULL;
	char *mode = NULL;

	if (arg && strcmp(kind, "user")) {
		if (!*arg)
			return err_set(err, 0, "namespace mode %s requires a value",
				       container ? "container" : "path");
		mode = text_dup(container ? "container" : "ns");
	} else if (ns_word_fits(kind, text)) {
		mode = text_dup(text);
	} else if (*text && strcmp(text, "default")) {
		return ns_refuse(kind, text, err);
	}
	text_replace(&choice->mode, mode);
	text_replace(&choice->arg, text_dup(arg));
	return 0;
}

int restart_parse(const char *text, struct restart_policy *policy, struct err *err)
{
	static const char *const names[] = { "no", "always", "unless-stopped", "on-failure", NULL };
	const char *colon = strchr(text, ':');
	char *name = colon ? text_ndup(text, (size_t)(colon - text)) : text_dup(text);
	uint64_t tries = 0;
	int code = 0;

	if (colon && strchr(colon + 1, ':'))
		code = err_set(err, 0, "invalid restart policy: may specify retries at most once");
	else if (colon && strcmp(name, "on-failure"))
		code = err_set(err, 0,
			       "restart policy retries can only be specified with on-failure restart policy");
	else if (colon && num_u64(colon + 1, INT32_MAX, &tries))
		code = err_set(
			err, 0,
			"parsing restart policy retry count: strconv.Atoi: parsing \"%s\": invalid syntax",
			colon + 1);
	else if (*name && !in_list(names, name))
		code = err_set(err, 0, "\"%s\" is not a valid restart policy: invalid argument", name);
	if (code) {
		free(name);
		return code;
	}
	if (!*name) /* "" asks for nothing, like no option at all */
		text_replace(&name, NULL);
	text_replace(&policy->name, name);
	policy->tries = (int64_t)tries;
	return 0;
}

int share_parse(const char *text, struct strv *share, struct err *err)
{
	static const char *const kinds[] = { "cgroup", "ipc", "net", "pid", "uts", NULL };
	struct strv asked = { 0 };
	int code = 0;

	if (!text || *text == '+')
		strv_split(&asked, "ipc,net,uts", ',');
	if (text)
		strv_split(&asked, text + (*text == '+'), ',');
	for (size_t i = 0; i < asked.n; i++) {
		const char *kind = asked.v[i];

		if (!strcmp(kind, "none")) {
			strv_free(share);
			break;
		}
		if (*kind && !in_list(kinds, kind)) {
			code = err_set(
				err, 0,
				"invalid kernel namespace to share: %s. Options are: cgroup, ipc, net, "
				"pid, uts or none",
				kind);
			break;
		}
		if (*kind && !strv_has(share, kind))
			strv_add(share, kind);
	}
	strv_free(&asked);
	return code;
}

int check_hostname(const char *text, struct err *err)
{
	size_t length = strlen(text);

	if (!length || length > HOSTNAME_MAX)
		return err_set(err, 0, "invalid hostname \"%s\": must have 1 to %d characters", text,
			       HOSTNAME_MAX);
	if (text[strspn(text, LETTERS DIGITS ".-_")])
		return err_set(err, 0, "invalid hostname \"%s\": only letters, digits, '.', '-' and '_'",
			       text);
	return 0;
}

/* DOC: namespaced-sysctls */
int check_sysctl(const char *text, struct err *err)
{
	static const char *const ipc[] = { "kernel.msgmax", "kernel.msgmnb",	      "kernel.msgmni",
					   "kernel.sem",    "kernel.shmall",	      "kernel.shmmax",
					   "kernel.shmmni", "kernel.shm_rmid_forced", NULL };
	const char *equals = strchr(text, '=');
	char *name;
	bool fits;

	if (!equals)
		return err_set(err, 0, "%s is invalid, sysctl values must be in the form of KEY=VALUE", text);
	name = text_ndup(text, (size_t)(equals - text));
	fits = in_list(ipc, name) || text_starts(name, "net.") || text_starts(name, "fs.mqueue.");
	/* dots are the path's slashes: an empty part would climb or stand still */
	if (strstr(name, "..") || strchr(name, '/') == name || strstr(name, "//") || text_ends(name, ".") ||
	    name[strspn(name, LETTERS DIGITS ".-_/@:")])
		fits = false;
	free(name);
	if (fits)
		return 0;
	return err_hint(err, err_set(err, 0, "sysctl \"%.*s\" is not allowed", (int)(equals - text), text),
			"only those of a network or IPC namespace: net.*, kernel.msg*, kernel.sem, "
			"kernel.shm*, fs.mqueue.*");
}

static bool is_address(const char *text)
{
	unsigned char address[16];

	return inet_pton(strchr(text, ':') ? AF_INET6 : AF_INET, text, address) == 1;
}

int check_add_host(const char *text, struct err *err)
{
	const char *colon = strchr(text, ':');

	if (!colon || colon == text)
		return err_set(err, 0, "bad format for add-host: \"%s\"", text);
	if (text[strspn(text, LETTERS DIGITS ".-_;")] != ':')
		return err_set(err, 0, "bad format for add-host: \"%s\"", text);
	if (strcmp(colon + 1, "host-gateway") && !is_address(colon + 1))
		return err_set(err, 0, "invalid IP address in add-host: \"%s\"", colon + 1);
	return 0;
}

int check_dns(const char *text, struct err *err)
{
	return is_address(text) ? 0 : err_set(err, 0, "%s is not an ip address", text);
}

int check_device(const char *text, struct err *err)
{
	struct strv parts = { 0 };
	const char *inside, *access = "rwm";
	int code = 0;

	strv_split(&parts, text, ':');
	inside = parts.n > 1 && parts.v[1][0] == '/' ? parts.v[1] : parts.n ? parts.v[0] : "";
	if (parts.n > 1 && (parts.n > 2 || parts.v[1][0] != '/'))
		access = parts.v[parts.n - 1];
	if (!parts.n || parts.n > 3 || parts.v[0][0] != '/' || (parts.n == 3 && parts.v[1][0] != '/'))
		code = err_set(err, 0, "invalid device specification: %s", text);
	else if (!*access || access[strspn(access, "rwm")])
		code = err_set(err, 0, "invalid device mode: %s", access);
	else if (!strchr(access, 'r') || !strchr(access, 'w'))
		code = err_hint(
			err,
			err_set(err, 0, "device %s: access cannot be limited to \"%s\"", parts.v[0], access),
			"a device is given whole, rwm, or not at all");
	else if (!text_starts(inside, "/dev/") || strstr(inside, "..") || text_ends(inside, "/"))
		code = err_set(err, 0, "invalid device specification: %s: devices are put below /dev", text);
	strv_free(&parts);
	return code;
}

int check_umask(const char *text, struct err *err)
{
	size_t length = strlen(text);

	if (!length || length > 4 || text[strspn(text, "01234567")])
		return err_set(err, 0, "invalid umask \"%s\": expected an octal number like 0022", text);
	return 0;
}

int check_annotation(const char *text, struct err *err)
{
	if (!strchr(text, '=') || *text == '=')
		return err_set(err, 0, "annotation \"%s\" must include an '=' sign", text);
	return 0;
}
