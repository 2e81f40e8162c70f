/*
 * runpod-unpack: unpacks a tar archive from standard input into a directory.
 *
 *	runpod-unpack [--max-bytes SIZE] [--max-entries N] [--layer user|trusted] DIR < rootfs.tar.gz
 *	runpod-unpack --decompress < rootfs.tar.gz > rootfs.tar
 *
 * --layer: whiteouts become overlayfs's (whiteout.h). --decompress: no more than that, for a caller
 * who has to know the hash of what was compressed and does not want to take it from a parser's word.
 *
 * A program of its own, because an image is a stranger's file and parsing one
 * is where things go wrong: this process has nothing to lose (sandbox.c), knows
 * no pod, and ends at the first entry that is not right. libarchive is used as
 * a reader only: its own extraction lets archives escape, and a loop that goes
 * on after ARCHIVE_FAILED unpacks half of an image and calls it one.
 *
 * Prints the number of bytes unpacked and a newline, then, each ended by a NUL, the directories that a caller of
 * --layer trusted has to mark as opaque. Exit status: 0; 1, with one line on
 * standard error, when the archive was refused or could not be written; 2 for wrong use.
 *
 * Lives by tar(5) and by libarchive's archive_read(3). Lesson 13.
 */
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "base/text.h"
#include "unpack/entry.h"
#include "unpack/sandbox.h"

#define BLOCK_SIZE	    65536
#define MAX_BYTES_DEFAULT   (INT64_C(32) << 30)
#define MAX_ENTRIES_DEFAULT 500000 /* the largest images in use have some 300,000 */

struct options {
	const char *directory;
	const char *layer; /* "user", "trusted", or NULL */
	bool decompress;
	int64_t max_bytes;
	uint64_t max_entries;
};

static int usage(void)
{
	fputs("Usage: runpod-unpack [--max-bytes SIZE] [--max-entries N] [--layer user|trusted] DIR < "
	      "ARCHIVE.tar[.gz|.bz2|.xz|.zst]\n"
	      "       runpod-unpack --decompress < FILE > FILE\n",
	      stderr);
	return 2;
}

/* An option with a value. Returns whether that is what it may be. */
static bool set_option(struct options *options, const char *name, const char *value)
{
	if (text_equal(name, "--max-bytes"))
		return !num_size(value, &options->max_bytes);
	if (text_equal(name, "--max-entries"))
		return !num_u64(value, UINT64_MAX, &options->max_entries);
	options->layer = value;
	return text_equal(name, "--layer") && (text_equal(value, "user") || text_equal(value, "trusted"));
}

/* Reads the arguments. Returns 0 or 2. */
static int parse(int argc, char **argv, struct options *ret_options)
{
	*ret_options = (struct options){ .max_bytes = MAX_BYTES_DEFAULT, .max_entries = MAX_ENTRIES_DEFAULT };
	for (int i = 1; i < argc; i++) {
		if (text_equal(argv[i], "--decompress")) {
			ret_options->decompress = true;
		} else if (argv[i][0] == '-') {
			if (i + 1 == argc || !set_option(ret_options, argv[i], argv[i + 1]))
				return usage();
			i++;
		} else {
			if (ret_options->directory)
				return usage();
			ret_options->directory = argv[i];
		}
	}
	return !ret_options->directory == ret_options->decompress ? 0 : usage();
}

/* The compressions that images come in. Not all filters that libarchive has: some of those start a program. */
static void support_filters(struct archive *archive)
{
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
}

static int reader_failed(struct archive *archive, struct err *err)
{
	const char *why = archive_error_string(archive);

	return err_set(err, 0, "%s", why ? why : "the archive cannot be read");
}

/* An archive ends with a block of zeros. Without one it was cut off between two
 * entries, which libarchive does not mind; then it has read nothing after the last one. */
static int check_end(struct archive *archive, struct err *err)
{
	if (archive_filter_bytes(archive, 0) > archive_read_header_position(archive))
		return 0;
	return err_set(err, 0, "the archive stops without its end mark: it was cut off");
}

