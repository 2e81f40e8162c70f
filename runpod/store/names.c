/*
 * names: symbolic links as a register of names; names.h tells the idea.
 *
 * Kernel rule: symlink(2) makes name and content in one step and fails with
 * EEXIST when the name is there. Whoever takes a name has made the directory of
 * its record before; so a link to a directory that is not there was left by a
 * command that died, and may be taken over. Lesson 16.
 */
#include "store/names.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "store/lock.h"

#define ID_BYTES	32
#define ID_TEXT		64
#define NAME_MAX_LENGTH 200 /* leaves room for suffixes within the 255 of a file name */

void id_random(char *id)
{
	unsigned char bytes[ID_BYTES];

	/* up to 256 bytes never come short once the pool is seeded; see getrandom(2) */
	while (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(id + 2 * i, 3, "%02x", bytes[i]);
}

int name_check(const char *name, struct err *err)
{
	static const char also[] = "_.-";
	size_t length = strlen(name);
	bool good = length && length <= NAME_MAX_LENGTH && isalnum((unsigned char)name[0]);

	for (size_t i = 0; good && i < length; i++)
		good = isalnum((unsigned char)name[i]) || strchr(also, name[i]);
	if (good)
		return 0;
	return err_set(err, 0, "\"%s\": names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument", name);
}

/* Copies the id between *text and the end character (or the end) into id; moves *text behind it. */
static bool take_id(const char **text, char end, char *id)
{
	size_t length = strcspn(*text, "/");

	if (length != ID_TEXT || (*text)[length] != end)
		return false;
	memcpy(id, *text, length);
	id[length] = '\0';
	*text += length + (end != '\0');
	return true;
}

/* Reads the link names/NAME. Returns 0, -ENOENT, or -EINVAL for one that we did not write. */
static int read_ref(const struct store *store, const char *name, struct name_ref *ret_ref)
{
	cleanup_free char *path = text_format("names/%s", name);
	char target[160];
	const char *rest = target + 4;
	ssize_t length = readlinkat(store->root_fd, path, target, sizeof(target) - 1);

	if (length < 0)
		return -errno;
	target[length] = '\0';
	*ret_ref = (struct name_ref){ 0 };
	if (text_starts(target, "pod:") && take_id(&rest, '\0', ret_ref->pod_id)) {
		ret_ref->kind = NAME_POD;
		return 0;
	}
	ret_ref->kind = NAME_CTR;
	if (text_starts(target, "ctr:") && take_id(&rest, '/', ret_ref->pod_id) &&
	    take_id(&rest, '\0', ret_ref->ctr_id))
		return 0;
	return -EINVAL;
}

/* Whether the directory that the name stands for is there. */
static bool ref_alive(const struct store *store, const struct name_ref *ref)
{
	cleanup_free char *path = ref->kind == NAME_POD
					  ? text_format("pods/%s", ref->pod_id)
					  : text_format("pods/%s/ctr/%s", ref->pod_id, ref->ctr_id);

	return !faccessat(store->root_fd, path, F_OK, 0);
}

static int link_name(const struct store *store, const char *name, const struct name_ref *ref)
{
	cleanup_free char *path = text_format("names/%s", name);
	cleanup_free char *target = ref->kind == NAME_POD
					    ? text_format("pod:%s", ref->pod_id)
					    : text_format("ctr:%s/%s", ref->pod_id, ref->ctr_id);

	return symlinkat(target, store->root_fd, path) < 0 ? -errno : 0;
}

static int name_taken(const char *name, const struct name_ref *by, struct err *err)
{
	if (by->kind == NAME_POD)
		err_set(err, 0, "the pod name \"%s\" is in use by %s: pod already exists", name, by->pod_id);
	else
		err_set(err, 0,
			"creating container storage: the container name \"%s\" is already in use by %s. "
			"You have to remove that container to be able to reuse that name: that name is "
			"already in use, or use --replace to instruct %s to do so",
			name, by->ctr_id, program_invocation_short_name);
	return -EEXIST;
}

/* Puts ref in the place of a link that leads nowhere. Under the lock, so that of two takers the
 * second sees what the first has made. */
static int replace_stale(const struct store *store, const char *name, const struct name_ref *ref,
			 struct err *err)
{
	cleanup_fd int lock = lock_named(store, "names", err);
	cleanup_free char *path = text_format("names/%s", name);
	struct name_ref holder;
	int code;

	if (lock < 0)
		return lock;
	code = read_ref(store, name, &holder);
	if (!code && ref_alive(store, &holder))
		return name_taken(name, &holder, err);
	if (!code || code == -EINVAL)
		unlinkat(store->root_fd, path, 0);
	code = link_name(store, name, ref);
	if (code == -EEXIST && !read_ref(store, name, &holder))
		return name_taken(name, &holder, err); /* by one who came between, without the lock */
	return code ? err_set(err, -code, "take the name %s", name) : 0;
}

/* DOC: name-take */
int name_take(const struct store *store, const char *name, const struct name_ref *ref, struct err *err)
{
	struct name_ref holder;
	int code = link_name(store, name, ref);

	if (!code)
		return 0;
	if (code != -EEXIST)
		return err_set(err, -code, "take the name %s", name);
	if (!read_ref(store, name, &holder) && ref_alive(store, &holder))
		return name_taken(name, &holder, err);
	return replace_stale(store, name, ref, err);
}

void name_release(const struct store *store, const char *name)
{
	cleanup_free char *path = text_format("names/%s", name);

	unlinkat(store->root_fd, path, 0);
}

void name_release_stale(const struct store *store, const char *name)
{
	cleanup_fd int lock = lock_named(store, "names", NULL);
	struct name_ref holder;

	if (lock < 0 || (!read_ref(store, name, &holder) && ref_alive(store, &holder)))
		return;
	name_release(store, name);
}

void name_release_all(const struct store *store, const struct name_ref *ref)
{
	int fd = openat(store->root_fd, "names", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (entries && (entry = readdir(entries))) {
		struct name_ref found;

		if (read_ref(store, entry->d_name, &found) || ref_alive(store, &found))
			continue;
		if (!ref || (found.kind == ref->kind && !strcmp(found.pod_id, ref->pod_id) &&
			     !strcmp(found.ctr_id, ref->ctr_id)))
			name_release_stale(store, entry->d_name);
	}
	if (entries)
		closedir(entries);
}

/* Whether text can be the beginning of an id: hex digits, fewer than a whole id has. */
static bool is_prefix(const char *text)
{
	size_t length = strspn(text, "0123456789abcdef");

	return length && !text[length] && length < ID_TEXT;
}

/* Finds the one id of that kind that begins with prefix. -ENOENT; -EEXIST for more than one. */
static int find_prefix(const struct store *store, enum name_kind kind, const char *prefix,
		       struct name_ref *ret_ref)
{
	int fd = openat(store->root_fd, "names", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int found = 0;

	if (!entries) {
		cleanup_fd_func(&fd);
		return -ENOENT;
	}
	while ((entry = readdir(entries))) {
		struct name_ref ref;

		if (strlen(entry->d_name) != ID_TEXT || !text_starts(entry->d_name, prefix))
			continue;
		if (read_ref(store, entry->d_name, &ref) || ref.kind != kind || !ref_alive(store, &ref))
			continue;
		*ret_ref = ref;
		found++;
	}
	closedir(entries);
	if (found > 1)
		return -EEXIST;
	return found ? 0 : -ENOENT;
}

int name_find(const struct store *store, enum name_kind kind, const char *typed, struct name_ref *ret_ref,
	      struct err *err)
{
	struct name_ref ref;
	int code = -ENOENT;

	typed += *typed == '/'; /* docker's way to write a name */
	if (!name_check(typed, NULL)) {
		code = read_ref(store, typed, &ref);
		if (!code && (ref.kind != kind || !ref_alive(store, &ref)))
			code = -ENOENT;
	}
	if (code && is_prefix(typed))
		code = find_prefix(store, kind, typed, &ref);
	if (!code) {
		*ret_ref = ref;
		return 0;
	}
	if (code == -EEXIST)
		err_set(err, 0, "more than one result for %s name or ID %s: %s already exists",
			kind == NAME_POD ? "pod" : "container", typed,
			kind == NAME_POD ? "pod" : "container");
	else if (kind == NAME_POD)
		err_set(err, 0, "no pod with name or ID %s found: no such pod", typed);
	else
		err_set(err, 0, "no container with name or ID \"%s\" found: no such container", typed);
	return code == -EEXIST ? -EEXIST : -ENOENT;
}
