/*
 * flags_pod: the options of pod create, and reading its command line.
 *
 * Rule: infra is the process that holds the shared namespaces (see
 * namespaces(7): one lives as long as a process is in it). A pod that shares
 * nothing needs none, unless it is asked for. Lesson 16.
 */
#include <errno.h>
#include <stdlib.h>

#include "spec/check.h"
#include "spec/env.h"
#include "spec/fields.h"
#include "spec/flags_values.h"

#define SPEC(member) offsetof(struct pod_request, spec.member)
#define FLAG(member) offsetof(struct pod_request, flags.member)
#define ALL	     0 /* the whole request */

const struct opt flags_pod_options[] = {
	{ "add-host", 0, OPT_LIST, SPEC(names.hosts), "strings",
	  "Add a line to /etc/hosts (host:ip, or host:host-gateway)", NULL, NULL },
	{ "cgroup-parent", 0, OPT_TEXT, SPEC(cgroup_parent), "string", "Make the pod's cgroup below this one",
	  NULL, NULL },
	{ "cpu-shares", 'c', OPT_UINT, SPEC(limits.cpu_shares), "uint",
	  "CPU weight of the pod among others (1024 is normal)", NULL, NULL },
	{ "cpus", 0, OPT_CALL, FLAG(cpus), "float",
	  "Number of CPUs for the whole pod, 1.5 for one and a half", value_cpus, NULL },
	{ "cpuset-cpus", 0, OPT_TEXT, SPEC(limits.cpuset_cpus), "string", "CPUs to run on (0-2,4)", NULL,
	  NULL },
	{ "cpuset-mems", 0, OPT_TEXT, SPEC(limits.cpuset_mems), "string", "Memory nodes to use (0,1)", NULL,
	  NULL },
	{ "device", 0, OPT_LIST, SPEC(devices), "strings",
	  "Add a device of the host to all containers (host[:container[:rwm]])", NULL, NULL },
	{ "dns", 0, OPT_LIST, SPEC(names.servers), "strings", "Use these DNS servers", NULL, NULL },
	{ "dns-opt", 0, OPT_LIST, SPEC(names.options), "strings", NULL, NULL, NULL },
	{ "dns-option", 0, OPT_LIST, SPEC(names.options), "strings", "Set DNS options (see resolv.conf(5))",
	  NULL, NULL },
	{ "dns-search", 0, OPT_LIST, SPEC(names.search), "strings", "Search these DNS domains", NULL, NULL },
	{ "exit-policy", 0, OPT_TEXT, SPEC(exit_policy), "string",
	  "When the last container ended: continue (the default) or stop", NULL, NULL },
	{ "hostname", 'h', OPT_TEXT, SPEC(hostname), "string", "Set the hostname (default: the pod's name)",
	  NULL, NULL },
	{ "infra", 0, OPT_SWITCH, FLAG(infra), NULL,
	  "Make an infra container that holds the shared namespaces (default true)", NULL, NULL },
	{ "infra-command", 0, OPT_CALL, SPEC(infra_command), "string", "Run this in the infra container",
	  value_words, NULL },
	{ "infra-name", 0, OPT_TEXT, SPEC(infra_name), "string", "Give the infra container a name", NULL,
	  NULL },
	{ "label", 'l', OPT_CALL, SPEC(labels), "stringArray", "Set a label (key=value)", value_label, NULL },
	{ "label-file", 0, OPT_STRV, FLAG(label_files), "strings", "Read labels from a file", NULL, NULL },
	{ "memory", 'm', OPT_CALL, SPEC(limits.memory), "string", "Memory limit of the whole pod (64m, 2g)",
	  value_memory, NULL },
	{ "memory-swap", 0, OPT_CALL, SPEC(limits.memory_swap), "string",
	  "Memory and swap together (-1: no limit)", value_memory_swap, NULL },
	{ "name", 'n', OPT_TEXT, SPEC(name), "string", "Give the pod a name", NULL, NULL },
	{ "net", 0, OPT_CALL, SPEC(net), "string", NULL, value_net, NULL },
	{ "network", 0, OPT_CALL, SPEC(net), "string",
	  "Network: bridge, pasta, host, none, private, container:NAME or ns:PATH", value_net, NULL },
	{ "no-hosts", 0, OPT_BOOL, SPEC(names.no_hosts), NULL, "Leave /etc/hosts as the image has it", NULL,
	  NULL },
	{ "pid", 0, OPT_CALL, SPEC(pid), "string",
	  "PID namespace of the infra container: private, host, … or ns:PATH", value_pid, NULL },
	{ "pod-id-file", 0, OPT_TEXT, FLAG(pod_id_file), "string", "Write the pod's id to this file", NULL,
	  NULL },
	{ "publish", 'p', OPT_CALL, SPEC(ports), "strings",
	  "Publish ports: [[ip:]host:]container[/udp], ranges too", value_publish, NULL },
	{ "replace", 0, OPT_BOOL, FLAG(replace), NULL, "Remove a pod of that name first", NULL, NULL },
	{ "restart", 0, OPT_CALL, SPEC(restart), "string",
	  "When to start its containers again: no, on-failure[:N], always or unless-stopped", value_restart,
	  NULL },
	{ "security-opt", 0, OPT_CALL, SPEC(security_opt), "stringArray",
	  "Lift security options of all its containers", value_pod_security, NULL },
	{ "share", 0, OPT_TEXT, FLAG(share), "string",
	  "Namespaces to share: cgroup,ipc,net,pid,uts or none; +pid adds (default ipc,net,uts)", NULL,
	  NULL },
	{ "shm-size", 0, OPT_CALL, SPEC(shm_size), "string", "Size of /dev/shm (default 64m)", value_shm_size,
	  NULL },
	{ "sysctl", 0, OPT_LIST, SPEC(sysctls), "strings",
	  "Set a sysctl of the shared namespaces (key=value)", NULL, NULL },
	{ "userns", 0, OPT_CALL, SPEC(userns), "string", "User namespace: host", value_userns, NULL },
	{ "uts", 0, OPT_CALL, SPEC(uts), "string",
	  "UTS namespace of the infra container: private, host, … or ns:PATH", value_uts, NULL },
	{ "volume", 'v', OPT_CALL, ALL, "stringArray",
	  "Mount a directory or a volume in all containers ([source:]path[:options])", value_pod_volume,
	  NULL },
	{ "volumes-from", 0, OPT_LIST, FLAG(volumes_from), "strings",
	  "Mount in all containers what these have mounted (CONTAINER[:ro])", NULL, NULL },
	{ .more = flags_pod_refused },
};

