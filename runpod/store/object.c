/*
 * object: ConfigMaps and Secrets on disk; object.h tells where and what.
 *
 * Kernel rule: rename(2) puts a new file in place of the old in one step, so readers need no
 * lock; two writers are kept apart by flock(2), because what the second one writes
 * depends on what it found. Lesson 21.
 */
#include "store/object.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "store/lock.h"

#define FILE_MAX (4 << 20) /* base64 of the most that is allowed, and its metadata */
#define SECOND	 INT64_C(1000000000)

void object_free(struct object *object)
{
	for (size_t i = 0; i < object->n; i++) {
		free(object->v[i].key);
		free(object->v[i].bytes);
	}
	free(object->v);
	free(object->name);
	free(object->type);
	strv_free(&object->labels);
	strv_free(&object->annotations);
	*object = (struct object){ 0 };
}

void objects_free(struct objects *objects)
{
	for (size_t i = 0; i < objects->n; i++)
		object_free(&objects->v[i]);
	free(objects->v);
	*objects = (struct objects){ 0 };
}

static int not_found(const char *kind, const char *name, struct err *err)
{
	err_set(err, 0, "%s \"%s\" not found", kind, name);
	return -ENOENT;
}

/* Where it lies; NULL for a name that can be none: what has a slash in it is not looked for. */
static char *path_of(const char *kind, const char *name)
{
	if (!name || !*name || *name == '.' || strchr(name, '/'))
		return NULL;
	return text_format("objects/%s/%s.json", kind, name);
}

static int read_object(const struct store *store, const char *path, struct object *ret_object,
		       struct err *err)
{
	cleanup_fd int fd = openat(store->root_fd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct buf text = { 0 };
	json_t *value;
	int code;

	if (fd < 0)
		return err_set(err, errno, "open %s", path);
	code = io_read_all(fd, FILE_MAX, &text);
	value = code ? NULL : json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
	buf_free(&text);
	if (!value)
		return err_set(err, -code, "%s is damaged", path);
	code = object_from_json(value, ret_object, err);
	json_decref(value);
	return code ? err_context(err, code, "%s is damaged", path) : 0;
}

int object_get(const struct store *store, const char *kind, const char *name, struct object *ret_object,
	       struct err *err)
{
	cleanup_free char *path = path_of(kind, name);
	int code = path ? read_object(store, path, ret_object, err) : -ENOENT;

	if (code)
		*ret_object = (struct object){ 0 };
	return code == -ENOENT || code == -ENAMETOOLONG ? not_found(kind, name, err) : code;
}

static int by_name(const void *left, const void *right)
{
	return strcmp(((const struct object *)left)->name, ((const struct object *)right)->name);
}

/* Adds the object of a file NAME.json; other files (a writer's temporary ones) are passed over. */
static void list_one(const struct store *store, const char *kind, const char *file,
		     struct objects *ret_objects, struct strv *ret_broken)
{
	cleanup_free char *name = text_ends(file, ".json") ? text_ndup(file, strlen(file) - 5) : NULL;
	struct err why = { 0 };
	struct object object;
	int code = name ? object_get(store, kind, name, &object, &why) : -ENOENT;

