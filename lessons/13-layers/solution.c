/*
 * layered: containers that share one image, each with a layer of its own.
 *
 * Build: gcc -I../.. -o layered lab.c
 *
 *	layered run NAME IMAGE COMMAND [ARG...]   IMAGE: a directory, or several: TOP:…:BOTTOM
 *	layered diff NAME                         what the container changed
 *
 * NAME is a directory for the container: NAME/upper has its changes, NAME/root
 * is where image and changes are seen as one. See mount(8), section overlay.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lesson.h"

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("write %s", path);
	close(fd);
}

/* A user namespace in which we are root, and a mount namespace: lessons 02 and 08. */
static void make_namespaces(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		die("unshare");
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", gid);
	write_file("/proc/self/gid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", uid);
	write_file("/proc/self/uid_map", map);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		die("make / private");
}

/* Makes NAME/PART, unless it is there already: the container may have run before. */
static void make_part(const char *name, const char *part)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", name, part);
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		die("make directory %s", path);
}

/* The options of the mount: which directories are laid one over the other. */
static void overlay_options(const char *name, const char *image, char *options, size_t size)
{
	snprintf(options, size, "lowerdir=%s,upperdir=%s/upper,workdir=%s/work,userxattr", image, name, name);
}

/* Mounts image and changes, as one, on NAME/root. */
static void mount_layers(const char *name, const char *image)
{
	char root[4096], options[8192];

	snprintf(root, sizeof(root), "%s/root", name);
	overlay_options(name, image, options, sizeof(options));
	if (mount("overlay", root, "overlay", 0, options) < 0)
		die("mount overlay on %s with %s", root, options);
	if (chdir(root) < 0)
		die("go to %s", root);
}

static int run(const char *name, const char *image, char **command)
{
	make_namespaces();
	make_part(name, "");
	make_part(name, "upper");
	make_part(name, "work");
	make_part(name, "root");
	mount_layers(name, image);
	if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0)
		die("change the root (lesson 12)");
	execvp(command[0], command);
	die("run %s", command[0]);
}

static size_t skip; /* length of "NAME/upper", which is not shown */

/* Called for everything in NAME/upper. */
static int show(const char *path, const struct stat *info, int type, struct FTW *where)
{
	char mark = 'C';

	(void)type;
	if (where->level == 0 || S_ISDIR(info->st_mode))
		return 0;
	if (S_ISCHR(info->st_mode) && info->st_rdev == makedev(0, 0))
		mark = 'D';
	printf("%c %s\n", mark, path + skip);
	return 0;
}

int main(int argc, char **argv)
{
	char upper[4096];

	if (argc >= 5 && strcmp(argv[1], "run") == 0)
		return run(argv[2], argv[3], argv + 4);
	if (argc != 3 || strcmp(argv[1], "diff") != 0) {
		fprintf(stderr, "usage: layered run NAME IMAGE COMMAND [ARG...] | layered diff NAME\n");
		return 2;
	}
	skip = snprintf(upper, sizeof(upper), "%s/upper", argv[2]);
	if (nftw(upper, show, 16, FTW_PHYS) < 0)
		die("look through %s", upper);
	return 0;
}
