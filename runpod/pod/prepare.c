/*
 * prepare: from records to a `struct child`, and its birth. Everything is
 * decided here, in the parent; the child only carries it out. Lesson 16.
 */
#include "pod/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/pause_blob.h"
#include "kern/capability.h"
#include "kern/cgroup.h"
#include "kern/join.h"
#include "kern/self.h"
#include "kern/spawn.h"
#include "pod/environ.h"
#include "spec/fields.h"

/* The capabilities and the filter. */
static int arrange_power(const struct ctr_record *ctr, bool privileged, struct child *child, struct err *err)
{
	struct strv all = { 0 };
	int code;

	if (ctr->infra)
		child->capabilities = 0;
	else if (privileged) {
		strv_add(&all, "ALL");
		code = capability_combine(0, &all, NULL, &child->capabilities, err);
		strv_free(&all);
		return code;
	} else {
		code = capability_combine(CAPABILITY_BASELINE, &ctr->spec.cap_add, &ctr->spec.cap_drop,
					  &child->capabilities, err);
		if (code)
			return code;
	}
	if (text_equal(ctr->spec.seccomp, "unconfined"))
		return 0;
	return seccomp_program(ctr->infra ? CAPABILITY_BASELINE : child->capabilities, &child->filter, err);
}

/* The host name that this process will see, which is also what $HOSTNAME says. */
static char *hostname_of(const struct ctr *ctr, const struct child *child)
{
	const struct pod_spec *pod = &ctr->pod->record.spec;
	char name[HOST_NAME_MAX + 1] = "";

	if (child->parts.uts.source == NS_NEW && !ctr->record.infra)
		return ctr->record.spec.hostname ? text_dup(ctr->record.spec.hostname)
						 : text_ndup(ctr->record.id, 12);
	if (child->parts.uts.source == NS_NEW || child->parts.uts.source == NS_INFRA)
		return text_dup(pod->hostname ? pod->hostname : pod->name ? pod->name : "pod");
	if (child->parts.uts.source == NS_HOST && !gethostname(name, sizeof(name) - 1))
		return text_dup(name);
	return NULL;
}

/* pause and init are carried inside runpod and executed from sealed memory. */
static int arrange_program(const struct ctr_record *ctr, struct child *child, struct opened *opened,
			   struct err *err)
{
	/* the ends of what the linker laid down between two symbols */
	size_t pause_size = (uintptr_t)pause_blob_end - (uintptr_t)pause_blob;
	size_t init_size = (uintptr_t)init_blob_end - (uintptr_t)init_blob;

	child->program = -1;
	if (child->exec)
		return 0;
	if (ctr->infra || text_equal(ctr->builtin, "pause"))
		child->program = opened_keep(opened, self_sealed_file("pause", pause_blob, pause_size, err));
	else if (ctr->spec.init)
		child->program = opened_keep(opened, self_sealed_file("init", init_blob, init_size, err));
	else
		return 0;
	return child->program < 0 ? child->program : 0;
}

/* For exec: everything is joined through the container's own process. */
static int arrange_exec(struct proc *proc, struct child *child, struct spawn *how, struct err *err)
{
	int target = proc->ctr->main.exit.fd;
	struct ns_parts *parts = &child->parts;

	if (target < 0)
		return err_set(err, 0, "container %.12s is not running", proc->ctr->record.id);
	plan_namespaces(&proc->ctr->pod->record, &proc->ctr->record, parts);
	child->pid_ns = parts->pid.source == NS_HOST ? -1 : target;
	how->purpose = "another program for a container that runs";
	/* what is the host's is ours already; an ordinary user's supervisor may not even ask for it */
	prepare_join(child, target,
		     CLONE_NEWNS | (parts->net.source == NS_HOST ? 0 : CLONE_NEWNET) |
			     (parts->ipc.source == NS_HOST ? 0 : CLONE_NEWIPC) |
			     (parts->uts.source == NS_HOST ? 0 : CLONE_NEWUTS) |
			     (parts->cgroup.source == NS_HOST ? 0 : CLONE_NEWCGROUP),
		     "joins the container, its mounts too");
	return 0;
}

