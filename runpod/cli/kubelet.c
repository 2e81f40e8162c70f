/*
 * kubelet: static pods: what lies in a directory runs, what goes from it is torn down. The
 * pods' own supervisors do the rest of a kubelet's work, and go on when this ends.
 *
 * Rule: a file is read when its writer has closed it or renamed it into place (inotify(7)), so
 * half a file is never half a pod; one that is wrong changes nothing. Lesson 21.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "cli/kube_file.h"
#include "cli/kube_objects.h"
#include "cli/kube_sync.h"
#include "cli/verbs.h"
#include "pod/actions.h"
#include "pod/status.h"

#define SETTLED	   INT64_C(300000000) /* a file that nobody wrote to for so long, in ns, is whole */
#define LOOK_AGAIN 10000	      /* ms: pods that were removed by hand come back */

struct kubelet {
	struct cli *cli;
	char *directory; /* absolute */
	int inotify;
	int signals;
	struct strv unsettled; /* files that were being written when we came */
};

/* A line for each thing that was done; errors too, since nobody waits for an exit status here. */
static void report(const char *file, const char *kind, const char *name, const char *done,
		   const struct err *why)
{
	cleanup_free char *title = kubectl_title(kind, name);

	if (why)
		printf("%s: %s: %s\n", file, title, why->text);
	else
		printf("%s: %s %s\n", file, title, done ? done : "");
	fflush(stdout);
}

/* The pods that a file made: they carry its path. */
static void pods_of(struct kubelet *kubelet, const char *path, struct strv *ret_names)
{
	struct pod_views views;

	if (pod_views_read(&kubelet->cli->store, &views, NULL, NULL))
		return;
	for (size_t i = 0; i < views.n; i++) {
		struct pod_view *pod = &views.v[i];

		if (!pod->hidden && !pod_view_load(&kubelet->cli->store, pod, NULL) &&
		    text_equal(strv_get(&pod->record.spec.annotations, KUBE_SOURCE), path))
			strv_add(ret_names, pod->name);
	}
	pod_views_free(&views);
}

static void tear_down(struct kubelet *kubelet, const char *file, const char *name)
{
	struct action stop = { .op = "stop", .timeout = -1, .terminating = true };
	struct err err = { 0 };
	struct name_ref ref;

	if (name_find(&kubelet->cli->store, NAME_POD, name, &ref, NULL))
		return;
	if (pod_act(&kubelet->cli->store, ref.pod_id, &stop, NULL, &err) ||
	    pod_remove(&kubelet->cli->store, ref.pod_id, true, -1, &err))
		report(file, "Pod", name, NULL, &err);
	else
		report(file, "Pod", name, "deleted", NULL);
}

/* Makes the objects so, and takes away what the file no longer names. */
static void carry_out(struct kubelet *kubelet, const char *file, const char *path,
		      const struct kube_objects *objects)
{
	struct strv before = { 0 }, now = { 0 };

	pods_of(kubelet, path, &before);
	for (size_t i = 0; i < objects->n; i++) {
		struct kube_synced synced = { 0 };
		struct err err = { 0 };
		json_t *pod = kube_file_pod(&objects->v[i]);
		int code = kube_sync(kubelet->cli, &objects->v[i], path, &synced, &err);

		if (code || strcmp(synced.done, "unchanged"))
			report(file, objects->v[i].kind, objects->v[i].name, synced.done, code ? &err : NULL);
		if (pod)
			strv_add(&now, kubectl_name(pod));
		json_decref(pod);
		kube_synced_free(&synced);
	}
	for (size_t i = 0; i < before.n; i++)
		if (!strv_has(&now, before.v[i]))
			tear_down(kubelet, file, before.v[i]);
	strv_free(&before);
	strv_free(&now);
}

/* A file that is there now: a wrong one is told and changes nothing. */
static void read_one(struct kubelet *kubelet, const char *file)
{
	cleanup_free char *path = text_format("%s/%s", kubelet->directory, file);
	static const struct kube_options options;
	struct kube_objects objects = { 0 };
	struct err err = { 0 };

	if (kube_file_read(kubelet->cli, path, &options, &objects, &err)) {
		for (size_t i = 0; i < kubelet->cli->failures.n; i++)
			fprintf(stderr, "%s\n", kubelet->cli->failures.v[i]);
		fprintf(stderr, "%s\n", err.text);
		strv_free(&kubelet->cli->failures);
	} else {
		carry_out(kubelet, file, path, &objects);
	}
	kube_objects_free(&objects);
}

static void file_gone(struct kubelet *kubelet, const char *file)
{
	cleanup_free char *path = text_format("%s/%s", kubelet->directory, file);
	struct kube_objects none = { 0 };

	carry_out(kubelet, file, path, &none);
}

