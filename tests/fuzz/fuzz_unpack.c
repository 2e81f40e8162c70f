/*
 * fuzz_unpack: any bytes as an archive, through the code by which runpod-unpack writes entries (unpack/entry.h). With an
 * odd first byte they are the archive itself; with an even one they say what stands in it: entries of a kind, a name, a
 * target and some content, to which the headers are made here, since no checksum is hit upon by chance. Nothing
 * appears or changes outside of the directory.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "unpack/entry.h"

#define ENTRIES_MAX 64
#define BYTES_MAX   (1 << 20)

static int base = -1; /* the directory that holds root, into which is unpacked, and outside, into which not */

#define need(x) need_(x, #x)
static void need_(int good, const char *what)
{
	if (!good)
		abort();
}

static void clear(void)
{
	io_remove_tree(base, "root", NULL);
	io_remove_tree(base, "outside", NULL);
	unlinkat(AT_FDCWD, "/dev/shm/fuzz-unpack", AT_REMOVEDIR);
}

static void put_secret(void)
{
	int fd = openat(base, "outside/secret", O_WRONLY | O_CREAT | O_EXCL, 0640);

	need(fd >= 0 && !io_write_all(fd, "secret", 6));
	close(fd);
}

static void begin(void)
{
	mkdir("/dev/shm/fuzz-unpack", 0700);
	base = open("/dev/shm/fuzz-unpack", O_RDONLY | O_DIRECTORY);
	need(base >= 0);
	io_remove_tree(base, "outside", NULL);
	need(!mkdirat(base, "outside", 0750));
	put_secret();
	atexit(clear);
}

static void unhurt(void)
{
	struct stat base_now, directory, file;

	need(!fstat(base, &base_now) && base_now.st_nlink == 4 && (base_now.st_mode & 07777) == 0700);
	need(!fstatat(base, "outside", &directory, AT_SYMLINK_NOFOLLOW) && directory.st_nlink == 2 &&
	     (directory.st_mode & 07777) == 0750);
	need(!fstatat(base, "outside/secret", &file, AT_SYMLINK_NOFOLLOW) && file.st_nlink == 1 &&
	     file.st_size == 6 && (file.st_mode & 07777) == 0640);
}

/* One ustar header (tar(5)). */
static void add_header(struct buf *tar, char kind, const char *name, const char *target, size_t size)
{
	char block[512] = "";
	unsigned sum = 0;

	memcpy(block, name, strnlen(name, 100));
	memcpy(block + 100, "0004755", 8);
	memcpy(block + 108, "0000000", 8);
	memcpy(block + 116, "0000000", 8);
	snprintf(block + 124, 12, "%011zo", size);
	memcpy(block + 136, "00000000000", 12);
	block[156] = kind;
	memcpy(block + 157, target, strnlen(target, 100));
	memcpy(block + 257,
	       "ustar\0"
	       "00",
	       8);
	memset(block + 148, ' ', 8);
	for (size_t i = 0; i < sizeof(block); i++)
		sum += (unsigned char)block[i];
	snprintf(block + 148, 8, "%06o", sum);
	buf_add(tar, block, sizeof(block));
}

/* The text up to a NUL. */
static char *part(const uint8_t **at, const uint8_t *end)
{
	const uint8_t *from = *at, *nul = memchr(from, 0, (size_t)(end - from));

	*at = nul ? nul + 1 : end;
	return text_ndup((const char *)from, (size_t)((nul ? nul : end) - from));
}

static void craft(const uint8_t *at, const uint8_t *end, struct buf *tar)
{
	static const char kinds[] =
		"05122566xL"; /* file, directory, hard link, links, FIFO, PAX, long name */
	static const char zero[1024];

	while (at < end) {
		char kind = kinds[*at++ % (sizeof(kinds) - 1)];
		char *name = part(&at, end), *target = part(&at, end);
		bool full = strchr("0xL", kind); /* then what was the target is its content */
		size_t size = full ? strlen(target) : 0;

		add_header(tar, kind, name, full ? "" : target, size);
		if (full) {
			buf_add(tar, target, size);
			buf_add(tar, zero, -size & 511);
		}
		free(name);
		free(target);
	}
	buf_add(tar, zero, sizeof(zero));
}

static void unpack_all(struct unpack *unpack)
{
	struct archive_entry *entry;
	struct err err = { 0 };
	int code = 0;

	for (int i = 0; i < ENTRIES_MAX && !code; i++) {
		if (archive_read_next_header(unpack->archive, &entry) != ARCHIVE_OK)
			break;
		code = entry_write(unpack, entry, &err);
		need(!code || err.text[0]);
		for (const char *c = err.text; *c; c++)
			need((unsigned char)*c >= ' ' && *c != 0x7f);
	}
	if (!code)
		dirs_apply(&unpack->dirs, unpack->root, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const layers[] = { NULL, "user", "trusted" };
	struct unpack unpack = { .bytes_left = BYTES_MAX };
	struct buf tar = { 0 };

	if (!size)
		return 0;
	if (base < 0)
		begin();
	if (data[0] % 2)
		buf_add(&tar, data + 1, size - 1);
	else
		craft(data + 1, data + size, &tar);
	io_remove_tree(base, "root", NULL);
	need(!mkdirat(base, "root", 0700));
	unpack.root = openat(base, "root", O_RDONLY | O_DIRECTORY);
	unpack.layer = layers[data[0] / 2 % 3];
	unpack.archive = archive_read_new();
	archive_read_support_filter_gzip(unpack.archive);
	archive_read_support_format_tar(unpack.archive);
	if (tar.len && archive_read_open_memory(unpack.archive, tar.data, tar.len) == ARCHIVE_OK)
		unpack_all(&unpack);
	need(unpack.bytes <= BYTES_MAX);
	archive_read_free(unpack.archive);
	dirs_free(&unpack.dirs);
	strv_free(&unpack.opaque);
	close(unpack.root);
	buf_free(&tar);
	unhurt();
	return 0;
}