/* The directories of the writable layer. overlayfs wants both on one file system. */
static int make_upper(const struct ctr *ctr, const char *directory, struct err *err)
{
	cleanup_free char *upper = text_format("%s/upper", directory),
			  *work = text_format("%s/work", directory);
	int root = ctr->pod->store->root_fd;

	if (ctr->record.infra || ctr->record.spec.rootfs)
		return 0;
	if ((mkdirat(root, upper, 0755) < 0 && errno != EEXIST) ||
	    (mkdirat(root, work, 0700) < 0 && errno != EEXIST))
		return err_set(err, errno, "make %s", upper);
	return 0;
}

static int arrange_container(struct proc *proc, struct child *child, struct spawn *how, struct opened *opened,
			     struct mount_list *mounts, struct err *err)
{
	struct ctr *ctr = proc->ctr;
	int code = prepare_namespaces(proc, child, how, opened, err);

	if (!code)
		code = prepare_mounts(ctr, child, mounts, err);
	return code ? code : make_upper(ctr, child->ctr_dir, err);
}

/* What the manifest leaves to be looked up: now, or for exec what was found at the start. */
static int arrange_words(struct proc *proc, struct child *child, struct strv *env, struct strv *args,
			 struct err *err)
{
	struct ctr *ctr = proc->ctr;

	child->given_env = &ctr->record.env;
	child->args = &ctr->record.args;
	if (!environ_needed(&ctr->record))
		return 0;
	child->given_env = env;
	child->args = args;
	if (!child->exec)
		return environ_resolve(ctr->pod, ctr, env, args, err);
	environ_recall(ctr, env);
	return 0;
}

/* Releases what was made for the child, who has copies of it all. */
static void forget_child(struct child *child, struct mount_list *mounts, struct opened *opened)
{
	for (int i = 0; i < opened->n; i++)
		close(opened->fds[i]);
	for (size_t i = 0; i < mounts->n; i++)
		fields_free(&mount_spec_shape, &mounts->v[i]);
	free(mounts->v);
	strv_free(&child->env);
	seccomp_free(&child->filter);
}

/* Everything but the birth. */
static int arrange(struct proc *proc, struct child *child, struct spawn *how, struct opened *opened,
		   struct mount_list *mounts, struct err *err)
{
	const struct ctr_record *ctr = &proc->ctr->record;
	bool privileged = ctr->spec.privileged || (child->exec && child->exec->privileged);
	int code = child->exec ? arrange_exec(proc, child, how, err)
			       : arrange_container(proc, child, how, opened, mounts, err);

	if (!code)
		code = arrange_power(ctr, privileged, child, err);
	return code ? code : arrange_program(ctr, child, opened, err);
}

/* DOC: prepare */
int prepare_and_spawn(struct proc *proc, const struct exec_spec *exec, struct err *err)
{
	struct ctr *ctr = proc->ctr;
	struct mount_list mounts = { 0 };
	struct opened opened = { .n = 0 };
	struct child child = { .pod = &ctr->pod->record,
			       .ctr = &ctr->record,
			       .exec = exec,
			       .mounts = &mounts,
			       .rootless = ctr->pod->store->rootless,
			       .store_root = ctr->pod->store->root,
			       .shared = -1,
			       .names = -1,
			       .infra = -1,
			       .passed = proc->passed,
			       .n_passed = proc->n_passed,
			       .pid_ns = -1,
			       .root = -1,
			       .dev = -1 };
	struct spawn how = { .cgroup_fd = -1,
			     .lesson = 16,
			     .purpose = ctr->record.infra ? "infra is born holding the namespaces"
							  : "the container is born" };
	cleanup_free char *directory = text_format("pods/%s/ctr/%s", ctr->pod->record.id, ctr->record.id);
	cleanup_free char *hostname = NULL, *resolv = NULL;
	struct strv env = { 0 }, args = { 0 };
	int code;

	child.ctr_dir = directory;
	code = arrange_words(proc, &child, &env, &args, err);
	if (!code)
		code = arrange(proc, &child, &how, &opened, &mounts, err);
	if (!code) {
		child.hostname = hostname = hostname_of(ctr, &child);
		child.resolv = resolv = resolv_text(ctr, child.parts.net.source == NS_NEW);
		if (hostname && !strv_get(child.given_env, "HOSTNAME"))
			strv_addf(&child.env, "HOSTNAME=%s", hostname);
		code = prepare_birth(proc, &child, &how, err);
	}
	forget_child(&child, &mounts, &opened);
	strv_free(&env);
	strv_free(&args);
	proc_drop_fds(proc); /* the child has copies */
	return code;
}