/* Reads all files, but those that somebody may still be writing. */
static void read_all(struct kubelet *kubelet)
{
	struct strv files = { 0 };

	kube_directory(kubelet->directory, &files, NULL);
	strv_free(&kubelet->unsettled);
	for (size_t i = 0; i < files.n; i++) {
		cleanup_free char *path = text_format("%s/%s", kubelet->directory, files.v[i]);
		struct stat st;

		if (stat(path, &st))
			continue;
		if (clock_wall() - (st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec) < SETTLED)
			strv_add(&kubelet->unsettled, files.v[i]);
		else
			read_one(kubelet, files.v[i]);
	}
	strv_free(&files);
}

/* Pods of this directory whose file went while nobody watched. */
static void tear_down_orphans(struct kubelet *kubelet)
{
	struct pod_views views;

	if (pod_views_read(&kubelet->cli->store, &views, NULL, NULL))
		return;
	for (size_t i = 0; i < views.n; i++) {
		struct pod_view *pod = &views.v[i];
		const char *source;

		if (pod->hidden || pod_view_load(&kubelet->cli->store, pod, NULL))
			continue;
		source = strv_get(&pod->record.spec.annotations, KUBE_SOURCE);
		if (source && text_starts(source, kubelet->directory) &&
		    source[strlen(kubelet->directory)] == '/' && access(source, F_OK))
			tear_down(kubelet, source + strlen(kubelet->directory) + 1, pod->name);
	}
	pod_views_free(&views);
}

static void files_changed(struct kubelet *kubelet)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t n = read(kubelet->inotify, events, sizeof(events));

	for (char *at = events; n > 0 && at < events + n;) {
		const struct inotify_event *event = (const struct inotify_event *)at;

		at += sizeof(*event) + event->len;
		if (event->mask & IN_Q_OVERFLOW) {
			tear_down_orphans(kubelet);
			read_all(kubelet);
		} else if (!event->len || !kube_is_manifest(event->name)) {
			continue;
		} else if (event->mask & (IN_DELETE | IN_MOVED_FROM)) {
			file_gone(kubelet, event->name);
		} else {
			read_one(kubelet, event->name);
		}
	}
}

static int watch(struct kubelet *kubelet, struct err *err)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	kubelet->signals = signalfd(-1, &signals, SFD_CLOEXEC);
	kubelet->inotify = inotify_init1(IN_CLOEXEC);
	if (kubelet->signals < 0 || kubelet->inotify < 0 ||
	    inotify_add_watch(kubelet->inotify, kubelet->directory,
			      IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR) < 0)
		return err_set(err, errno, "watch directory %s", kubelet->directory);
	return 0;
}

static void run_loop(struct kubelet *kubelet)
{
	struct pollfd fds[] = { { .fd = kubelet->inotify, .events = POLLIN },
				{ .fd = kubelet->signals, .events = POLLIN } };

	for (;;) {
		int n = poll(fds, 2, kubelet->unsettled.n ? SETTLED / 1000000 : LOOK_AGAIN);

		if (fds[1].revents)
			return; /* the pods live on: they have supervisors of their own */
		if (n == 0)
			read_all(kubelet);
		else if (fds[0].revents)
			files_changed(kubelet);
	}
}

struct kubelet_flags {
	char *directory;
};

static const struct opt options[] = {
	{ "manifest-dir", 0, OPT_TEXT, offsetof(struct kubelet_flags, directory), "directory",
	  "Run the manifests in this directory (also --pod-manifest-path)", NULL, NULL },
	{ "pod-manifest-path", 0, OPT_TEXT, offsetof(struct kubelet_flags, directory), "directory", NULL,
	  NULL, NULL },
	{ 0 },
};

static int kubelet_run(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct kubelet_flags *flags = target;
	struct kubelet kubelet = { .cli = cli, .inotify = -1, .signals = -1 };
	char path[PATH_MAX];
	int code = cli_store(cli, err);

	(void)args;
	if (!code && !flags->directory)
		code = err_set(err, 0, "kubelet needs --manifest-dir DIRECTORY");
	if (!code && !realpath(flags->directory, path))
		code = err_set(err, errno, "directory %s", flags->directory);
	if (code)
		return code;
	kubelet.directory = path;
	code = watch(&kubelet, err); /* before the first look: nothing can happen in between */
	if (!code) {
		tear_down_orphans(&kubelet);
		read_all(&kubelet);
		run_loop(&kubelet);
	}
	strv_free(&kubelet.unsettled);
	if (kubelet.inotify >= 0)
		close(kubelet.inotify);
	if (kubelet.signals >= 0)
		close(kubelet.signals);
	return code;
}

const struct verb verb_kubelet = {
	.usage = "[options]",
	.description =
		"Runs the pods whose manifests lie in a directory: a file that appears is run, one that\n"
		"  changes is applied, one that goes takes its pods with it. Runs until ^C; the pods go on.",
	.examples = "kubelet --manifest-dir /etc/runpod/manifests",
	.options = options,
	.flags_size = sizeof(struct kubelet_flags),
	.run = kubelet_run,
};