static int set_name(struct pod_request *request, const struct strv *args, struct err *err)
{
	if (args->n > 1)
		return err_set(err, 0, "accepts at most 1 arg(s), received %zu", args->n);
	if (args->n && request->spec.name)
		return err_set(err, 0, "cannot specify --name and NAME at the same time");
	if (args->n)
		request->spec.name = text_dup(args->v[0]);
	if (request->flags.replace && !request->spec.name)
		return err_set(err, 0, "cannot replace pod without --name being set");
	return 0;
}

/* --share and --infra decide together: no infra where nothing is shared and none is asked for. */
static int set_share(struct pod_request *request, struct err *err)
{
	struct pod_spec *spec = &request->spec;
	int code = 0;

	if (request->flags.share || request->flags.infra)
		code = share_parse(request->flags.share, &spec->share, err);
	spec->no_infra = !request->flags.infra || (request->flags.infra < 0 && !spec->share.n);
	return code;
}

int flags_pod_parse(const char *command, const char *cwd, int argc, char *const *argv,
		    struct pod_request *request, struct err *err)
{
	struct strv args = { 0 };
	int code;

	request->flags.infra = -1;
	request->flags.cwd = cwd;
	code = opt_parse(flags_pod_options, command, argc, argv, false, request, &args, err);
	if (!code)
		code = set_name(request, &args, err);
	if (!code)
		code = set_share(request, err);
	if (!code)
		code = value_join_cpus(request->flags.cpus, &request->spec.limits, err);
	if (!code)
		code = check_pod(&request->spec, err);
	strv_free(&args);
	return code;
}

int flags_pod_read_files(struct pod_request *request, struct err *err)
{
	return labels_read_files(&request->flags.label_files, &request->spec.labels, err);
}

void flags_pod_free(struct pod_request *request)
{
	fields_free(&pod_spec_shape, &request->spec);
	free(request->flags.pod_id_file);
	free(request->flags.share);
	strv_free(&request->flags.label_files);
	strv_free(&request->flags.volumes_from);
	*request = (struct pod_request){ 0 };
}
