/*
 * logread: from the log's bytes to lines; logread.h shows the formats.
 *
 * Kernel rule: a file that was renamed stays readable through its descriptor, so
 * a reader first finishes the file it has and then goes on to the next. Which
 * one that is, the inode numbers tell: rotation loses and doubles nothing that is
 * still there. Lesson 19.
 */
#include "pod/logread.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

#define SECOND INT64_C(1000000000)
#define CHUNK  65536
#define WHOLE_MAX                                                                                            \
	(16 << 20) /* of a line put together: a program that never ends one must not fill our memory */

int logread_time(const char *text, int64_t *ret_when)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int64_t when, place = SECOND / 10, offset = 0;
	int hours, minutes;

	if (!rest)
		return -EINVAL;
	when = (int64_t)timegm(&tm) * SECOND;
	if (*rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9'; rest++, place /= 10)
			when += place * (*rest - '0');
	if (*rest == '+' || *rest == '-') {
		if (sscanf(rest + 1, "%2d:%2d", &hours, &minutes) != 2)
			return -EINVAL;
		offset = (hours * 60 + minutes) * 60 * SECOND * (*rest == '-' ? -1 : 1);
		rest += 6;
	} else if (*rest == 'Z') {
		rest++;
	}
	*ret_when = when - offset;
	return *rest ? -EINVAL : 0;
}

/* The inode under the path; 0: none. */
static ino_t inode_at(const char *path)
{
	struct stat found;

	return stat(path, &found) ? 0 : found.st_ino;
}

/* Opens a log. Whatever else stands under its name (a device, a pipe) has nothing to be read back. */
static int open_log(const char *path, ino_t *ret_inode)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat stat;

	*ret_inode = 0;
	if (fd >= 0 && (fstat(fd, &stat) || !S_ISREG(stat.st_mode))) {
		close(fd);
		return -1;
	}
	if (fd >= 0)
		*ret_inode = stat.st_ino;
	return fd;
}

/*
 * Opens what comes after the file that was read: PATH when ours is PATH.1 by now, PATH.1 when ours has been
 * rotated away altogether. A rotation may happen between any two of these calls: what was found counts only when
 * PATH.1 is still the same behind it. Returns the descriptor, or -1: ours is the newest.
 */
static int open_next(const struct logread *reader, ino_t *ret_inode)
{
	cleanup_free char *before = text_format("%s.1", reader->path);

	for (;;) {
		ino_t last = inode_at(before);
		bool skipped = last && last != reader->inode;
		int fd;

		if (skipped && reader->inode && inode_at(reader->path) == reader->inode)
			return -1; /* PATH.1 is older than ours */
		fd = open_log(skipped ? before : reader->path, ret_inode);
		if (inode_at(before) == last)
			return fd >= 0 && *ret_inode == reader->inode ? (close(fd), -1) : fd;
		if (fd >= 0)
			close(fd);
	}
}

int logread_open(const struct store *store, const struct ctr_record *ctr, struct logread *ret_reader,
		 struct err *err)
{
	const struct log_spec *log = &ctr->spec.log;
	struct logread reader = { .fd = -1, .json = text_equal(log->driver, "json-file") };
	ino_t inode;

	if (text_equal(log->driver, "none"))
		return err_set(err, 0,
			       "this container is using the 'none' log driver, cannot read logs: this "
			       "container is not logging output");
	reader.path = log->path ? text_dup(log->path)
				: text_format("%s/pods/%s/ctr/%s/ctr.log", store->root, ctr->pod_id, ctr->id);
	reader.fd = open_next(&reader, &inode);
	reader.inode = inode;
	*ret_reader = reader;
	return 0;
}

void logread_close(struct logread *reader)
{
	cleanup_fd_func(&reader->fd);
	free(reader->path);
	buf_free(&reader->waiting);
	buf_free(&reader->pieces[0].text);
	buf_free(&reader->pieces[1].text);
	*reader = (struct logread){ .fd = -1 };
}

/* Reads more bytes. Returns how many; 0: none for now. A file is left only when its successor is there and it has
 * nothing more: what was written last before the rotation is read, too. */
