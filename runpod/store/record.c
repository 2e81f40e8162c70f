/*
 * record: the records of a pod, read and written; record.h tells what each is.
 *
 * Kernel rule: rename(2) puts the new file in place of the old in one step, so
 * a reader opens either the old or the new one, and readers need no lock. A
 * record that does not parse (a power cut, a disk error) is an error of its own
 * pod only. Lesson 19.
 */
#include "store/record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "store/record_shapes.h"

#define RECORD_MAX (4 << 20) /* larger than any record; a file that is larger is not one */

/* A record that is not just as we write it: it was edited, or torn, or has texts that need escapes. */
static int decode_record(const char *path, const struct buf *text, const struct shape *shape, void *structure,
			 struct err *err)
{
	json_error_t where;
	json_t *object = json_loadb(text->data, text->len, JSON_REJECT_DUPLICATES, &where);
	int code;

	if (!object)
		return err_set(err, 0, "record %s is damaged: line %d: %s", path, where.line, where.text);
	code = fields_decode(shape, object, structure, err);
	json_decref(object);
	return code ? err_context(err, code, "record %s is damaged", path) : 0;
}

/* Reads the JSON file path under dir into structure. *ret_held (may be NULL): whether its writer holds a lock on it. */
static int read_record(int dir, const char *path, const struct shape *shape, void *structure, bool *ret_held,
		       struct err *err)
{
	cleanup_fd int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct flock lock = { .l_type = F_WRLCK };
	struct buf text = { 0 };
	int code;

	if (fd < 0)
		return errno == ENOENT ? -ENOENT : err_set(err, errno, "open record %s", path);
	code = io_read_all(fd, RECORD_MAX, &text);
	if (code)
		err_set(err, -code, "read record %s", path);
	else if (strlen(text.data) != text.len || !fields_read(shape, text.data, structure))
		code = decode_record(path, &text, shape, structure, err);
	if (!code && ret_held) /* for the kernel, asking is an attempt: who would be in the way? */
		*ret_held = !fcntl(fd, F_GETLK, &lock) && lock.l_type != F_UNLCK;
	buf_free(&text);
	return code;
}

/* Writes structure as the JSON file path under dir. Its directory must be there: what somebody removed
 * meanwhile must not come back. Returns a descriptor of the new file, or -errno. */
static int replace_record(int dir, const char *path, const struct shape *shape, const void *structure,
			  struct err *err)
{
	struct buf text = { 0 };
	int fd;

	fields_write(shape, structure, &text);
	fd = io_replace_open(dir, path, text.data, text.len, 0600, err);
	buf_free(&text);
	return fd < 0 ? err_context(err, fd, "write record") : fd;
}

static int write_record(int dir, const char *path, const struct shape *shape, const void *structure,
			struct err *err)
{
	cleanup_fd int fd = replace_record(dir, path, shape, structure, err);

	return fd < 0 ? fd : 0;
}

int record_read_pod(const struct store *store, const char *pod_id, struct pod_record *ret_pod,
		    struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/pod.json", pod_id);

	*ret_pod = (struct pod_record){ 0 };
	return read_record(store->root_fd, path, &pod_record_shape, ret_pod, NULL, err);
}

int record_read_ctr(const struct store *store, const char *pod_id, const char *ctr_id,
		    struct ctr_record *ret_ctr, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/ctr/%s/ctr.json", pod_id, ctr_id);

	*ret_ctr = (struct ctr_record){ 0 };
	return read_record(store->root_fd, path, &ctr_record_shape, ret_ctr, NULL, err);
}

int record_read_state(const struct store *store, const char *pod_id, struct pod_state *ret_state,
		      struct err *err)
{
	char path[ID_LENGTH + 32];

	snprintf(path, sizeof(path), "pods/%s/state.json",
		 pod_id); /* on the stack: `ps` does it for each pod */
	*ret_state = (struct pod_state){ 0 };
	return read_record(store->run_fd, path, &pod_state_shape, ret_state, &ret_state->supervised, err);
}

int record_read_exit(const struct store *store, const char *pod_id, const char *ctr_id,
		     struct exit_record *ret_exit, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/ctr/%s/exit.json", pod_id, ctr_id);

	*ret_exit = (struct exit_record){ 0 };
	return read_record(store->root_fd, path, &exit_record_shape, ret_exit, NULL, err);
}

int record_write_pod(const struct store *store, const struct pod_record *pod, struct err *err)
{
	cleanup_free char *directory = text_format("pods/%s", pod->id);
	cleanup_free char *path = text_format("%s/pod.json", directory);
	int code = io_make_dirs(store->root_fd, directory, 0700, err);

	return code ? code : write_record(store->root_fd, path, &pod_record_shape, pod, err);
}

