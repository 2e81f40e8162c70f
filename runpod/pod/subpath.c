/*
 * subpath: resolved by openat2(2) with RESOLVE_BENEATH in one step and then used by descriptor: a container
 * that puts a link there, or swaps one in while we look, gains nothing (CVE-2021-25741). Lesson 12.
 */
#include "pod/subpath.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "kern/path.h"
#include "spec/expand.h"

int subpath_open(int volume, const char *subpath, struct err *err)
{
	int found = path_open(volume, subpath, PATH_BENEATH, O_PATH, err);
	struct stat stat;

	if (found != -ENOENT)
		return found;
	if (fstat(volume, &stat) < 0)
		return err_set(err, errno, "look at the volume of subPath %s", subpath);
	return path_make(volume, subpath, PATH_BENEATH, S_IFDIR | (stat.st_mode & 0777), err);
}

/* The first $(NAME) in text that env does not have, or has empty; NULL when all are there. The caller owns it. */
static char *missing_name(const char *text, const struct strv *env)
{
	for (const char *at = text; (at = strchr(at, '$')); at++) {
		const char *end = at[1] == '(' ? strchr(at, ')') : NULL;
		cleanup_free char *name = end ? text_ndup(at + 2, (size_t)(end - at - 2)) : NULL;
		const char *value = name ? strv_get(env, name) : NULL;

		if (at[1] == '$')
			at++; /* $$ is one $, and what follows no name */
		else if (name && (!value || !*value))
			return take_ptr(name);
	}
	return NULL;
}

int subpath_expand(const char *subpath, const struct strv *env, char **ret_text, struct err *err)
{
	cleanup_free char *missing = missing_name(subpath, env);

	*ret_text = NULL;
	if (missing)
		return err_set(err, 0, "failed to expand subPathExpr \"%s\": missing value for \"%s\"",
			       subpath, missing);
	*ret_text = expand_text(subpath, env);
	return *ret_text ? 0 : err_set(err, 0, "subPathExpr \"%s\" becomes too long", subpath);
}
