/*
 * kube_words: what single values must look like, in the words of Kubernetes' validation
 * (k8s.io/apimachinery/pkg/util/validation). Names go into DNS and into the paths of a node,
 * which is where their grammars come from: RFC 1123. Lesson 21.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "spec/check.h"
#include "spec/kube_fields.h"
#include "spec/signals.h"

#define LOWER	   "abcdefghijklmnopqrstuvwxyz"
#define DIGITS	   "0123456789"
#define UPPER	   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LETTERS	   UPPER LOWER DIGITS
#define LABEL_MAX  63
#define DOMAIN_MAX 253

#define SAY_LABEL                                                                                            \
	"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "    \
	"start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "       \
	"validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
#define SAY_DOMAIN                                                                                           \
	"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "    \
	"and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "         \
	"validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
#define SAY_QUALIFIED                                                                                        \
	"name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with "   \
	"an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "            \
	"validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
#define SAY_VALUE                                                                                            \
	"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and " \
	"must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "   \
	"regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
#define SAY_KEY                                                                                              \
	"a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or " \
	"'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

static const char *text(const json_t *value)
{
	return json_is_string(value) ? json_string_value(value) : "";
}

/* length characters of text: all of them allowed, the first and the last of ends. */
static bool consists(const char *text, size_t length, const char *allowed, const char *ends)
{
	return length && strspn(text, allowed) >= length && strchr(ends, text[0]) &&
	       strchr(ends, text[length - 1]);
}

static const char *label(const char *text)
{
	if (!consists(text, strlen(text), LOWER DIGITS "-", LOWER DIGITS))
		return SAY_LABEL;
	return strlen(text) > LABEL_MAX ? "must be no more than 63 characters" : NULL;
}

bool kube_is_subdomain(const char *text)
{
	for (;;) {
		size_t length = strcspn(text, ".");

		if (!consists(text, length, LOWER DIGITS "-", LOWER DIGITS))
			return false;
		if (!text[length])
			return true;
		text += length + 1;
	}
}

static const char *subdomain(const char *text)
{
	if (strlen(text) > DOMAIN_MAX)
		return "must be no more than 253 characters";
	return kube_is_subdomain(text) ? NULL : SAY_DOMAIN;
}

const char *kube_word_label(const json_t *value)
{
	return label(text(value));
}

const char *kube_word_subdomain(const json_t *value)
{
	return subdomain(text(value));
}

const char *kube_word_qualified(const char *text)
{
	const char *slash = strchr(text, '/'), *name = slash ? slash + 1 : text;
	char *prefix = slash ? strndup(text, (size_t)(slash - text)) : NULL;
	const char *why = NULL;

	if (prefix && !*prefix)
		why = "prefix part must be non-empty";
	else if (prefix && subdomain(prefix))
		why = "prefix part " SAY_DOMAIN;
	else if (!*name)
		why = "name part must be non-empty";
	else if (strlen(name) > LABEL_MAX)
		why = "name part must be no more than 63 characters";
	else if (!consists(name, strlen(name), LETTERS "-_.", LETTERS))
		why = SAY_QUALIFIED;
	free(prefix);
	return why;
}

const char *kube_word_label_value(const char *text)
{
	if (strlen(text) > LABEL_MAX)
		return "must be no more than 63 characters";
	return !*text || consists(text, strlen(text), LETTERS "-_.", LETTERS) ? NULL : SAY_VALUE;
}

const char *kube_word_port_name(const json_t *value)
{
	const char *name = text(value);

	if (strlen(name) > 15)
		return "must be no more than 15 characters";
	if (name[strspn(name, LOWER DIGITS "-")])
		return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
	if (!strpbrk(name, LOWER))
		return "must contain at least one letter (a-z)";
	if (strstr(name, "--"))
		return "must not contain consecutive hyphens";
	if (name[0] == '-' || name[strlen(name) - 1] == '-')
		return "must not begin or end with a hyphen";
	return NULL;
}

const char *kube_word_port(const json_t *value)
{
	json_int_t port = json_integer_value(value);

	if (json_is_string(value))
		return kube_word_port_name(value);
	return port < 1 || port > 65535 ? "must be between 1 and 65535, inclusive" : NULL;
}

/* What execve(2) and a shell can do with it; the first '=' ends a name (see environ(7)). */
const char *kube_word_env(const json_t *value)
{
	for (const char *c = text(value); *c; c++)
		if (*c < ' ' || *c > '~' || *c == '=')
			return "a valid environment variable name must consist only of printable ASCII "
			       "characters other than '='";
	return NULL;
}

const char *kube_word_prefix(const json_t *value)
{
	return kube_word_env(value);
}

const char *kube_word_not_negative(const json_t *value)
{
	return json_integer_value(value) < 0 ? "must be greater than or equal to 0" : NULL;
}

const char *kube_word_positive(const json_t *value)
{
	return json_integer_value(value) < 1 ? "must be greater than or equal to 1" : NULL;
}

const char *kube_word_deadline(const json_t *value)
{
	json_int_t seconds = json_integer_value(value);

	return seconds < 1 || seconds > INT32_MAX ? "must be between 1 and 2147483647, inclusive" : NULL;
}

const char *kube_word_id(const json_t *value)
{
	json_int_t id = json_integer_value(value);

	return id < 0 || id > INT32_MAX ? "must be between 0 and 2147483647, inclusive" : NULL;
}

const char *kube_word_mode(const json_t *value)
{
	json_int_t mode = json_integer_value(value);

	return mode < 0 || mode > 0777 ? "must be a number between 0 and 0777 (octal), both inclusive" : NULL;
}

const char *kube_word_absolute(const json_t *value)
{
	return *text(value) == '/' ? NULL : "must be an absolute path";
}

static bool climbs(const char *path)
{
	for (; *path; path += strcspn(path, "/"), path += *path == '/')
		if (strcspn(path, "/") == 2 && !strncmp(path, "..", 2))
			return true;
	return false;
}

const char *kube_word_below(const json_t *value)
{
	if (*text(value) == '/')
		return "must be a relative path";
	return climbs(text(value)) ? "must not contain '..'" : NULL;
}

/* A file of a projected volume: names that begin with ".." are where its versions are kept. */
const char *kube_word_file(const json_t *value)
{
	const char *why = kube_word_below(value);

	return !why && !strncmp(text(value), "..", 2) ? "must not start with '..'" : why;
}

const char *kube_word_address(const json_t *value)
{
	unsigned char address[16];

	if (inet_pton(AF_INET, text(value), address) == 1 || inet_pton(AF_INET6, text(value), address) == 1)
		return NULL;
	return "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
}

bool kube_is_config_key(const char *text)
{
	return *text && !text[strspn(text, LETTERS "-_.")] && strcmp(text, ".") && strncmp(text, "..", 2) &&
	       strlen(text) <= DOMAIN_MAX;
}

const char *kube_word_key(const json_t *value)
{
	return kube_is_config_key(text(value)) ? NULL : SAY_KEY;
}

const char *kube_word_signal(const json_t *value)
{
	return !strncmp(text(value), "SIG", 3) && signal_parse(text(value), NULL) > 0
		       ? NULL
		       : "must be the name of a signal, such as SIGUSR1";
}
