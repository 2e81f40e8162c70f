/*
 * termination_log: a file beside the container's layer, mounted where the program expects
 * it; termination_log.h. It lies on the disk and not in the run directory: what a program writes there must not
 * fill the machine's memory. The sizes are the kubelet's. Lesson 22.
 */
#include "pod/termination_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "pod/logread.h"
#include "spec/fields.h"

#define MESSAGE_MAX	4096 /* bytes of the file that count: its last ones */
#define LOG_MESSAGE_MAX 2048
#define LOG_LINES	80
#define LOG_NEAR_END	(64 << 10) /* bytes of the log in which those are looked for */

static char *file_path(const struct ctr *ctr)
{
	return text_format("pods/%s/ctr/%s/termination-log", ctr->pod->record.id, ctr->record.id);
}

int termination_log_mount(const struct ctr *ctr, struct mount_list *mounts, struct err *err)
{
	cleanup_free char *path = file_path(ctr);
	int root = ctr->pod->store->root_fd;
	struct mount_spec *mount;
	cleanup_fd int fd = -1;

	if (!ctr->record.spec.termination_path)
		return 0;
	fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0 || fchmod(fd, 0666) < 0) /* whoever the program's user is */
		return err_set(err, errno, "make %s", path);
	mount = fields_append(&mount_spec_shape, mounts);
	mount->type = text_dup("bind");
	mount->source = text_format("%s/%s", ctr->pod->store->root, path);
	mount->target = text_dup(ctr->record.spec.termination_path);
	return 0;
}

/* The last max bytes of the file. */
static void read_tail(int fd, int64_t max, struct buf *ret_text)
{
	struct stat stat;

	if (fstat(fd, &stat) < 0 || !S_ISREG(stat.st_mode))
		return;
	if (stat.st_size > max)
		lseek(fd, stat.st_size - max, SEEK_SET);
	io_read_all(fd, (size_t)max, ret_text);
}

/* The log from near its end on: a record that is cut there is passed over by the reader. */
static int open_log_tail(const struct ctr *ctr, struct logread *ret_reader)
{
	struct stat stat;
	int code = logread_open(ctr->pod->store, &ctr->record, ret_reader, NULL);

	if (!code && ret_reader->fd >= 0 && !fstat(ret_reader->fd, &stat) && stat.st_size > LOG_NEAR_END)
		lseek(ret_reader->fd, stat.st_size - LOG_NEAR_END, SEEK_SET);
	return code;
}

/* The last lines of this run's output. */
static void read_log(const struct ctr *ctr, struct buf *ret_text)
{
	struct log_line line = { 0 };
	struct strv lines = { 0 };
	struct logread reader;

	if (open_log_tail(ctr, &reader))
		return;
	while (logread_next(&reader, &line, NULL) == 1 || logread_rest(&reader, &line))
		if (line.when >= ctr->state->started)
			strv_take(&lines, text_ndup(line.text.data ? line.text.data : "", line.text.len));
	for (size_t i = lines.n > LOG_LINES ? lines.n - LOG_LINES : 0; i < lines.n; i++)
		buf_format(ret_text, "%s\n", lines.v[i]);
	if (ret_text->len > LOG_MESSAGE_MAX)
		buf_drop(ret_text, ret_text->len - LOG_MESSAGE_MAX);
	buf_free(&line.text);
	strv_free(&lines);
	logread_close(&reader);
}

void termination_message(struct ctr *ctr)
{
	const struct ctr_spec *spec = &ctr->record.spec;
	cleanup_free char *path = file_path(ctr);
	cleanup_fd int fd = -1;
	struct buf text = { 0 };

	if (!spec->termination_path)
		return;
	fd = openat(ctr->pod->store->root_fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		read_tail(fd, MESSAGE_MAX, &text);
	if (!text.len && ctr->state->exit_code &&
	    text_equal(spec->termination_policy, "FallbackToLogsOnError"))
		read_log(ctr, &text);
	text_replace(&ctr->state->message, text.len ? text_ndup(text.data, text.len) : NULL);
	ctr->pod->changed = true;
	buf_free(&text);
}
