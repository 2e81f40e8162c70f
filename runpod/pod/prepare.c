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
#include "spec/fields.h"
#include "store/volume.h"

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

static size_t depth_of(const struct mount_spec *mount)
{
	size_t depth = 0;

	for (const char *c = mount->target; *c; c++)
		depth += *c == '/';
	return depth;
}

/* A mount hides what was mounted below its place before: so /data goes before /data/sub, however they were
 * named. Of two at one place the later stays on top. */
static void sort_mounts(struct mount_list *mounts)
{
	for (size_t i = 1; i < mounts->n; i++)
		for (size_t j = i; j && depth_of(&mounts->v[j - 1]) > depth_of(&mounts->v[j]); j--) {
			struct mount_spec deeper = mounts->v[j - 1];

			mounts->v[j - 1] = mounts->v[j];
			mounts->v[j] = deeper;
		}
}

/* The pod's mounts and the container's, with named volumes made into their directories. */
static int arrange_mounts(const struct store *store, const struct ctr *ctr, struct mount_list *ret_mounts,
			  struct err *err)
{
	const struct mount_list *lists[] = { &ctr->pod->record.spec.mounts, &ctr->record.spec.mounts };

	for (size_t list = ctr->record.infra ? 2 : 0; list < 2; list++) {
		for (size_t i = 0; i < lists[list]->n; i++) {
			struct mount_spec *mount = fields_append(&mount_spec_shape, ret_mounts);

			fields_copy(&mount_spec_shape, &lists[list]->v[i], mount);
			if (strcmp(mount->type, "volume"))
				continue;
			text_replace(&mount->source, volume_data_path(store, lists[list]->v[i].source));
			if (access(mount->source, F_OK))
				return err_set(err, errno, "use volume %s", lists[list]->v[i].source);
			mount->nodev = true;
			mount->recursive = true;
		}
	}
	sort_mounts(ret_mounts);
	return 0;
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

	if (target < 0)
		return err_set(err, 0, "container %.12s is not running", proc->ctr->record.id);
	plan_namespaces(&proc->ctr->pod->record, &proc->ctr->record,
			&child->parts); /* for the host name's sake */
	child->pid_ns = target;
	how->purpose = "another program for a container that runs";
	prepare_join(child, target,
		     CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWNS,
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
		code = arrange_mounts(ctr->pod->store, ctr, mounts, err);
	return code ? code : make_upper(ctr, child->ctr_dir, err);
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
			       .pid_ns = -1,
			       .root = -1,
			       .dev = -1 };
	struct spawn how = { .cgroup_fd = -1,
			     .lesson = 16,
			     .purpose = ctr->record.infra ? "infra is born holding the namespaces"
							  : "the container is born" };
	cleanup_free char *directory = text_format("pods/%s/ctr/%s", ctr->pod->record.id, ctr->record.id);
	cleanup_free char *hostname = NULL, *resolv = NULL;
	int code;

	child.ctr_dir = directory;
	code = arrange(proc, &child, &how, &opened, &mounts, err);
	if (!code) {
		child.hostname = hostname = hostname_of(ctr, &child);
		child.resolv = resolv = resolv_text(ctr, child.parts.net.source == NS_NEW);
		if (hostname && !strv_get(&ctr->record.env, "HOSTNAME"))
			strv_addf(&child.env, "HOSTNAME=%s", hostname);
		code = prepare_birth(proc, &child, &how, err);
	}
	forget_child(&child, &mounts, &opened);
	return code;
}
