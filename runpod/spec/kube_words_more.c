/*
 * kube_words_more: names of capabilities and of sysctls, and texts that end up in a line of
 * something else: of /etc/resolv.conf, of a request over HTTP. A line that could be ended there
 * would let a value say more than its field may. Lessons 18 and 21.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "spec/check.h"
#include "spec/kube_fields.h"

/* capabilities(7), without CAP_. */
static const char capability_names[] =
	" ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE "
	"DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN "
	"MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP "
	"SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO "
	"SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM ";

const char *kube_word_capabilities(const json_t *value)
{
	const char *name = json_string_value(value);
	bool there = false;

	if (name && *name && !strchr(name, ' ')) {
		const char *bare = strncmp(name, "CAP_", 4) ? name : name + 4;
		char *word = text_format(" %s ", bare);

		there = strstr(capability_names, word);
		free(word);
	}
	if (there)
		return NULL;
	return "must be the name of a capability without CAP_, such as NET_ADMIN (capabilities(7))";
}

const char *kube_word_sysctl(const json_t *value)
{
	char *pair = text_format("%s=", json_string_value(value) ? json_string_value(value) : "");
	int code = check_sysctl(pair, NULL);

	free(pair);
	return code ? "forbidden sysctl: only those of a network or IPC namespace: net.*, kernel.msg*, "
		      "kernel.sem, kernel.shm*, fs.mqueue.*"
		    : NULL;
}

/* Whether text has blanks (where they matter) or characters that end a line or drive a terminal. */
static bool has_control(const json_t *value, bool blanks)
{
	for (const char *c = json_is_string(value) ? json_string_value(value) : ""; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f || (blanks && *c == ' '))
			return true;
	return false;
}

const char *kube_word_one_line(const json_t *value)
{
	return has_control(value, false) ? "must not contain control characters" : NULL;
}

const char *kube_word_plain(const json_t *value)
{
	return has_control(value, true) ? "must not contain blanks or control characters" : NULL;
}

const char *kube_word_image(const json_t *value)
{
	return has_control(value, true) ? "must not have leading or trailing whitespace" : NULL;
}

const char *kube_word_header(const json_t *value)
{
	const char *name = json_is_string(value) ? json_string_value(value) : "";

	if (!name[strspn(name, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")])
		return NULL;
	return "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', "
	       "regex "
	       "used for validation is '[-A-Za-z0-9]+')";
}

/* A domain to search in: "." is the root, and one may end with it. */
const char *kube_word_search(const json_t *value)
{
	const char *name = json_is_string(value) ? json_string_value(value) : "";
	size_t length = strlen(name);
	json_t *domain;
	const char *why;

	if (!strcmp(name, "."))
		return NULL;
	domain = json_stringn(name, length && name[length - 1] == '.' ? length - 1 : length);
	why = kube_word_subdomain(domain);
	json_decref(domain);
	return why;
}
