/*
 * supervisor: one process a pod. It waits in one epoll(7) for everything at
 * once: processes that end (pidfds), output, clients, deadlines (timerfd_create(2)),
 * signals (signalfd(2)). It is the only writer of the pod's state.
 *
 * It can be killed at any moment: containers go on, and the next runpod command
 * starts another supervisor that adopts them (adopt.c). Lessons 19 and 22.
 */
#include "pod/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/cgroup.h"
#include "kern/pidfd.h"
#include "pod/adopt.h"
#include "pod/pasta.h"
#include "pod/pod.h"
#include "store/lock.h"

int watch_add(struct pod *pod, struct watch *watch, unsigned events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	if (epoll_ctl(pod->epoll, EPOLL_CTL_ADD, watch->fd, &event) < 0)
		return -errno;
	watch->events = events;
	return 0;
}

void watch_remove(struct pod *pod, struct watch *watch)
{
	if (watch->events)
		epoll_ctl(pod->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	watch->events = 0;
}

void watch_close(struct pod *pod, struct watch *watch)
{
	watch_remove(pod, watch);
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}

static void timer_ready(struct pod *pod, struct watch *watch, unsigned events)
{
	uint64_t times;

	(void)pod;
	(void)events;
	if (read(watch->fd, &times, sizeof(times)) < 0)
		return; /* pod_tick looks at the deadlines anyway */
}

/* SIGTERM to a supervisor stops its pod in good order; SIGCHLD is for orphans of helpers. */
static void signal_ready(struct pod *pod, struct watch *watch, unsigned events)
{
	struct signalfd_siginfo info;

	(void)events;
	if (read(watch->fd, &info, sizeof(info)) == sizeof(info) && info.ssi_signo == SIGTERM)
		pod_stop(pod, -1);
}

static int open_loop(struct pod *pod, struct err *err)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	pod->epoll = epoll_create1(EPOLL_CLOEXEC);
	pod->listener = (struct watch){ .fd = SUPERVISOR_LISTENER, .ready = session_accept };
	pod->timer = (struct watch){ .fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK),
				     .ready = timer_ready };
	pod->signals = (struct watch){ .fd = signalfd(-1, &signals, SFD_CLOEXEC), .ready = signal_ready };
	fcntl(SUPERVISOR_LISTENER, F_SETFD, FD_CLOEXEC);
	fcntl(SUPERVISOR_LISTENER, F_SETFL, O_NONBLOCK);
	if (watch_add(pod, &pod->listener, EPOLLIN) || watch_add(pod, &pod->timer, EPOLLIN) ||
	    watch_add(pod, &pod->signals, EPOLLIN))
		return err_set(err, errno, "set up the supervisor's loop");
	return 0;
}

static void find_facts(struct pod *pod)
{
	const char *why_not;
	cleanup_free char *base = cgroup_base();
	struct buf controllers = { 0 };

	pod->facts.rootless = pod->store->rootless;
	pod->facts.pasta = pod->facts.rootless && pasta_usable(&why_not);
	pod->facts.cgroup_base = take_ptr(base);
	if (pod->facts.cgroup_base &&
	    !cgroup_get(pod->facts.cgroup_base, "cgroup.controllers", &controllers, NULL))
		pod->facts.pids_controller = strstr(controllers.data, "pids");
	buf_free(&controllers);
}

static int open_pod(struct pod *pod, const char *id, struct err *err)
{
	int code = record_read_pod(pod->store, id, &pod->record, err);

	if (code)
		return code;
	pod->run_dir = record_open_run_dir(pod->store, id, err);
	if (pod->run_dir < 0)
		return pod->run_dir;
	pod->lock = lock_open(pod->run_dir);
	find_facts(pod);
	code = open_loop(pod, err);
	if (!code)
		code = adopt_pod(pod, err);
	if (code)
		return code;
	pod->state.supervisor_pid = getpid();
	pidfd_start_ticks(getpid(), &pod->state.supervisor_ticks);
	code = pod_save(pod, err);
	close(SUPERVISOR_LOCK); /* whoever looks for the user's namespace now finds us */
	return code;
}

/*
 * Nothing runs and nobody asks: take the pod's lock, so that no command is just
 * about to connect, and go. Returns whether we may.
 */
static bool may_leave(struct pod *pod)
{
	if (!pod_idle(pod) || pod->sessions)
		return false;
	if (faccessat(pod->run_dir, "control", F_OK, 0) < 0)
		return true; /* the pod has been removed */
	if (lock_try(pod->lock))
		return false; /* a command has it: it will speak to us, or remove the pod */
	pod->state.supervisor_pid = pod->state.supervisor_ticks = 0;
	pod_save(pod, NULL);
	unlinkat(pod->run_dir, "control", 0);
	return true;
}

/* DOC: supervisor-loop */
static void run_loop(struct pod *pod)
{
	struct epoll_event event;

	while (!pod->leaving) {
		struct watch *watch;
		/* one at a time: what one event frees, the next can no longer name */
		int n = epoll_wait(pod->epoll, &event, 1, pod->lingering ? 20 : -1);

		if (n < 0 && errno != EINTR)
			return;
		watch = event.data.ptr;
		if (n > 0)
			watch->ready(pod, watch, event.events);
		pod_tick(pod);
		if (pod_idle(pod))
			run_undo(pod, &pod->plan); /* nobody stands on it any more */
		sessions_check(pod);
		if (pod->changed)
			pod_save(pod, NULL);
		sessions_reap(pod);
		pod->leaving = pod->spoken && may_leave(pod);
		pod->lingering = pod->spoken && !pod->sessions && pod_idle(pod);
	}
}

int supervisor_main(int argc, char **argv)
{
	struct store store = { 0 };
	struct pod pod = { .store = &store };
	struct err err = { 0 };

	if (argc != 5)
		return EXIT_OWN_ERROR;
	/* DOC: not-dumpable - children of ours enter containers before they are the containers' own; nobody
	 * there may look into them meanwhile (prctl(2), ptrace(2)) */
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_NAME, "runpod-pod");
	if (store_open(argv[2], argv[3], &store, &err) || open_pod(&pod, argv[4], &err)) {
		fprintf(stderr, "supervisor of %s: %s\n", argv[4], err.text);
		return EXIT_OWN_ERROR;
	}
	run_loop(&pod);
	return 0;
}
