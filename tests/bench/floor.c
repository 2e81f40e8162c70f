/*
 * floor: what a pod costs the kernel. The calls of runpod's pod cycle, each once
 * and in the plainest way, without records, logs, names, supervisor or checks:
 * nothing that makes such a pod can cost less.
 *
 *	floor filter HEADER FILE           HEADER (build/gen/seccomp_default.h) as a file for the others
 *	floor none|bridge DIR LOWER CGROUP PAUSE FILTER     a pod: infra, one container that runs `true`
 *	floor single DIR LOWER CGROUP PAUSE FILTER          one container, no infra
 *
 * DIR takes the writable layer, LOWER is the image's root, CGROUP a cgroup to
 * make groups in, `bridge` needs a bridge named benchbr with address 10.99.0.1/16.
 * Everything is removed again before it ends.
 */
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bench.h"
#include "floor_become.h"
#include "floor_net.h"
#include "floor_root.h"

#define KEEP_CAPABILITIES 0x800405fbULL /* the fourteen that a container has */

struct plan {
	const char *dir, *lower, *cgroup;
	int pause;		  /* sealed memory file */
	struct sock_fprog filter; /* of the container */
	int bridge, single;
	int infra;     /* its pidfd, in the container */
	int go, ready; /* one byte lets infra configure eth0; closed by execve */
	int out;       /* the container's standard output and error */
};

static void pivot(int root)
{
	must(fchdir(root), "fchdir");
	must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	must(umount2(".", MNT_DETACH), "umount the old root");
	must(chdir("/"), "chdir");
}

/* What a network and a uts namespace of its own get. */
static void set_up_names(int root)
{
	must(sethostname("bench", 5), "sethostname");
	put(AT_FDCWD, "/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	put(AT_FDCWD, "/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
	put(root, "etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost\n10.99.0.2\tbench\n");
	put(root, "etc/hostname", "bench\n");
	put(root, "etc/resolv.conf", "nameserver 192.0.2.53\n");
}

static void infra(const struct plan *plan)
{
	int root;
	char byte;

	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make / private");
	root = name_files();
	must(syscall(SYS_move_mount, root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH), "attach root");
	must(mkdirat(root, "dev", 0755), "mkdir");
	must(mkdirat(root, "dev/shm", 0755), "mkdir");
	must(mkdirat(root, "proc", 0755), "mkdir");
	must(mkdirat(root, "sys", 0755), "mkdir");
	attach(new_shm(), root, "dev/shm");
	if (plan->bridge)
		must(read(plan->go, &byte, 1), "wait for eth0");
	net_configure(plan->bridge);
	set_up_names(root);
	pivot(root);
	become(0, &plan->filter);
	must(syscall(SYS_execveat, plan->pause, "", (char *[]){ "/pause", NULL }, (char *[]){ NULL },
		     AT_EMPTY_PATH),
	     "execveat pause");
}

/* Infra's /dev/shm and name files, in one visit to its mounts. */
static void borrow(const struct plan *plan, int ret_mounts[4])
{
	const char *const paths[] = { "/dev/shm", "/etc/resolv.conf", "/etc/hosts", "/etc/hostname" };
	int own = (int)must(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), "open own mounts");
	int slash = (int)must(open("/", O_PATH | O_CLOEXEC), "open /");

	must(setns(plan->infra, CLONE_NEWNS), "visit infra's mounts");
	for (int i = 0; i < 4; i++)
		ret_mounts[i] = (int)must(copy_mount(AT_FDCWD, paths[i], 0), paths[i]);
	must(setns(own, CLONE_NEWNS), "come back");
	must(fchdir(slash), "fchdir");
	must(chroot("."), "chroot");
	close(own);
	close(slash);
}

static int make_root(const struct plan *plan)
{
	char upper[4096], work[4096];
	int root, dev;

	snprintf(upper, sizeof(upper), "%s/upper", plan->dir);
	snprintf(work, sizeof(work), "%s/work", plan->dir);
	root = new_mount(
		"overlay", 0,
		OPTIONS("source", "overlay", "lowerdir", plan->lower, "upperdir", upper, "workdir", work));
	must(syscall(SYS_move_mount, root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH), "attach root");
	attach(new_mount("proc", NO_EXEC, OPTIONS("source", "proc")), root, "proc");
	dev = new_mount("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
			OPTIONS("source", "tmpfs", "mode", "755", "size", "65536k"));
	devices(dev);
	attach(dev, root, "dev");
	attach(new_mount("devpts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
			 OPTIONS("source", "devpts", "newinstance", "", "ptmxmode", "0666", "mode", "0620",
				 "gid", "5")),
	       root, "dev/pts");
	attach(new_mount("mqueue", NO_EXEC, OPTIONS("source", "mqueue")), root, "dev/mqueue");
	attach(new_mount("sysfs", MOUNT_ATTR_RDONLY | NO_EXEC, OPTIONS("source", "sysfs")), root, "sys");
	attach(new_mount("cgroup2", MOUNT_ATTR_RDONLY | NO_EXEC, OPTIONS("source", "cgroup2")), root,
	       "sys/fs/cgroup");
	return root;
}