int record_write_ctr(const struct store *store, const struct ctr_record *ctr, struct err *err)
{
	cleanup_free char *directory = text_format("pods/%s/ctr/%s", ctr->pod_id, ctr->id);
	cleanup_free char *path = text_format("%s/ctr.json", directory);
	int code = io_make_dirs(store->root_fd, directory, 0700, err);

	return code ? code : write_record(store->root_fd, path, &ctr_record_shape, ctr, err);
}

int record_write_state(const struct store *store, const struct pod_state *state, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/state.json", state->id);

	return write_record(store->run_fd, path, &pod_state_shape, state, err);
}

/* DOC: lock-of-the-living - a record lock belongs to the process (see fcntl(2), "Advisory record locking"): no child inherits it, and it
 * is gone when the process is, however it ends. So one question about a file that is open anyway tells whether
 * the supervisor lives, with no PID to be mistaken for another. */
int record_hold_state(const struct store *store, const struct pod_state *state, int *held, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/state.json", state->id);
	struct flock lock = { .l_type = F_WRLCK };
	int fd = replace_record(store->run_fd, path, &pod_state_shape, state, err);

	if (fd < 0)
		return fd;
	fcntl(fd, F_SETLK, &lock); /* where it cannot be had, readers look at the PID */
	if (*held > 0)
		close(*held);
	*held = fd;
	return 0;
}

int record_write_exit(const struct store *store, const char *pod_id, const char *ctr_id,
		      const struct exit_record *exit, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/ctr/%s/exit.json", pod_id, ctr_id);

	return write_record(store->root_fd, path, &exit_record_shape, exit, err);
}

int record_remove_ctr(const struct store *store, const char *pod_id, const char *ctr_id, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/ctr/%s", pod_id, ctr_id);
	int code = io_remove_tree(store->run_fd, path, err);

	if (!code)
		code = io_remove_tree(store->root_fd, path, err);
	return code ? err_context(err, code, "remove the directory of container %s", ctr_id) : 0;
}

int record_remove_pod(const struct store *store, const char *pod_id, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s", pod_id);
	int code = io_remove_tree(store->run_fd, path, err);

	if (!code)
		code = io_remove_tree(store->root_fd, path, err);
	return code ? err_context(err, code, "remove the directory of pod %s", pod_id) : 0;
}

/* Adds the entries of the directory path under dir that are ids. A missing directory has none. */
static int list_ids(int dir, const char *path, struct strv *ret_ids, struct err *err)
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	DIR *entries;

	if (fd < 0)
		return errno == ENOENT ? 0 : err_set(err, errno, "open %s", path);
	entries = fdopendir(fd);
	if (!entries) {
		close(fd);
		return err_set(err, errno, "read directory %s", path);
	}
	while ((entry = readdir(entries)))
		if (strspn(entry->d_name, "0123456789abcdef") == ID_LENGTH && !entry->d_name[ID_LENGTH])
			strv_add(ret_ids, entry->d_name);
	closedir(entries);
	return 0;
}

int record_list_pods(const struct store *store, struct strv *ret_ids, struct err *err)
{
	return list_ids(store->root_fd, "pods", ret_ids, err);
}

int record_list_ctrs(const struct store *store, const char *pod_id, struct strv *ret_ids, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/ctr", pod_id);

	return list_ids(store->root_fd, path, ret_ids, err);
}

int record_count_ctrs(const struct store *store, const char *pod_id)
{
	char path[ID_LENGTH + 32];
	struct stat stat;

	snprintf(path, sizeof(path), "pods/%s/ctr", pod_id);
	if (fstatat(store->root_fd, path, &stat, AT_SYMLINK_NOFOLLOW) < 0 || stat.st_nlink < 2)
		return -1;
	return (int)stat.st_nlink - 2; /* its own ".", its name above; and a ".." in each */
}

/* Makes the directory when missing and opens it. */
static int open_dir(int dir, const char *path, struct err *err)
{
	int code = io_make_dirs(dir, path, 0700, err);

	return code ? code : io_open(dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, err);
}

int record_open_ctr_dir(const struct store *store, const char *pod_id, const char *ctr_id, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s/ctr/%s", pod_id, ctr_id);

	return open_dir(store->root_fd, path, err);
}

int record_open_run_dir(const struct store *store, const char *pod_id, struct err *err)
{
	cleanup_free char *path = text_format("pods/%s", pod_id);

	return open_dir(store->run_fd, path, err);
}

void pod_record_free(struct pod_record *pod)
{
	fields_free(&pod_record_shape, pod);
}

void ctr_record_free(struct ctr_record *ctr)
{
	fields_free(&ctr_record_shape, ctr);
}

void pod_state_free(struct pod_state *state)
{
	fields_free(&pod_state_shape, state);
}

struct ctr_state *state_find(struct pod_state *state, const char *ctr_id)
{
	for (size_t i = 0; i < state->ctrs.n; i++)
		if (text_equal(state->ctrs.v[i].id, ctr_id))
			return &state->ctrs.v[i];
	return NULL;
}
