/*
 * idfile: files that hold one id. Made before the thing itself, with O_EXCL (see
 * open(2)), so that a name that is taken fails before anything was made.
 */
#include "cli/idfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"

#define ID_FILE_MAX 4096

int idfile_make(const char *path, const char *what, int *ret_fd, struct err *err)
{
	*ret_fd = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644) : -1;
	if (!path || *ret_fd >= 0)
		return 0;
	if (errno == EEXIST) {
		err_set(err, 0, "%s id file exists. Ensure another %s is not using it or delete %s", what,
			what, path);
		return -EEXIST;
	}
	return err_set(err, errno, "create %s id file %s", what, path);
}

int idfile_write(int fd, const char *path, const char *id, struct err *err)
{
	int code = fd < 0 ? 0 : io_write_all(fd, id, strlen(id));

	return code ? err_set(err, -code, "write %s", path) : 0;
}

int idfile_read(const char *path, const char *what, char **ret_id, struct err *err)
{
	struct buf text = { 0 };
	int code = io_read_file(AT_FDCWD, path, ID_FILE_MAX, &text, err);

	if (!code)
		*ret_id = text_ndup(text.data, strcspn(text.data, " \t\n"));
	buf_free(&text);
	return code ? err_context(err, code, "read %s id file", what) : 0;
}
