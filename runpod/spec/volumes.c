/*
 * volumes: the three ways to ask for a mount; volumes.h has the forms,
 * mount_options.c the options behind the last colon.
 *
 * Rule: a colon separates the parts, so a path with a colon in it can only be
 * given with --mount. Lesson 12.
 */
#include "spec/volumes.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "spec/fields.h"
#include "spec/mount_options.h"

char *path_clean(const char *path, const char *cwd)
{
	char *whole = *path == '/' ? text_dup(path) : text_format("%s/%s", cwd, path);
	struct strv parts = { 0 };
	struct buf clean = { 0 };

	strv_split(&parts, whole, '/');
	for (size_t i = 0; i < parts.n; i++) {
		if (!*parts.v[i] || !strcmp(parts.v[i], "."))
			continue;
		if (strcmp(parts.v[i], "..")) {
			buf_format(&clean, "/%s", parts.v[i]);
			continue;
		}
		while (clean.len && clean.data[--clean.len] != '/') /* back to before the last part */
			;
		if (clean.data)
			clean.data[clean.len] = '\0';
	}
	if (!clean.len)
		buf_text(&clean, "/");
	strv_free(&parts);
	free(whole);
	return clean.data;
}

static int set_target(struct mount_spec *mount, const char *text, struct err *err)
{
	if (!*text)
		return err_set(err, 0, "container directory cannot be empty");
	if (*text != '/')
		return err_set(err, 0, "invalid container path \"%s\", must be an absolute path", text);
	text_replace(&mount->target, path_clean(text, "/"));
	if (!strcmp(mount->target, "/"))
		return err_set(err, 0, "invalid container path \"%s\": the root itself cannot be mounted on",
			       text);
	return 0;
}

/* Moves the mount into the list, unless it is there. */
static int add(struct mount_spec *mount, struct mount_list *list, struct err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!text_equal(list->v[i].target, mount->target))
			continue;
		if (!fields_equal(&mount_spec_shape, &list->v[i], mount))
			return err_set(err, 0, "%s: duplicate mount destination", mount->target);
		fields_free(&mount_spec_shape, mount);
		return 0;
	}
	*(struct mount_spec *)fields_append(&mount_spec_shape, list) = *mount;
	*mount = (struct mount_spec){ 0 };
	return 0;
}

/* Ends what all three begin: adds the mount, or frees it. */
static int finish(int code, struct mount_spec *mount, struct mount_list *list, struct err *err)
{
	if (!code)
		code = add(mount, list, err);
	fields_free(&mount_spec_shape, mount);
	return code;
}

static void set_source(struct mount_spec *mount, const char *text, const char *cwd)
{
	bool bind = text && (*text == '/' || *text == '.');

	mount->type = text_dup(bind ? "bind" : "volume");
	mount->source = bind ? path_clean(text, cwd) : text_dup(text);
	mount->recursive = bind;
}

int volumes_parse(const char *text, const char *cwd, struct mount_list *list, struct err *err)
{
	struct mount_spec mount = { 0 };
	struct strv parts = { 0 };
	int code;

	strv_split(&parts, text, ':');
	if (parts.n == 1 && !strchr(text, ':')) {
		set_source(&mount, NULL, cwd);
		code = set_target(&mount, parts.v[0], err);
	} else if (!parts.n || parts.n > 3 || (parts.n == 3 && text_ends(text, ":"))) {
		code = err_set(err, 0, "%s: incorrect volume format, should be [host-dir:]ctr-dir[:option]",
			       text);
	} else if (!*parts.v[0]) {
		code = err_set(err, 0, "host directory cannot be empty");
	} else {
		set_source(&mount, parts.v[0], cwd);
		code = set_target(&mount, parts.n > 1 ? parts.v[1] : "", err);
	}
	if (!code && parts.n > 2)
		code = mount_options_parse(&mount, parts.v[2], err);
	strv_free(&parts);
	return finish(code, &mount, list, err);
}

