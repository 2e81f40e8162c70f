/*
 * refused: a word for each command that is left out: whoever types it learns what to do instead. What is not in this table
 * nor in main.c's is no command at all.
 */
#include "cli/refused.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/verbs.h"
#include "spec/flags.h"

#define NO_REGISTRY "images come from archives: import, load, and pull where skopeo is installed"
#define NO_BUILDER  "put a root file system together with any tool, and import it as an archive"
#define NO_HEALTH   "probes of a manifest (kube play) do this"
#define NO_MACHINE  "runpod runs on the Linux that it is called on; make lab boots a kernel of its own"
#define NO_NETWORKS "the networks are built in: see network ls; a pod shares one among its containers"
#define NO_SERVICE  "there is no service: every pod has a supervisor of its own, started when needed"
#define NO_SECRETS  "a Secret of a manifest (kube play), --env-file or a read-only bind mount do this"
#define NO_MOUNT    "a container's root is only mounted for itself: exec reaches its files"
#define NO_CHANGE   "containers are not changed once made: remove it and run it again (run --replace)"
#define NO_SYSTEMD  "--restart and kube play keep pods running while the machine is up"
#define NO_SNAPSHOT                                                                                          \
	"the supervisor can be killed and adopts what runs, but a process is never written to disk"
#define NO_TRANSPORT "tar through exec: exec CTR tar -cC / PATH | tar -x"
#define NO_SWARM     "one machine is all there is"
#define NO_CLUSTER   "this machine is all there is: kube generate writes YAML for a cluster's kubectl"
#define NO_PATCH     "change the manifest and apply it again: only what must be is replaced"

/* DOC: refused */
const struct refusal refusals[] = {
	{ "annotate", NO_PATCH },
	{ "api-resources", "explain says which kinds and fields there are" },
	{ "artifact", NO_REGISTRY },
	{ "auto-update", NO_SYSTEMD },
	{ "autoscale", NO_CLUSTER },
	{ "build", NO_BUILDER },
	{ "builder", NO_BUILDER },
	{ "buildx", NO_BUILDER },
	{ "cluster-info", "info shows what this machine can do" },
	{ "commit", NO_BUILDER },
	{ "compose", "kube play takes several pods in one manifest" },
	{ "config", NO_SWARM },
	{ "container checkpoint", NO_SNAPSHOT },
	{ "container cleanup", "the supervisor takes everything away when a container ends" },
	{ "container clone", NO_CHANGE },
	{ "container commit", NO_BUILDER },
	{ "container cp", NO_TRANSPORT },
	{ "container diff", "the upper layer lies in the container's directory: see info for the root" },
	{ "container export", NO_TRANSPORT },
	{ "container init", "create and start do it in two steps: start mounts and runs" },
	{ "container mount", NO_MOUNT },
	{ "container rename", NO_CHANGE },
	{ "container restore", NO_SNAPSHOT },
	{ "container runlabel", "type the command that the label holds" },
	{ "container umount", NO_MOUNT },
	{ "container unmount", NO_MOUNT },
	{ "container update", NO_CHANGE },
	{ "context", NO_SERVICE },
	{ "cordon", NO_CLUSTER },
	{ "cp", NO_TRANSPORT },
	{ "diff", "the upper layer lies in the container's directory: see info for the root" },
	{ "drain", NO_CLUSTER },
	{ "edit", NO_PATCH },
	{ "export", NO_TRANSPORT },
	{ "expose", "publish ports with -p or hostPort; kube generate --service writes a Service" },
	{ "farm", NO_BUILDER },
	{ "generate spec", "inspect shows what a container was made of" },
	{ "generate systemd", NO_SYSTEMD },
	{ "healthcheck", NO_HEALTH },
	{ "history", "an imported image has one layer: see image inspect" },
	{ "image build", NO_BUILDER },
	{ "image diff", "an imported image has one layer: see image inspect" },
	{ "image history", "an imported image has one layer: see image inspect" },
	{ "image mount", "run it: run --rm IMAGE tar -c / | tar -x" },
	{ "image push", NO_REGISTRY },
	{ "image save", "keep the archive that it was made of" },
	{ "image scp", NO_REGISTRY },
	{ "image search", NO_REGISTRY },
	{ "image sign", NO_REGISTRY },
	{ "image tree", "an imported image has one layer: see image inspect" },
	{ "image trust", NO_REGISTRY },
	{ "image umount", NO_MOUNT },
	{ "image unmount", NO_MOUNT },
	{ "init", "create and start do it in two steps: start mounts and runs" },
	{ "label", NO_PATCH },
	{ "login", NO_REGISTRY },
	{ "logout", NO_REGISTRY },
	{ "machine", NO_MACHINE },
	{ "manifest", NO_REGISTRY },
	{ "mount", NO_MOUNT },
	{ "network connect", NO_NETWORKS },
	{ "network create", NO_NETWORKS },
	{ "network disconnect", NO_NETWORKS },
	{ "network prune", NO_NETWORKS },
	{ "network reload", "stop and start the pod: its network is laid anew" },
	{ "network rm", NO_NETWORKS },
	{ "network update", NO_NETWORKS },
	{ "node", NO_SWARM },
	{ "patch", NO_PATCH },
	{ "plugin", "there are no plugins: it is one static binary" },
	{ "pod clone", NO_CHANGE },
	{ "port-forward", "publish ports with -p or hostPort" },
	{ "proxy", NO_SERVICE },
	{ "push", NO_REGISTRY },
	{ "quadlet", NO_SYSTEMD },
	{ "rename", NO_CHANGE },
	{ "replace", "kube play --replace, or apply" },
	{ "rollout", NO_CLUSTER },
	{ "save", "keep the archive that it was made of" },
	{ "scale", NO_CLUSTER },
	{ "search", NO_REGISTRY },
	{ "secret", NO_SECRETS },
	{ "service", NO_SWARM },
	{ "stack", NO_SWARM },
	{ "swarm", NO_SWARM },
	{ "system", "info and events show what there is; each kind of thing has a prune of its own" },
	{ "system connection", NO_SERVICE },
	{ "system df", "see images, volume ls and du on the root that info shows" },
	{ "system migrate", "the records of older versions are read as they are" },
	{ "system prune", "pod prune, container prune, image prune and volume prune do this one by one" },
	{ "system renumber", "locks are files of the pods: there is nothing to number" },
	{ "system reset",
	  "rm -fa, pod rm -fa, rmi -a, volume rm -a; what is left is the root that info shows" },
	{ "system service", NO_SERVICE },
	{ "taint", NO_CLUSTER },
	{ "trust", NO_REGISTRY },
	{ "umount", NO_MOUNT },
	{ "uncordon", NO_CLUSTER },
	{ "unmount", NO_MOUNT },
	{ "unshare", "unshare(1) does it: unshare --user --map-root-user --mount" },
	{ "update", NO_CHANGE },
	{ "volume export", "tar through a container: run --rm -v NAME:/v busybox tar -cC /v ." },
	{ "volume import", "tar through a container: run --rm -i -v NAME:/v busybox tar -xC /v" },
	{ "volume mount", "volume inspect shows its Mountpoint: it is a directory" },
	{ "volume reload", "there are no volume plugins: the directories are looked at each time" },
	{ "volume unmount", "volume inspect shows its Mountpoint: it is a directory" },
	{ NULL, NULL },
};

