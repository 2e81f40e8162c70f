/*
 * log: keeps a container's output as the kubelet's runtimes do, one line of text
 * a line of output:
 *
 *	2026-01-02T15:04:05.000000006Z stdout F hello
 *
 * F ends a line; P is a part of one whose end has not come yet. Each chunk is
 * written as it arrives, so nothing is held back and nothing is lost with us.
 * docker's json-file form is the other choice. The file is opened for appending
 * (open(2), O_APPEND): several writers never overwrite one another. Lesson 19.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "pod/pod.h"

static char *log_path(struct ctr *ctr)
{
	const struct log_spec *spec = &ctr->record.spec.log;

	if (spec->path)
		return text_dup(spec->path);
	return text_format("%s/pods/%s/ctr/%s/ctr.log", ctr->pod->store->root, ctr->pod->record.id,
			   ctr->record.id);
}

static int open_file(struct log *log)
{
	struct stat stat;

	log->fd = open(log->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log->fd < 0)
		return -errno;
	log->size = fstat(log->fd, &stat) ? 0 : stat.st_size;
	return 0;
}

int log_begin(struct ctr *ctr, struct err *err)
{
	struct log *log = &ctr->log;
	int code;

	log_end(log);
	if (text_equal(ctr->record.spec.log.driver, "none"))
		return 0;
	log->json = text_equal(ctr->record.spec.log.driver, "json-file");
	log->max_size = ctr->record.spec.log.max_size;
	log->path = log_path(ctr);
	code = open_file(log);
	return code ? err_set(err, -code, "open log %s", log->path) : 0;
}

void log_end(struct log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	free(log->path);
	log->fd = -1;
	log->path = NULL;
}

/* The present file becomes PATH.1, and a new one begins. Only ever between two whole entries. */
static void rotate(struct log *log)
{
	cleanup_free char *old = text_format("%s.1", log->path);

	if (rename(log->path, old) < 0)
		return;
	close(log->fd);
	if (open_file(log))
		log->fd = -1;
}

static void time_text(char text[64])
{
	struct timespec now;
	struct tm parts;
	size_t used;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	used = strftime(text, 64, "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(text + used, 64 - used, ".%09ldZ", now.tv_nsec);
}

static void add_json_text(struct buf *line, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '"' || c == '\\')
			buf_format(line, "\\%c", c);
		else if (c == '\n')
			buf_text(line, "\\n");
		else if (c < 0x20)
			buf_format(line, "\\u%04x", c);
		else
			buf_add(line, bytes + i, 1);
	}
}

static void add_entry(struct log *log, struct buf *entries, const char *stream, const char *time,
		      const char *bytes, size_t len, bool whole)
{
	if (!log->json) {
		buf_format(entries, "%s %s %c ", time, stream, whole ? 'F' : 'P');
		buf_add(entries, bytes, len);
		buf_text(entries, "\n");
		return;
	}
	buf_text(entries, "{\"log\":\"");
	add_json_text(entries, bytes, len);
	buf_format(entries, "%s\",\"stream\":\"%s\",\"time\":\"%s\"}\n", whole ? "\\n" : "", stream, time);
}

/* A full disk loses the entries: the container must not wait for a log. Returns how many writes failed. */
static int write_entries(struct log *log, const struct buf *entries)
{
	int lost = 0;

	if (log->max_size && log->size && log->size + (int64_t)entries->len > log->max_size)
		rotate(log);
	if (log->fd >= 0 && io_write_all(log->fd, entries->data, entries->len))
		lost = 1;
	log->size += (int64_t)entries->len;
	return lost;
}

/* Writes one chunk of output, as many entries as it has lines: at once, or one by one where the file must not grow too
 * long. */
int log_write(struct log *log, const char *stream, const char *bytes, size_t len)
{
	struct buf entries = { 0 };
	int lost = 0;
	char time[64];

	if (log->fd < 0)
		return 0;
	time_text(time);
	while (len) {
		const char *end = memchr(bytes, '\n', len);
		size_t line = end ? (size_t)(end - bytes) : len;

		add_entry(log, &entries, stream, time, bytes, line, end);
		bytes += line + (end ? 1 : 0);
		len -= line + (end ? 1 : 0);
		if (log->max_size || !len) {
			lost += write_entries(log, &entries);
			entries.len = 0;
		}
	}
	buf_free(&entries);
	return lost;
}