int volumes_parse_tmpfs(const char *text, struct mount_list *list, struct err *err)
{
	struct mount_spec mount = { .type = text_dup("tmpfs"), .nosuid = true, .nodev = true };
	const char *colon = strchr(text, ':');
	char *target = colon ? text_ndup(text, (size_t)(colon - text)) : text_dup(text);
	int code = set_target(&mount, target, err);

	free(target);
	if (!code && colon)
		code = mount_options_parse(&mount, colon + 1, err);
	return finish(code, &mount, list, err);
}

static int need_value(const char *key, const char *value, struct err *err)
{
	return value && *value ? 0 : err_set(err, 0, "%s: must provide an argument for option", key);
}

static int set_mount_source(struct mount_spec *mount, const char *key, const char *value, const char *cwd,
			    struct err *err)
{
	bool bind = !strcmp(mount->type, "bind");

	if (!strcmp(mount->type, "tmpfs"))
		return err_set(err, 0, "\"%s\" option not supported for \"tmpfs\" mount types", key);
	if (mount->source)
		return err_set(err, 0, "cannot pass \"%s\" option more than once", key);
	mount->source = bind ? path_clean(value, cwd) : text_dup(value);
	return 0;
}

static int set_subpath(struct mount_spec *mount, const char *key, const char *value, struct err *err)
{
	if (strcmp(mount->type, "volume"))
		return err_set(err, 0, "cannot set option \"%s\" on non-volume mounts", key);
	text_replace(&mount->subpath, text_dup(value + strspn(value, "/")));
	return 0;
}

/* One key[=value] of --mount. What is no place is an option, in the words of -v. */
static int mount_key(struct mount_spec *mount, const char *key, const char *value, const char *cwd,
		     struct err *err)
{
	bool source = !strcmp(key, "src") || !strcmp(key, "source");
	bool target = !strcmp(key, "dst") || !strcmp(key, "target") || !strcmp(key, "destination");
	bool subpath = !strcmp(key, "subpath") || !strcmp(key, "volume-subpath");
	int code = source || target || subpath ? need_value(key, value, err) : 0;

	if (code)
		return code;
	if (source)
		return set_mount_source(mount, key, value, cwd, err);
	if (target && mount->target)
		return err_set(err, 0, "cannot pass \"%s\" option more than once", key);
	if (target)
		return set_target(mount, value, err);
	if (subpath)
		return set_subpath(mount, key, value, err);
	if (!strcmp(key, "type") || !strcmp(key, "consistency")) /* read before; a word of Docker for Mac */
		return 0;
	return mount_option_set(mount, key, value, err);
}

/* The type decides how the other keys are read, so it is looked for first; volume where none is given, as docker. */
static int mount_type(const struct strv *pairs, struct mount_spec *mount, struct err *err)
{
	const char *type = strv_get(pairs, "type");

	if (!type)
		type = "volume";
	if (strcmp(type, "bind") && strcmp(type, "volume") && strcmp(type, "tmpfs"))
		return err_hint(err, err_set(err, 0, "invalid filesystem type \"%s\"", type),
				"bind, volume and tmpfs are there");
	mount->type = text_dup(type);
	mount->recursive = !strcmp(type, "bind");
	mount->nosuid = mount->nodev = !strcmp(type, "tmpfs");
	return 0;
}

int volumes_parse_mount(const char *text, const char *cwd, struct mount_list *list, struct err *err)
{
	struct mount_spec mount = { 0 };
	struct strv pairs = { 0 };
	int code;

	strv_split(&pairs, text, ',');
	code = mount_type(&pairs, &mount, err);
	for (size_t i = 0; !code && i < pairs.n; i++) {
		char *equals = strchr(pairs.v[i], '=');

		if (equals)
			*equals++ = '\0';
		code = mount_key(&mount, pairs.v[i], equals, cwd, err);
	}
	strv_free(&pairs);
	if (!code && !mount.target)
		code = err_set(err, 0, "must set volume destination");
	if (!code && !strcmp(mount.type, "bind") && !mount.source)
		mount.source = text_dup(mount.target);
	return finish(code, &mount, list, err);
}
