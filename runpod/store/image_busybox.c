/*
 * image_busybox: what a root file system needs at least. The program is static,
 * so no library has to be there: execve(2) of a program without PT_INTERP needs
 * nothing but the file (see elf(5)). Lesson 13.
 */
#include "store/image_busybox.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "store/program.h"

static const struct {
	const char *path;
	mode_t mode;
} directories[] = {
	{ "bin", 0755 },     { "dev", 0755 },	    { "etc", 0755 },	  { "home", 0755 },
	{ "mnt", 0755 },     { "opt", 0755 },	    { "proc", 0555 },	  { "root", 0700 },
	{ "run", 0755 },     { "srv", 0755 },	    { "sys", 0555 },	  { "tmp", 01777 },
	{ "usr", 0755 },     { "usr/bin", 0755 },   { "usr/sbin", 0755 }, { "var", 0755 },
	{ "var/log", 0755 }, { "var/spool", 0755 }, { "var/tmp", 01777 },
};

/* hosts, hostname and resolv.conf are empty: places to mount the pod's own on, also when the root is read-only. */
static const struct {
	const char *path, *text;
} files[] = {
	{ "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"
			"daemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
			"bin:x:2:2:bin:/bin:/bin/false\n"
			"www-data:x:33:33:www-data:/var/www:/bin/false\n"
			"nobody:x:65534:65534:nobody:/home:/bin/false\n" },
	{ "etc/group", "root:x:0:\n"
		       "daemon:x:1:\n"
		       "bin:x:2:\n"
		       "tty:x:5:\n"
		       "www-data:x:33:\n"
		       "users:x:100:\n"
		       "nogroup:x:65534:\n" },
	{ "etc/hosts", "" },
	{ "etc/hostname", "" },
	{ "etc/resolv.conf", "" },
};

/* Refuses a program that asks for a dynamic linker: an image of it alone would not run. */
static int check_static(int program, const char *path, struct err *err)
{
	Elf64_Ehdr header;

	if (pread(program, &header, sizeof(header), 0) != sizeof(header) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_phentsize != sizeof(Elf64_Phdr))
		return err_set(err, 0, "%s is no program of this machine", path);
	for (unsigned i = 0; i < header.e_phnum; i++) {
		Elf64_Phdr part;

		if (pread(program, &part, sizeof(part), (off_t)(header.e_phoff + i * sizeof(part))) !=
		    sizeof(part))
			return err_set(err, 0, "%s is cut off", path);
		if (part.p_type == PT_INTERP)
			return err_hint(err, err_set(err, 0, "%s needs shared libraries", path),
					"install the static one: apt-get install busybox-static");
	}
	return 0;
}

/* Copies an open file to path under dir. */
static int copy_program(int from, int dir, const char *path, struct err *err)
{
	cleanup_fd int to = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	char chunk[65536];
	ssize_t n = 0;
	int code = to < 0 ? -errno : 0;

	while (!code && (n = read(from, chunk, sizeof(chunk))) > 0)
		code = io_write_all(to, chunk, (size_t)n);
	if (!code && (n < 0 || fchmod(to, 0755) < 0))
		code = -errno;
	return code ? err_set(err, -code, "copy busybox to %s", path) : 0;
}

static int make_tree(int rootfs, struct err *err)
{
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
		if (mkdirat(rootfs, directories[i].path, directories[i].mode) < 0 ||
		    fchmodat(rootfs, directories[i].path, directories[i].mode, 0) <
			    0) /* not less the umask */
			return err_set(err, errno, "make directory %s", directories[i].path);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int code = io_replace_file(rootfs, files[i].path, files[i].text, strlen(files[i].text), 0644,
					   err);

		if (!code && fchmodat(rootfs, files[i].path, 0644, 0) < 0)
			code = err_set(err, errno, "set mode of %s", files[i].path);
		if (code)
			return code;
	}
	return 0;
}

/* A symbolic link in bin for each applet that the program lists. */
static int link_applets(int rootfs, const char *applets, struct err *err)
{
	struct strv names = { 0 };
	int code = 0;

	strv_split(&names, applets, '\n');
	for (size_t i = 0; i < names.n && !code; i++) {
		cleanup_free char *path = text_format("bin/%s", names.v[i]);

		if (*names.v[i] && !strchr(names.v[i], '/') && symlinkat("busybox", rootfs, path) < 0 &&
		    errno != EEXIST) /* busybox is an applet itself */
			code = err_set(err, errno, "link %s", path);
	}
	strv_free(&names);
	/* where scripts look for it */
	if (!code && symlinkat("/bin/env", rootfs, "usr/bin/env") < 0)
		code = err_set(err, errno, "link usr/bin/env");
	return code;
}

int busybox_fill(int rootfs, const char *busybox, struct err *err)
{
	char *list[] = { (char *)busybox, "--list", NULL };
	cleanup_fd int from = io_open(AT_FDCWD, busybox, O_RDONLY, err);
	struct program program;
	struct buf applets = { 0 };
	int code;

	if (from < 0)
		return from;
	code = check_static(from, busybox, err);
	if (!code)
		code = make_tree(rootfs, err);
	if (!code)
		code = copy_program(from, rootfs, "bin/busybox", err);
	if (!code)
		code = program_start(list, from, -1, &program, err); /* it reads no input */
	if (!code)
		code = program_wait(&program, &applets, err);
	if (code > 0)
		code = err_set(err, 0, "%s --list ended with status %d", busybox, code);
	if (!code)
		code = link_applets(rootfs, applets.data, err);
	buf_free(&applets);
	return code;
}