/* Unpacks every entry. Anything but ARCHIVE_OK, warnings too, means that something is lost. */
static int unpack_entries(struct unpack *unpack, uint64_t max_entries, struct err *err)
{
	struct archive_entry *entry;
	uint64_t count = 0;
	int got, code;

	while ((got = archive_read_next_header(unpack->archive, &entry)) == ARCHIVE_OK) {
		if (++count > max_entries)
			return err_hint(
				err,
				err_set(err, 0, "the archive has more than %" PRIu64 " entries", max_entries),
				"--max-entries raises the limit");
		code = entry_write(unpack, entry, err);
		if (code)
			return code;
	}
	return got == ARCHIVE_EOF ? check_end(unpack->archive, err) : reader_failed(unpack->archive, err);
}

/* Reads what stands behind the archive's end, so that whoever writes to us is not cut off. */
static void drain_input(void)
{
	char waste[4096];

	while (read(STDIN_FILENO, waste, sizeof(waste)) > 0)
		;
}

static int unpack_into(int root, const struct options *options, struct unpack *unpack, struct err *err)
{
	int code = sandbox_enter(root, (uint64_t)options->max_bytes, options->layer != NULL,
				 &unpack->privileged, err);

	if (code)
		return code;
	unpack->root = root;
	unpack->layer = options->layer;
	unpack->bytes_left = (uint64_t)options->max_bytes;
	unpack->archive = archive_read_new();
	support_filters(unpack->archive);
	archive_read_support_format_tar(unpack->archive);
	if (archive_read_open_fd(unpack->archive, STDIN_FILENO, BLOCK_SIZE) != ARCHIVE_OK)
		code = reader_failed(unpack->archive, err);
	if (!code)
		code = unpack_entries(unpack, options->max_entries, err);
	if (!code)
		code = dirs_apply(&unpack->dirs, root, err);
	archive_read_free(unpack->archive);
	dirs_free(&unpack->dirs);
	return code;
}

static int unpack(const struct options *options, struct err *err)
{
	struct unpack unpack = { 0 };
	cleanup_fd int root = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code;

	if (root < 0)
		return err_set(err, errno, "open directory %s", options->directory);
	code = unpack_into(root, options, &unpack, err);
	if (!code) {
		drain_input();
		printf("%" PRIu64 "\n", unpack.bytes);
		for (size_t i = 0; i < unpack.opaque.n; i++)
			fwrite(unpack.opaque.v[i], strlen(unpack.opaque.v[i]) + 1, 1, stdout);
	}
	strv_free(&unpack.opaque);
	return code;
}

/* Copies standard input to standard output, without the compression that it has. */
static int decompress(const struct options *options, struct err *err)
{
	static char chunk[BLOCK_SIZE];
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	bool privileged;
	ssize_t n = 0;
	int code = sandbox_enter(-1, (uint64_t)options->max_bytes, false, &privileged, err);

	if (code)
		return code;
	support_filters(archive);
	archive_read_support_format_raw(archive);
	archive_read_support_format_empty(archive);
	if (archive_read_open_fd(archive, STDIN_FILENO, BLOCK_SIZE) != ARCHIVE_OK)
		code = reader_failed(archive, err);
	else if (archive_read_next_header(archive, &entry) == ARCHIVE_OK)
		while (!code && (n = archive_read_data(archive, chunk, sizeof(chunk))) > 0)
			code = io_write_all(STDOUT_FILENO, chunk, (size_t)n);
	else if (archive_errno(archive))
		code = reader_failed(archive, err);
	if (!code && n < 0)
		code = reader_failed(archive, err);
	archive_read_free(archive);
	return code ? err_context(err, code, "decompress") : 0;
}

int main(int argc, char **argv)
{
	struct options options;
	struct err err = { 0 };
	int code = parse(argc, argv, &options);

	if (code)
		return code;
	/* names are UTF-8; glibc loads what converting them needs now, while it still can */
	setlocale(LC_CTYPE, "C.UTF-8");
	iconv_close(iconv_open("UTF-8", "UTF-8"));
	code = options.decompress ? decompress(&options, &err) : unpack(&options, &err);
	if (code) {
		fprintf(stderr, "runpod-unpack: %s\n", err.text);
		return 1;
	}
	return fflush(stdout) ? 1 : 0;
}
