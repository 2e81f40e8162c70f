/*
 * child: the tables of contents of a container's birth; child.h tells the
 * rules. Each step is a function in this file or one of child_*.c.
 */
#include "pod/child.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "kern/explain.h"
#include "kern/join.h"
#include "kern/sys.h"

typedef int step_fn(struct child *child, struct err *err);

/* DOC: container-birth */
static step_fn *const start_steps[] = {
	child_score,	       /* its standing with the OOM killer, while /proc is still the host's */
	child_join_donors,     /* net, ipc, uts of infra: the trick */
	child_own_cgroup_ns,   /* our cgroup becomes its own "/": before /sys/fs/cgroup is mounted */
	child_private_tree,    /* what we mount from here on is ours alone */
	child_make_root,       /* layers, one over the other */
	child_take_shared,     /* /dev/shm and /etc/hosts of the pod, out of infra's mounts */
	child_standard_mounts, /* /proc /dev /sys */
	child_devices,	       /* --device, and with --privileged all */
	child_volumes,	       /* what the user asked for */
	child_who,	       /* the user, looked up in the container's own files */
	child_own_volumes,     /* option U: these files become that user's */
	child_wait_go,	       /* until the network is there */
	child_hostname,	       /* for a uts namespace of our own */
	child_sysctls,	       /* for network and ipc namespaces of our own */
	child_name_files,      /* /etc/hosts, hostname, resolv.conf */
	child_zone,	       /* --tz: /etc/localtime */
	child_containerenv,    /* /run/.containerenv: we are in a container */
	child_masks,	       /* cover what a container must not see */
	child_seal_root,       /* --read-only */
	child_pivot,	       /* the new root becomes "/", the old one goes */
	child_terminal,	       /* -t: a terminal of the container's own */
	child_limits,	       /* rlimits, umask */
	child_stdio,	       /* 0, 1, 2 */
	child_become,	       /* capabilities, groups, user, filter */
	child_workdir,	       /* as that user */
	child_execute,	       /* no way back */
	NULL,
};

static step_fn *const infra_steps[] = {
	child_join_donors,
	child_own_cgroup_ns,
	child_private_tree,
	child_infra_root,
	child_hostname,
	child_sysctls,
	child_wait_go,
	child_infra_files,
	child_pivot,
	child_stdio,
	child_become,
	child_execute,
	NULL,
};

static step_fn *const exec_steps[] = {
	child_score,	   /* while /proc is still the host's */
	child_join_donors, /* all namespaces of the container at once */
	child_find_root,   /* "/" is now its root */
	child_who,	   child_terminal, child_limits,  child_stdio,
	child_become,	   child_workdir,  child_execute, NULL,
};

/* Sends the error up. The socket is close-on-exec: silence and its end mean success. */
static int give_up(struct child *child, int code, const struct err *err)
{
	struct child_report report = { .code = code, .err = *err };

	io_send(child->talk, &report, sizeof(report), NULL, 0);
	return EXIT_OWN_ERROR;
}

static int run_steps(struct child *child, step_fn *const *steps)
{
	struct err err = { 0 };

	close(child->parent_end);
	for (; *steps; steps++) {
		int code = (*steps)(child, &err);

		if (code < 0)
			return give_up(child, code, &err);
	}
	return EXIT_OWN_ERROR; /* not reached: the last step is execve */
}

int child_start(void *arg)
{
	return run_steps(arg, start_steps);
}

int child_infra(void *arg)
{
	return run_steps(arg, infra_steps);
}

int child_exec(void *arg)
{
	return run_steps(arg, exec_steps);
}

/* DOC: join-infra */
int child_join_donors(struct child *child, struct err *err)
{
	for (int i = 0; i < child->n_joins; i++) {
		const struct child_join *join = &child->joins[i];
		int code = join_self(join->fd, join->flags, join->purpose, err);

		if (code)
			return code;
	}
	return 0;
}

int child_own_cgroup_ns(struct child *child, struct err *err)
{
	int code;

	if (child->parts.cgroup.source != NS_NEW)
		return 0;
	/* not a flag of clone3: the namespace's root is the cgroup that we are in at this moment,
	 * and during the clone that is still the parent's (cgroup_namespaces(7)) */
	code = (int)sys_result(unshare(CLONE_NEWCGROUP));
	explain_call(code, "its cgroup becomes its \"/\"", 14, "unshare(NEWCGROUP)");
	return code ? err_set(err, -code, "make a cgroup namespace") : 0;
}

int child_wait_go(struct child *child, struct err *err)
{
	char text[16384];
	ssize_t n = io_receive(child->talk, text, sizeof(text) - 1, NULL, NULL);

	if (n <= 0) /* the supervisor died, or undid the plan: nobody wants us any more */
		_exit(EXIT_OWN_ERROR);
	(void)err;
	child->hosts = text_ndup(
		text, (size_t)n - 1); /* behind the text stands one byte, so that it is never empty */
	return 0;
}

int child_hostname(struct child *child, struct err *err)
{
	int code;

	if (child->parts.uts.source != NS_NEW || !child->hostname)
		return 0;
	code = (int)sys_result(sethostname(child->hostname, strlen(child->hostname)));
	explain_call(code, "the name in this uts namespace", 3, "sethostname(\"%s\")", child->hostname);
	return code ? err_set(err, -code, "set host name %s", child->hostname) : 0;
}

/* One "name=value": dots become slashes below /proc/sys. */
static int set_sysctl(const char *setting, struct err *err)
{
	cleanup_free char *path = text_format("/proc/sys/%s", setting);
	char *value = strchr(path, '=');
	int code;

	if (!value)
		return err_set(err, 0, "sysctl %s: must be NAME=VALUE", setting);
	*value++ = '\0';
	for (char *dot = path + strlen("/proc/sys/"); (dot = strchr(dot, '.'));)
		*dot = '/';
	/* still the host's /proc, which no container can have replaced; what it shows under
	 * /proc/sys/net and /proc/sys/kernel/shm* is decided by the namespaces of who looks */
	code = io_write_kernel(AT_FDCWD, path, value, err);
	explain_call(code, "of this network or ipc namespace", 4, "write(\"%s\", \"%s\")", path, value);
	return code ? err_context(err, code, "set sysctl %s", setting) : 0;
}

int child_sysctls(struct child *child, struct err *err)
{
	const struct strv *wanted = child->ctr->infra ? &child->pod->spec.sysctls : &child->ctr->spec.sysctls;

	if (child->parts.net.source == NS_NEW) {
		set_sysctl("net.ipv4.ip_unprivileged_port_start=0", NULL);
		if (!child->rootless)
			set_sysctl("net.ipv4.ping_group_range=0 2147483647", NULL);
	}
	for (size_t i = 0; i < wanted->n; i++) {
		int code = set_sysctl(wanted->v[i], err);

		if (code)
			return code;
	}
	return 0;
}
