/*
 * content: the bytes of one file, from the archive to a descriptor. What an
 * archive may write in all is counted here, holes too: a few kilobytes can
 * claim to be terabytes. Lesson 13.
 *
 * Lives by lseek(2) beyond the end (a hole) and libarchive's archive_read_data(3).
 */
#include "unpack/content.h"

#include <errno.h>
#include <unistd.h>

#include "base/io.h"

/* Takes n more bytes off what the archive may write. */
static int take_bytes(struct unpack *unpack, uint64_t n, struct err *err)
{
	if (n > unpack->bytes_left)
		return err_hint(err, err_set(err, 0, "the archive unpacks to more than is allowed"),
				"--max-bytes raises the limit");
	unpack->bytes_left -= n;
	unpack->bytes += n;
	return 0;
}

int content_write(struct unpack *unpack, int fd, struct archive_entry *entry, struct err *err)
{
	uint64_t end = 0, size = (uint64_t)archive_entry_size(entry);
	const void *bytes;
	int64_t offset;
	size_t n;
	int code, got;

	while ((got = archive_read_data_block(unpack->archive, &bytes, &n, &offset)) == ARCHIVE_OK) {
		if (offset < 0 || (uint64_t)offset < end)
			return err_set(err, 0, "overlapping content");
		code = take_bytes(unpack, (uint64_t)offset + n - end, err);
		if (code)
			return code;
		end = (uint64_t)offset + n;
		code = lseek(fd, offset, SEEK_SET) < 0 ? -errno : io_write_all(fd, bytes, n);
		if (code)
			return err_set(err, -code, "write");
	}
	if (got != ARCHIVE_EOF)
		return err_set(err, 0, "%s", archive_error_string(unpack->archive));
	if (archive_entry_size_is_set(entry) && size > end) { /* it ends in a hole */
		code = take_bytes(unpack, size - end, err);
		if (code)
			return code;
		if (ftruncate(fd, (off_t)size) < 0)
			return err_set(err, errno, "set size");
	}
	return 0;
}
