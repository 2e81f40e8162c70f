/*
 * journal: appends events to a file and follows it; journal.h says where it lies.
 *
 * A file that has grown too large is renamed, and whoever had it open goes on writing into it for
 * one more line: nothing is lost. A reader keeps its file open, so the kernel keeps that inode's
 * number for it, and it can tell which of the two names now means the file that it has read.
 * Lives by open(2), rename(2), flock(2) and inotify(7). Lesson 22.
 */
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "spec/fields.h"

#define PRESENT	 "events"
#define PAST	 "events.1"
#define LONGEST	 (1 << 20) /* bytes of one file */
#define CHUNK	 (1 << 14)
#define LINE_MAX (1 << 18) /* bytes; the longest has all labels of a container in it */

static const struct field fields[] = {
	{ "time", FIELD_INT, offsetof(struct event, time), NULL },
	{ "type", FIELD_TEXT, offsetof(struct event, type), NULL },
	{ "action", FIELD_TEXT, offsetof(struct event, action), NULL },
	{ "id", FIELD_TEXT, offsetof(struct event, id), NULL },
	{ "name", FIELD_TEXT, offsetof(struct event, name), NULL },
	{ "attributes", FIELD_STRV, offsetof(struct event, attributes), NULL },
	{ NULL, 0, 0, NULL },
};

static const struct shape event_shape = { sizeof(struct event), fields };

/* The file's number, or 0 when there is none of that name. */
static ino_t inode_of(int dir, const char *name)
{
	struct stat stat;

	return fstatat(dir, name, &stat, AT_SYMLINK_NOFOLLOW) < 0 ? 0 : stat.st_ino;
}

/* Renames the file behind fd, unless another writer was faster: the lock belongs to the file, not to its name. */
static void rotate(int dir, int fd, ino_t inode)
{
	if (!flock(fd, LOCK_EX) && inode_of(dir, PRESENT) == inode)
		renameat(dir, PRESENT, dir, PAST);
}

static int open_to_write(int dir)
{
	for (int attempt = 0; attempt < 3; attempt++) {
		cleanup_fd int fd =
			openat(dir, PRESENT, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		struct stat stat;

		if (fd < 0 || fstat(fd, &stat) < 0)
			return -1;
		if (stat.st_size < LONGEST)
			return take_fd(&fd);
		rotate(dir, fd, stat.st_ino);
	}
	return -1;
}

/* DOC: journal-append */
void journal_add(const struct store *store, const char *type, const char *action, const char *id,
		 const char *name, const struct strv *attributes)
{
	const struct event event = { .time = clock_wall(),
				     .type = (char *)type,
				     .action = (char *)action,
				     .id = (char *)id,
				     .name = (char *)name,
				     .attributes = attributes ? *attributes : (struct strv){ 0 } };
	cleanup_fd int fd = open_to_write(store->run_fd);
	cleanup_free char *line = NULL, *text = NULL;
	json_t *object;

	if (fd < 0)
		return;
	object = fields_encode(&event_shape, &event);
	text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	line = text ? text_format("%s\n", text) : NULL;
	if (line && strlen(line) < LINE_MAX)
		io_write_all(fd, line, strlen(line));
}

int journal_open(const struct store *store, struct journal *ret_journal, struct err *err)
{
	*ret_journal = (struct journal){ .dir = store->run_fd, .fd = -1 };
	ret_journal->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (ret_journal->watch < 0)
		return err_set(err, errno, "watch the journal");
	if (inotify_add_watch(ret_journal->watch, store->run,
			      IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_ONLYDIR) < 0)
		return err_set(err, errno, "watch %s", store->run);
	return 0;
}

/* The name of the file that comes after the one being read, or NULL. */
static const char *next_file(const struct journal *journal)
{
	ino_t present = inode_of(journal->dir, PRESENT), past = inode_of(journal->dir, PAST);
	struct stat ours;

	if (journal->fd >= 0 && !fstat(journal->fd, &ours)) {
		if (ours.st_ino == present)
			return NULL;
		if (ours.st_ino == past)
			return present ? PRESENT : NULL;
	}
	return past ? PAST : present ? PRESENT : NULL; /* the first; or two have begun since ours */
}

static bool turn_to(struct journal *journal, const char *name)
{
	int fd = openat(journal->dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = fd;
	return true;
}

/* Reads on. Returns whether there was something. */
static bool read_on(struct journal *journal)
{
	char chunk[CHUNK];

	for (;;) {
		/* asked before reading: a file that has its successor by then is read to its last line */
		const char *next = next_file(journal);
		ssize_t got = journal->fd < 0 ? 0 : read(journal->fd, chunk, sizeof(chunk));

		if (got > 0) {
			buf_add(&journal->text, chunk, (size_t)got);
			return true;
		}
		if (!next || !turn_to(journal, next))
			return false;
	}
}

/* One line as an event; false for one that is none. */
static bool decode(const char *line, size_t length, struct event *ret_event)
{
	json_t *object = json_loadb(line, length, 0, NULL);
	struct event event = { 0 };
	bool good = object && !fields_decode(&event_shape, object, &event, NULL);

	json_decref(object);
	if (good && (!event.type || !event.action || !event.id)) {
		event_free(&event);
		good = false;
	}
	*ret_event = event;
	return good;
}

int journal_next(struct journal *journal, struct event *ret_event)
{
	for (;;) {
		char *end = journal->text.len ? memchr(journal->text.data, '\n', journal->text.len) : NULL;
		bool good;

		if (!end) {
			if (!read_on(journal))
				return 0;
			continue;
		}
		good = decode(journal->text.data, (size_t)(end - journal->text.data), ret_event);
		buf_drop(&journal->text, (size_t)(end - journal->text.data) + 1);
		if (good)
			return 1;
	}
}

int journal_wait(struct journal *journal, int timeout_ms, struct err *err)
{
	struct pollfd watch = { journal->watch, POLLIN, 0 };
	char ignored[4096];
	int n = poll(&watch, 1, timeout_ms);

	if (n < 0 && errno != EINTR)
		return err_set(err, errno, "wait for events");
	while (n > 0 && read(journal->watch, ignored, sizeof(ignored)) > 0)
		; /* what it says does not matter: the file does */
	return 0;
}

void journal_close(struct journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	if (journal->watch >= 0)
		close(journal->watch);
	buf_free(&journal->text);
	journal->fd = journal->watch = -1;
}

void event_free(struct event *event)
{
	fields_free(&event_shape, event);
}