/* Whether the row's words are the first of those that were typed; how many they are. */
static int fits(const struct refusal *row, char *const *words, int n)
{
	struct strv wanted = { 0 };
	int count;

	strv_split(&wanted, row->words, ' ');
	count = (int)wanted.n <= n ? (int)wanted.n : 0;
	for (int i = 0; i < (int)wanted.n && count; i++)
		if (strcmp(wanted.v[i], words[i]))
			count = 0;
	strv_free(&wanted);
	return count;
}

int refused(const struct cli *cli, char *const *words, int n, struct err *err)
{
	const struct refusal *best = NULL;
	int most = 0;

	for (const struct refusal *row = refusals; row->words; row++) {
		int count = fits(row, words, n);

		if (count > most)
			best = row;
		most = count > most ? count : most;
	}
	return best ? err_set(err, 0, "`%s %s` is left out on purpose: %s", cli->program, best->words,
			      best->instead)
		    : 0;
}

static void list_options(const char *words, const struct opt *table)
{
	for (const struct opt *row = opt_first(table); row; row = opt_next(row))
		printf("%s --%s\t%s\n", words, row->name, row->metavar);
}

/* For docs/COMPAT.md: the words, a tab, what to do instead; with "options", the options of run and pod create. */
static int list(struct cli *cli, void *flags, struct strv *args, struct err *err)
{
	(void)cli;
	(void)flags;
	(void)err;
	if (args->n && !strcmp(args->v[0], "options")) {
		list_options("run", flags_run_refused);
		list_options("pod create", flags_pod_refused);
		return 0;
	}
	for (const struct refusal *row = refusals; row->words; row++)
		printf("%s\t%s\n", row->words, row->instead);
	return 0;
}

const struct verb verb_refused = {
	.usage = "",
	.description = "Lists the commands of podman and docker that are left out on purpose, and what to do "
		       "instead.",
	.max_args = 1,
	.run = list,
};