static void container(const struct plan *plan)
{
	static const char *const places[] = { "dev/shm", "etc/resolv.conf", "etc/hosts", "etc/hostname" };
	int root, files, mounts[4];

	if (!plan->single)
		must(setns(plan->infra, CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS), "join infra");
	must(unshare(CLONE_NEWCGROUP), "unshare cgroup");
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make / private");
	root = make_root(plan);
	if (plan->single) {
		files = name_files();
		net_configure(0);
		set_up_names(files);
		mounts[0] = new_shm();
		for (int i = 1; i < 4; i++)
			mounts[i] = (int)must(copy_mount(files, places[i], 0), places[i]);
		close(files);
	} else {
		borrow(plan, mounts);
	}
	for (int i = 0; i < 4; i++)
		attach(mounts[i], root, places[i]);
	masks(root);
	pivot(root);
	setsid();
	must(dup2((int)must(open("/dev/null", O_RDONLY), "/dev/null"), 0), "dup2");
	must(dup2(plan->out, 1), "dup2");
	must(dup2(plan->out, 2), "dup2");
	become(KEEP_CAPABILITIES, &plan->filter);
	must(syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC), "close_range");
	must(execve("/bin/busybox", (char *[]){ "true", NULL }, (char *[]){ "PATH=/bin", NULL }), "execve");
}

/* A child in CGROUP, with new namespaces of FLAGS. */
static pid_t born(uint64_t flags, const char *cgroup, int *ret_pidfd, void (*run)(const struct plan *),
		  const struct plan *plan)
{
	int group = (int)must(open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC), cgroup);
	struct clone_args args = { .flags = flags | CLONE_NEWNS | CLONE_PIDFD | CLONE_INTO_CGROUP,
				   .pidfd = (uintptr_t)ret_pidfd,
				   .exit_signal = SIGCHLD,
				   .cgroup = (uint64_t)group };
	pid_t pid = (pid_t)must(syscall(SYS_clone3, &args, sizeof(args)), "clone3");

	if (!pid) {
		run(plan);
		_exit(1);
	}
	close(group);
	return pid;
}

static void ended(int pidfd, int want_status)
{
	siginfo_t info = { 0 };

	must(waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED), "waitid");
	close(pidfd);
	if (info.si_code != CLD_EXITED || info.si_status != want_status) {
		fprintf(stderr, "floor: a child ended badly: code %d, status %d\n", info.si_code,
			info.si_status);
		_exit(1);
	}
}

static void start_infra(struct plan *plan, const char *cgroup)
{
	int go[2], ready[2];
	char byte;
	pid_t pid;

	must(pipe2(go, O_CLOEXEC), "pipe");
	must(pipe2(ready, O_CLOEXEC), "pipe");
	plan->go = go[0];
	pid = born(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS, cgroup, &plan->infra, infra, plan);
	close(ready[1]);
	if (plan->bridge) {
		net_add_veth(pid);
		must(write(go[1], "", 1), "let infra go");
	}
	must(read(ready[0], &byte, 1), "wait for infra"); /* ends when it executes pause */
	close(go[0]);
	close(go[1]);
	close(ready[0]);
}

static void run_container(struct plan *plan, const char *cgroup)
{
	int out[2], pidfd;
	char text[512];

	must(pipe2(out, O_CLOEXEC), "pipe");
	plan->out = out[1];
	born(CLONE_NEWPID | (plan->single ? CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS : 0), cgroup, &pidfd,
	     container, plan);
	close(out[1]);
	while (read(out[0], text, sizeof(text)) > 0)
		continue;
	close(out[0]);
	ended(pidfd, 0);
}

/* DOC: bench-floor */
static void cycle(struct plan *plan)
{
	char pod[4096], infra_group[4200], ctr_group[4200];

	snprintf(pod, sizeof(pod), "%s/pod", plan->cgroup);
	snprintf(infra_group, sizeof(infra_group), "%s/infra", pod);
	snprintf(ctr_group, sizeof(ctr_group), "%s/ctr", pod);
	must(mkdir(pod, 0755), pod);
	must(mkdir(ctr_group, 0755), ctr_group);
	must(chdir(plan->dir), plan->dir);
	must(mkdir("upper", 0755), "mkdir upper");
	must(mkdir("work", 0700), "mkdir work");
	if (!plan->single) {
		must(mkdir(infra_group, 0755), infra_group);
		start_infra(plan, infra_group);
	}
	run_container(plan, ctr_group);
	must(rmdir(ctr_group), ctr_group);
	must(rmdir("work/work"), "rmdir work/work");
	must(rmdir("work"), "rmdir work");
	must(rmdir("upper"), "rmdir upper");
	if (!plan->single) {
		must(syscall(SYS_pidfd_send_signal, plan->infra, SIGTERM, NULL, 0), "stop infra");
		ended(plan->infra, 0);
		if (plan->bridge)
			net_delete_veth();
		must(rmdir(infra_group), infra_group);
	}
	must(rmdir(pod), pod);
}

/* Pause, as runpod executes it: from a memory file that nobody can write to. */
static int sealed(const char *path)
{
	static char text[1 << 20];
	int from = (int)must(open(path, O_RDONLY | O_CLOEXEC), path);
	int fd = (int)must(syscall(SYS_memfd_create, "pause", 3 /* close-on-exec, sealable */), "memfd");
	ssize_t n = must(read(from, text, sizeof(text)), path);

	must(write(fd, text, (size_t)n), "write memfd");
	must(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), "seal");
	close(from);
	return fd;
}

int main(int argc, char **argv)
{
	struct plan plan = { 0 };

	if (argc == 4 && !strcmp(argv[1], "filter"))
		return write_filter(argv[2], argv[3]);
	if (argc != 7) {
		fputs("usage: floor none|bridge|single DIR LOWER CGROUP PAUSE FILTER\n", stderr);
		return 2;
	}
	plan.bridge = !strcmp(argv[1], "bridge");
	plan.single = !strcmp(argv[1], "single");
	plan.dir = argv[2];
	plan.lower = argv[3];
	plan.cgroup = argv[4];
	if (!plan.single)
		plan.pause = sealed(argv[5]);
	read_filter(argv[6], &plan.filter);
	cycle(&plan);
	return 0;
}
