/*
 * json_file: reads and replaces a structure on disk; json_file.h tells the
 * promises. Lives by rename(2), which io_replace_file() uses. Lesson 19.
 */
#include "store/json_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"

#define FILE_MAX (4 << 20) /* larger than any of ours; a file that is larger is not one */

int json_file_read(int dir, const char *path, const struct shape *shape, void *structure, struct err *err)
{
	cleanup_fd int fd = io_open(dir, path, O_RDONLY | O_NOFOLLOW, err);
	struct buf text = { 0 };
	json_error_t where;
	json_t *object;
	int code;

	if (fd < 0)
		return fd;
	code = io_read_all(fd, FILE_MAX, &text);
	if (code) {
		buf_free(&text);
		return err_set(err, -code, "read %s", path);
	}
	object = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, &where);
	buf_free(&text);
	if (!object)
		return err_set(err, 0, "%s is damaged: line %d: %s", path, where.line, where.text);
	code = fields_decode(shape, object, structure, err);
	json_decref(object);
	return code ? err_context(err, code, "%s is damaged", path) : 0;
}

int json_file_write(int dir, const char *path, const struct shape *shape, const void *structure,
		    struct err *err)
{
	json_t *object = fields_encode(shape, structure);
	cleanup_free char *text = json_dumps(object, JSON_INDENT(2));

	json_decref(object);
	if (!text)
		return err_set(err, ENOMEM, "write %s", path);
	return io_replace_file(dir, path, text, strlen(text), 0600, err);
}
