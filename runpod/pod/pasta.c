/*
 * pasta: starts pasta(1) on a pod's network namespace; pasta.h tells what for.
 *
 * pasta drops most capabilities before it looks at its arguments, and then may
 * not open /proc/PID/ns/net of a process that has more (see ptrace(2), access
 * mode checks). So it inherits the namespace as a descriptor and is given
 * /proc/self/fd/3 for a name: opening that is always allowed.
 */
#include "pod/pasta.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/num.h"
#include "base/tool.h"
#include "kern/inherit.h"
#include "kern/link.h"
#include "kern/spawn.h"
#include "kern/sys.h"
#include "pod/network.h"

#define START_TIMEOUT INT64_C(5000000000) /* nanoseconds */
#define LOOK_EVERY    10		  /* milliseconds */
#define COMPLAINT_MAX (64 * 1024)

static char pasta_path[256];

const char *pasta_tool(void)
{
	return tool_find("pasta", pasta_path, sizeof(pasta_path));
}

bool pasta_usable(const char **ret_why)
{
	*ret_why = NULL;
	if (!pasta_tool())
		*ret_why = "pasta is not installed (package passt)";
	else if (access("/dev/net/tun", R_OK | W_OK) < 0)
		*ret_why = "/dev/net/tun cannot be opened";
	return !*ret_why;
}

struct luggage {
	int netns;     /* the pod's network namespace */
	int complaint; /* where standard output and error go */
};

/* In the child: 0 to 3 are all it takes along. No port is forwarded by pasta itself (that is the publisher's
 * work, see publish.h), and the host is not to be reached by the gateway's address. */
static int become_pasta(void *arg)
{
	char *argv[] = { pasta_path, "--config-net", "--foreground", "--quiet", "--no-map-gw",
			 "-t",	     "none",	     "-u",	     "none",	"-T",
			 "none",     "-U",	     "none",	     "--netns", "/proc/self/fd/3",
			 NULL };
	const struct luggage *luggage = arg;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* out of the way of 0 to 3 first, so that no dup2 overwrites what a later one needs */
	int netns = fcntl(luggage->netns, F_DUPFD_CLOEXEC, 10);
	int complaint = fcntl(luggage->complaint, F_DUPFD_CLOEXEC, 10);

	inherit_no_signals();
	if (dup2(null, 0) == 0 && dup2(complaint, 1) == 1 && dup2(complaint, 2) == 2 && dup2(netns, 3) == 3) {
		sys_close_range(4, ~0U, 0);
		execv(pasta_path, argv);
	}
	return 127;
}

/* Waits until the pod has its address and its way out, or pasta ends, or the time is up. */
static int wait_for_interface(int pod, int pidfd, uint32_t *ret_address, struct err *err)
{
	int64_t deadline = clock_boot() + START_TIMEOUT;
	struct pollfd ended = { .fd = pidfd, .events = POLLIN };

	for (;;) {
		int ready = link_has_default_route(pod, err);

		if (ready > 0)
			ready = !link_first_address(pod, ret_address, NULL);
		if (ready)
			return ready < 0 ? ready : 0;
		if (poll(&ended, 1, LOOK_EVERY) > 0)
			return err_set(err, 0, "pasta gave up");
		if (clock_boot() > deadline)
			return err_set(err, ETIMEDOUT, "wait for pasta to set up the pod's interface");
	}
}

/* Ends it and passes on what it said. */
static int give_up(pid_t pid, int *pidfd, int complaint, int code, struct err *err)
{
	struct buf text = { 0 };

	sys_pidfd_send_signal(*pidfd, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(*pidfd);
	*pidfd = -1;
	if (!lseek(complaint, 0, SEEK_SET) && !io_read_all(complaint, COMPLAINT_MAX, &text)) {
		while (text.len && text.data[text.len - 1] == '\n')
			text.data[--text.len] = '\0';
		for (size_t i = 0; i < text.len; i++)
			if (text.data[i] == '\n')
				text.data[i] = ';';
		if (text.len)
			err_hint(err, code, "it says: %.500s", text.data);
	}
	buf_free(&text);
	return code;
}

pid_t pasta_spawn(int infra_pidfd, int cgroup_fd, char ret_ip[LEASE_IP_MAX], int *ret_pidfd, struct err *err)
{
	struct spawn how = { .cgroup_fd = cgroup_fd, .lesson = 17 };
	cleanup_fd int netns = -1, pod = -1, complaint = -1;
	struct luggage luggage;
	uint32_t address = 0;
	pid_t pid;
	int code;

	*ret_pidfd = -1;
	if (!pasta_tool())
		return err_set(err, ENOENT, "find pasta");
	netns = network_pod_namespace(infra_pidfd, err);
	if (netns < 0)
		return netns;
	pod = network_pod_socket(infra_pidfd, err);
	if (pod < 0)
		return pod;
	complaint = memfd_create("pasta", MFD_CLOEXEC);
	if (complaint < 0)
		return err_set(err, errno, "make a memory file for pasta");
	luggage = (struct luggage){ .netns = netns, .complaint = complaint };
	how.purpose = "pasta, the way out of a rootless pod";
	pid = spawn(&how, become_pasta, &luggage, ret_pidfd, err);
	if (pid < 0)
		return pid;
	code = wait_for_interface(pod, *ret_pidfd, &address, err);
	if (code)
		return give_up(pid, ret_pidfd, complaint, code, err);
	subnet_text(address, ret_ip);
	return pid;
}