	if (!code) {
		ret_objects->v = mem_realloc(ret_objects->v, (ret_objects->n + 1) * sizeof(*ret_objects->v));
		ret_objects->v[ret_objects->n++] = object;
	} else if (code != -ENOENT && ret_broken) {
		strv_addf(ret_broken, "%s: %s", name, why.text);
	}
}

int object_list(const struct store *store, const char *kind, struct objects *ret_objects,
		struct strv *ret_broken, struct err *err)
{
	cleanup_free char *path = text_format("objects/%s", kind);
	int fd = openat(store->root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	*ret_objects = (struct objects){ 0 };
	if (!entries)
		return errno == ENOENT ? 0 : err_set(err, errno, "read %s", path);
	while ((entry = readdir(entries)))
		list_one(store, kind, entry->d_name, ret_objects, ret_broken);
	closedir(entries);
	if (ret_objects->n)
		qsort(ret_objects->v, ret_objects->n, sizeof(*ret_objects->v), by_name);
	return 0;
}

/* The next resourceVersion. Under the lock. */
static int next_version(const struct store *store, int64_t *ret_version, struct err *err)
{
	cleanup_free char *text = NULL;
	struct buf last = { 0 };
	int64_t version = 0;

	if (!io_read_file(store->root_fd, "objects/version", 64, &last, NULL))
		num_i64(last.data, 0, INT64_MAX - 1, &version);
	buf_free(&last);
	*ret_version = version + 1;
	text = text_format("%lld", (long long)version + 1);
	return io_replace_file(store->root_fd, "objects/version", text, strlen(text), 0600, err);
}

/* Whether both say the same; only: of their data alone. */
static bool same(const struct object *a, const struct object *b, bool only_data)
{
	struct object plain[2] = { *a, *b };
	json_t *values[2];
	bool equal;

	for (int i = 0; i < 2; i++) {
		plain[i].created = plain[i].version = 0;
		if (only_data)
			plain[i].labels = plain[i].annotations = (struct strv){ 0 };
		values[i] = object_to_json(&plain[i]);
	}
	equal = json_equal(values[0], values[1]);
	json_decref(values[0]);
	json_decref(values[1]);
	return equal;
}

static int refuse_change(const struct object *old, const struct object *object, struct err *err)
{
	const char *kind = text_equal(old->kind, OBJECT_SECRET) ? "Secret" : "ConfigMap";

	if (old->immutable && !same(old, object, true))
		return err_set(
			err, 0,
			"%s \"%s\" is invalid: data: Forbidden: field is immutable when `immutable` is set",
			kind, old->name);
	if (old->type && !text_equal(old->type, object->type))
		return err_set(err, 0,
			       "%s \"%s\" is invalid: type: Invalid value: \"%s\": field is immutable", kind,
			       old->name, object->type ? object->type : "");
	return 0;
}

/* Under the lock: nobody else writes now. */
static int put_locked(const struct store *store, struct object *object, const char *path, bool only_new,
		      const char **ret_done, struct err *err)
{
	struct object old;
	int code = object_get(store, object->kind, object->name, &old, err);
	bool there = !code;

	if (code && code != -ENOENT)
		return code;
	object->created = there ? old.created : clock_wall() / SECOND * SECOND;
	object->version = old.version;
	code = there && only_new ? -EEXIST : there ? refuse_change(&old, object, err) : 0;
	*ret_done = !there ? "created" : same(&old, object, false) ? "unchanged" : "configured";
	object_free(&old);
	if (code == -EEXIST) {
		err_set(err, 0, "%ss \"%s\" already exists", object->kind, object->name);
		return code;
	}
	if (code || !strcmp(*ret_done, "unchanged"))
		return code;
	code = next_version(store, &object->version, err);
	if (!code) {
		json_t *value = object_to_json(object);
		cleanup_free char *text = json_dumps(value, JSON_INDENT(2));

		json_decref(value);
		code = text ? io_replace_file(store->root_fd, path, text, strlen(text), 0600, err)
			    : err_set(err, 0, "write %s: a label or annotation is not UTF-8", path);
	}
	return code;
}

int object_put(const struct store *store, struct object *object, bool only_new, const char **ret_done,
	       struct err *err)
{
	cleanup_free char *directory = text_format("objects/%s", object->kind);
	cleanup_free char *path = path_of(object->kind, object->name);
	cleanup_fd int lock = -1;
	const char *done;
	int code = path ? io_make_dirs(store->root_fd, directory, 0700, err)
			: err_set(err, 0, "%s \"%s\": no name for it", object->kind,
				  object->name ? object->name : "");

	if (code)
		return code;
	lock = lock_named(store, "objects", err);
	if (lock < 0)
		return lock;
	return put_locked(store, object, path, only_new, ret_done ? ret_done : &done, err);
}

int object_remove(const struct store *store, const char *kind, const char *name, struct err *err)
{
	cleanup_free char *path = path_of(kind, name);
	cleanup_fd int lock = path ? lock_named(store, "objects", err) : -1;

	if (!path)
		return not_found(kind, name, err);
	if (lock < 0)
		return lock;
	if (!unlinkat(store->root_fd, path, 0))
		return 0;
	return errno == ENOENT || errno == ENAMETOOLONG ? not_found(kind, name, err)
							: err_set(err, errno, "remove %s", path);
}