static ssize_t read_more(struct logread *reader)
{
	char chunk[CHUNK];
	cleanup_fd int next = -1;
	ino_t inode = 0;

	for (;;) {
		ssize_t n = reader->fd < 0 ? 0 : read(reader->fd, chunk, sizeof(chunk));

		if (n > 0)
			buf_add(&reader->waiting, chunk, (size_t)n);
		if (n)
			return n < 0 ? -errno : n;
		if (next >= 0) {
			cleanup_fd_func(&reader->fd);
			reader->fd = take_fd(&next);
			reader->inode = inode;
			continue;
		}
		next = open_next(reader, &inode);
		if (next < 0)
			return 0;
	}
}

/* Adds text to what came before of the same stream. Returns 1 when that makes a whole line. */
static int add_piece(struct logread *reader, struct log_line *line, bool is_err, const char *when,
		     const char *text, size_t length, bool whole)
{
	struct log_line *piece = &reader->pieces[is_err];

	if (!piece->partial) { /* the first one gives the time */
		snprintf(piece->when_text, sizeof(piece->when_text), "%s", when);
		if (logread_time(when, &piece->when))
			piece->when = 0;
	}
	buf_add(&piece->text, text, length);
	piece->is_err = is_err;
	piece->partial = !whole && piece->text.len < WHOLE_MAX;
	if (piece->partial)
		return 0;
	buf_free(&line->text);
	*line = *piece;
	*piece = (struct log_line){ 0 };
	return 1;
}

/* One record of k8s-file. Anything else is passed over. */
static int take_cri(struct logread *reader, char *record, size_t length, struct log_line *line)
{
	char *stream = memchr(record, ' ', length);
	bool is_err;

	if (!stream || (size_t)(stream - record) + strlen(" stdout F ") > length + 1)
		return 0;
	*stream++ = '\0';
	is_err = text_starts(stream, "stderr ");
	if (!is_err && !text_starts(stream, "stdout "))
		return 0;
	stream += strlen("stdout ");
	if ((*stream != 'F' && *stream != 'P') || (stream[1] && stream[1] != ' ' && stream[1] != ':'))
		return 0;
	if (stream[1] == ' ')
		return add_piece(reader, line, is_err, record, stream + 2,
				 length - (size_t)(stream + 2 - record), *stream == 'F');
	return add_piece(reader, line, is_err, record, "", 0, *stream == 'F');
}

/* One record of json-file: its text ends in a newline when the line is whole. */
static int take_json(struct logread *reader, const char *record, size_t length, struct log_line *line)
{
	json_t *object = json_loadb(record, length, JSON_ALLOW_NUL, NULL);
	json_t *log = json_object_get(object, "log");
	const char *when = json_string_value(json_object_get(object, "time"));
	const char *stream = json_string_value(json_object_get(object, "stream"));
	int got = 0;

	if (json_is_string(log) && when && stream) {
		const char *text = json_string_value(log);
		size_t n = json_string_length(log);
		bool whole = n && text[n - 1] == '\n';

		got = add_piece(reader, line, !strcmp(stream, "stderr"), when, text, n - whole, whole);
	}
	json_decref(object);
	return got;
}

int logread_next(struct logread *reader, struct log_line *line, struct err *err)
{
	for (;;) {
		char *end =
			reader->waiting.len ? memchr(reader->waiting.data, '\n', reader->waiting.len) : NULL;
		size_t length = end ? (size_t)(end - reader->waiting.data) : 0;
		ssize_t n;
		int got;

		if (end) {
			*end = '\0';
			got = reader->json ? take_json(reader, reader->waiting.data, length, line)
					   : take_cri(reader, reader->waiting.data, length, line);
			buf_drop(&reader->waiting, length + 1);
			if (got)
				return 1;
			continue;
		}
		n = read_more(reader);
		if (n <= 0)
			return n ? err_set(err, (int)-n, "read log %s", reader->path) : 0;
	}
}

int logread_rest(struct logread *reader, struct log_line *line)
{
	for (int stream = 0; stream < 2; stream++) {
		struct log_line *piece = &reader->pieces[stream];

		if (!piece->partial)
			continue;
		buf_free(&line->text);
		*line = *piece;
		*piece = (struct log_line){ 0 };
		return 1;
	}
	return 0;
}
