/*
 * image_name: completes and compares names of images; image_name.h tells the
 * rules and where they come from. No kernel here. Lesson 13.
 */
#include "store/image_name.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

#define NAME_LENGTH_MAX 255
#define TAG_LENGTH_MAX	128

/* A name taken apart. */
struct parts {
	char *registry; /* "docker.io", or NULL when none was typed */
	char *path;	/* "library/web" */
	char *tag;	/* "latest" */
};

static void parts_free(struct parts *parts)
{
	free(parts->registry);
	free(parts->path);
	free(parts->tag);
}

/* Takes a name apart as text; the pieces are not checked yet. */
static struct parts split(const char *typed)
{
	const char *slash = strchr(typed, '/'), *last = strrchr(typed, '/');
	const char *colon = strchr(last ? last : typed, ':');
	size_t end = colon ? (size_t)(colon - typed) : strlen(typed);
	struct parts parts = { .tag = text_dup(colon ? colon + 1 : "latest") };

	if (slash) {
		cleanup_free char *first = text_ndup(typed, (size_t)(slash - typed));

		if (strpbrk(first, ".:") || text_equal(first, "localhost"))
			parts.registry = take_ptr(first);
	}
	if (parts.registry)
		parts.path = text_ndup(slash + 1, end - (size_t)(slash + 1 - typed));
	else
		parts.path = text_ndup(typed, end);
	if (text_equal(parts.registry, "docker.io") && !strchr(parts.path, '/'))
		text_replace(&parts.path, text_format("library/%s", parts.path));
	return parts;
}

/* Lower-case letters and digits, and between them one dot, one or two underscores, or dashes. */
static bool element_valid(const char *element, size_t length)
{
	size_t i = 0;

	while (i < length) {
		size_t start = i;

		while (i < length &&
		       (islower((unsigned char)element[i]) || isdigit((unsigned char)element[i])))
			i++;
		if (i == start)
			return false; /* a separator at the start or after another, or what is neither */
		if (i == length)
			return true;
		if (element[i] == '-')
			i += strspn(element + i, "-");
		else if (element[i] == '_')
			i += element[i + 1] == '_' ? 2 : 1;
		else
			i++;
		if (element[i - 1] != '-' && element[i - 1] != '_' && element[i - 1] != '.')
			return false;
	}
	return false; /* empty, or ends in a separator */
}

static bool path_valid(const char *path)
{
	while (*path) {
		size_t length = strcspn(path, "/");

		if (!element_valid(path, length))
			return false;
		path += length;
		if (*path == '/' && !*++path)
			return false;
	}
	return true;
}

static bool only(const char *text, const char *also)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr(also, *text))
			return false;
	return true;
}

/* A host name or address, and perhaps a port. */
static bool registry_valid(const char *registry)
{
	size_t length = strcspn(registry, ":");
	cleanup_free char *host = text_ndup(registry, length);
	const char *port = registry[length] ? registry + length + 1 : "0";

	return isalnum((unsigned char)*host) && !strstr(host, "..") && only(host, ".-") &&
	       isalnum((unsigned char)host[length - 1]) && *port && !port[strspn(port, "0123456789")];
}

/* What is wrong with the parts, or NULL. */
static const char *parts_wrong(const struct parts *parts)
{
	static const char wrong[] = "invalid reference format";

	if (parts->registry && !registry_valid(parts->registry))
		return wrong;
	for (const char *c = parts->path; *c; c++)
		if (isupper((unsigned char)*c))
			return "invalid reference format: repository name must be lowercase";
	if (!*parts->path || !path_valid(parts->path) || strlen(parts->path) > NAME_LENGTH_MAX)
		return wrong;
	if (!*parts->tag || *parts->tag == '.' || *parts->tag == '-' || strlen(parts->tag) > TAG_LENGTH_MAX ||
	    !only(parts->tag, "_.-"))
		return wrong;
	return NULL;
}

int image_name_complete(const char *typed, char **ret_name, struct err *err)
{
	struct parts parts = split(typed);
	const char *wrong = parts_wrong(&parts);

	if (!wrong)
		*ret_name = text_format("%s/%s:%s", parts.registry ? parts.registry : "localhost", parts.path,
					parts.tag);
	parts_free(&parts);
	return wrong ? err_set(err, 0, "parsing reference \"%s\": %s", typed, wrong) : 0;
}

bool image_name_fits(const char *full, const char *typed)
{
	struct parts have = split(full), want = split(typed);
	cleanup_free char *end = text_format("/%s", want.path);
	bool fits = false;

	if (text_equal(have.tag, want.tag)) {
		if (!want.registry)
			fits = text_equal(have.path, want.path) || text_ends(have.path, end);
		else if (text_equal(want.registry, "docker.io") && text_starts(want.path, "library/"))
			fits = text_equal(have.registry, "localhost") &&
			       text_equal(have.path, want.path + strlen("library/"));
	}
	parts_free(&have);
	parts_free(&want);
	return fits;
}
