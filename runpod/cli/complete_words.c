/*
 * complete_words: what the arguments of each verb name, and the values of options. complete.h has
 * the kinds. An option that is in no table here takes something that nobody can guess.
 */
#include <string.h>

#include "cli/complete.h"
#include "cli/verbs.h"

static const struct {
	const struct verb *verb;
	enum complete_kind first, rest;
	const char *words; /* of COMPLETE_WORDS */
} arguments[] = {
	{ &verb_run, COMPLETE_IMAGE, COMPLETE_COMMAND, NULL },
	{ &verb_create, COMPLETE_IMAGE, COMPLETE_COMMAND, NULL },
	{ &verb_exec, COMPLETE_TARGET, COMPLETE_COMMAND, NULL },
	{ &verb_attach, COMPLETE_ALIVE, COMPLETE_NOTHING, NULL },
	{ &verb_start, COMPLETE_DEAD, COMPLETE_DEAD, NULL },
	{ &verb_stop, COMPLETE_ALIVE, COMPLETE_ALIVE, NULL },
	{ &verb_kill, COMPLETE_ALIVE, COMPLETE_ALIVE, NULL },
	{ &verb_pause, COMPLETE_ALIVE, COMPLETE_ALIVE, NULL },
	{ &verb_unpause, COMPLETE_PAUSED, COMPLETE_PAUSED, NULL },
	{ &verb_stats, COMPLETE_ALIVE, COMPLETE_ALIVE, NULL },
	{ &verb_top, COMPLETE_ALIVE, COMPLETE_NOTHING, NULL },
	{ &verb_restart, COMPLETE_CTR, COMPLETE_CTR, NULL },
	{ &verb_rm, COMPLETE_CTR, COMPLETE_CTR, NULL },
	{ &verb_wait, COMPLETE_CTR, COMPLETE_CTR, NULL },
	{ &verb_port, COMPLETE_CTR, COMPLETE_NOTHING, NULL },
	{ &verb_logs, COMPLETE_PART, COMPLETE_PART, NULL },
	{ &verb_container_inspect, COMPLETE_CTR, COMPLETE_CTR, NULL },
	{ &verb_container_exists, COMPLETE_CTR, COMPLETE_NOTHING, NULL },
	{ &verb_inspect, COMPLETE_OBJECT, COMPLETE_OBJECT, NULL },
	{ &verb_pod_start, COMPLETE_POD, COMPLETE_POD, NULL },
	{ &verb_pod_stop, COMPLETE_POD, COMPLETE_POD, NULL },
	{ &verb_pod_restart, COMPLETE_POD, COMPLETE_POD, NULL },
	{ &verb_pod_kill, COMPLETE_POD, COMPLETE_POD, NULL },
	{ &verb_pod_pause, COMPLETE_POD, COMPLETE_POD, NULL },
	{ &verb_pod_unpause, COMPLETE_POD, COMPLETE_POD, NULL },
	{ &verb_pod_rm, COMPLETE_POD, COMPLETE_POD, NULL },
	{ &verb_pod_inspect, COMPLETE_POD, COMPLETE_POD, NULL },
	{ &verb_pod_stats, COMPLETE_POD, COMPLETE_POD, NULL },
	{ &verb_pod_exists, COMPLETE_POD, COMPLETE_NOTHING, NULL },
	{ &verb_pod_logs, COMPLETE_POD, COMPLETE_NOTHING, NULL },
	{ &verb_pod_ns, COMPLETE_POD, COMPLETE_NOTHING, NULL },
	{ &verb_pod_top, COMPLETE_POD, COMPLETE_NOTHING, NULL },
	{ &verb_images, COMPLETE_IMAGE, COMPLETE_NOTHING, NULL },
	{ &verb_image_exists, COMPLETE_IMAGE, COMPLETE_NOTHING, NULL },
	{ &verb_image_inspect, COMPLETE_IMAGE, COMPLETE_IMAGE, NULL },
	{ &verb_image_rm, COMPLETE_IMAGE, COMPLETE_IMAGE, NULL },
	{ &verb_tag, COMPLETE_IMAGE, COMPLETE_IMAGE, NULL },
	{ &verb_untag, COMPLETE_IMAGE, COMPLETE_IMAGE, NULL },
	{ &verb_pull, COMPLETE_IMAGE, COMPLETE_IMAGE, NULL },
	{ &verb_import, COMPLETE_FILE, COMPLETE_NOTHING, NULL },
	{ &verb_volume_inspect, COMPLETE_VOLUME, COMPLETE_VOLUME, NULL },
	{ &verb_volume_exists, COMPLETE_VOLUME, COMPLETE_NOTHING, NULL },
	{ &verb_volume_rm, COMPLETE_VOLUME, COMPLETE_VOLUME, NULL },
	{ &verb_network_inspect, COMPLETE_WORDS, COMPLETE_WORDS, "bridge host none pasta" },
	{ &verb_network_exists, COMPLETE_WORDS, COMPLETE_NOTHING, "bridge host none pasta" },
	{ &verb_kube_play, COMPLETE_FILE, COMPLETE_NOTHING, NULL },
	{ &verb_kube_down, COMPLETE_FILE, COMPLETE_NOTHING, NULL },
	{ &verb_kube_generate, COMPLETE_PART, COMPLETE_PART, NULL },
	{ &verb_kube_get, COMPLETE_RESOURCE, COMPLETE_RESOURCE, NULL },
	{ &verb_kube_describe, COMPLETE_RESOURCE, COMPLETE_RESOURCE, NULL },
	{ &verb_kube_delete, COMPLETE_RESOURCE, COMPLETE_RESOURCE, NULL },
	{ &verb_kube_debug, COMPLETE_POD, COMPLETE_NOTHING, NULL },
	{ &verb_kube_explain, COMPLETE_FIELD, COMPLETE_NOTHING, NULL },
	{ &verb_completion, COMPLETE_WORDS, COMPLETE_NOTHING, "bash fish zsh" },
};

enum complete_kind complete_argument(const struct verb *verb, size_t n, const char **ret_words)
{
	for (size_t i = 0; i < sizeof(arguments) / sizeof(*arguments); i++) {
		if (arguments[i].verb != verb)
			continue;
		*ret_words = arguments[i].words && (!n || arguments[i].rest == COMPLETE_WORDS)
				     ? arguments[i].words
				     : NULL;
		return n ? arguments[i].rest : arguments[i].first;
	}
	*ret_words = NULL;
	return COMPLETE_NOTHING;
}

#define POLICIES "always missing never newer"
#define SIGNALS                                                                                              \
	"SIGABRT SIGALRM SIGCONT SIGHUP SIGINT SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTERM SIGTSTP SIGUSR1 "     \
	"SIGUSR2 SIGWINCH"
#define STATES "status=created status=running status=paused status=exited status=stopping"

/* The first row that fits counts: those of one verb stand before those of all (NULL). */
static const struct {
	const struct verb *verb;
	const char *option;
	enum complete_kind kind;
	const char *words;
} values[] = {
	{ &verb_images, "filter", COMPLETE_WORDS,
	  "before= dangling=true dangling=false id= label= reference= since= until=" },
	{ &verb_image_prune, "filter", COMPLETE_WORDS, "label= label!= until=" },
	{ &verb_volume_ls, "filter", COMPLETE_WORDS,
	  "dangling=true dangling=false driver=local label= label!= name= opt= scope=local until=" },
	{ &verb_volume_prune, "filter", COMPLETE_WORDS, "label= label!= until=" },
	{ &verb_network_ls, "filter", COMPLETE_WORDS, "driver= id= name=" },
	{ &verb_events, "filter", COMPLETE_WORDS,
	  "container= event= image= label= pod= type=container type=image type=pod type=volume volume=" },
	{ &verb_pod_ps, "filter", COMPLETE_WORDS,
	  "ctr-ids= ctr-names= ctr-number= ctr-status= id= label= name= network= status=created "
	  "status=degraded status=exited status=paused status=running status=stopped until=" },
	{ NULL, "filter", COMPLETE_WORDS,
	  "ancestor= before= exited= id= label= name= network= pod= restart-policy= since= until= "
	  "volume= " STATES },
	{ &verb_images, "sort", COMPLETE_WORDS, "created id repository size tag" },
	{ &verb_pod_ps, "sort", COMPLETE_WORDS, "created id name number status" },
	{ &verb_ps, "sort", COMPLETE_WORDS, "command created id image names runningfor status" },
	{ &verb_pod_rm, "pod-id-file", COMPLETE_FILE, NULL },
	{ &verb_kube_play, "configmap", COMPLETE_FILE, NULL },
	{ &verb_kube_play, "network", COMPLETE_WORDS, "bridge host none pasta" },
	{ &verb_kube_debug, "image", COMPLETE_IMAGE, NULL },
	{ &verb_kube_get, "output", COMPLETE_WORDS, "json name wide yaml" },
	{ &verb_inspect, "type", COMPLETE_WORDS, "all container image pod volume" },
	{ &verb_inspect, "format", COMPLETE_WORDS, "json" },
	{ NULL, "restart", COMPLETE_WORDS, "always no on-failure on-failure: unless-stopped" },
	{ NULL, "network", COMPLETE_CTR, "bridge container: host none ns: pasta private" },
	{ NULL, "ipc", COMPLETE_CTR, "container: host none ns: private shareable" },
	{ NULL, "pid", COMPLETE_CTR, "container: host ns: private" },
	{ NULL, "uts", COMPLETE_CTR, "container: host ns: private" },
	{ NULL, "cgroupns", COMPLETE_CTR, "container: host ns: private" },
	{ NULL, "userns", COMPLETE_WORDS, "host" },
	{ NULL, "share", COMPLETE_WORDS, "+pid cgroup ipc net none pid uts" },
	{ NULL, "exit-policy", COMPLETE_WORDS, "continue stop" },
	{ NULL, "init-ctr", COMPLETE_WORDS, "always once" },
	{ NULL, "log-driver", COMPLETE_WORDS, "json-file k8s-file none" },
	{ NULL, "log-level", COMPLETE_WORDS, "debug error fatal info panic trace warn" },
	{ NULL, "log-opt", COMPLETE_WORDS, "max-size= path=" },
	{ NULL, "security-opt", COMPLETE_WORDS,
	  "apparmor=unconfined label=disable mask= no-new-privileges no-new-privileges=false "
	  "seccomp=unconfined systempaths=unconfined unmask= unmask=ALL" },
	{ NULL, "pull", COMPLETE_WORDS, POLICIES },
	{ NULL, "policy", COMPLETE_WORDS, POLICIES },
	{ NULL, "signal", COMPLETE_WORDS, SIGNALS },
	{ NULL, "stop-signal", COMPLETE_WORDS, SIGNALS },
	{ NULL, "condition", COMPLETE_WORDS, "created exited paused running stopped stopping" },
	{ NULL, "format", COMPLETE_WORDS, "json table" },
	{ NULL, "driver", COMPLETE_WORDS, "local" },
	{ NULL, "attach", COMPLETE_WORDS, "stderr stdin stdout" },
	{ NULL, "mount", COMPLETE_WORDS, "type=bind, type=tmpfs, type=volume," },
	{ NULL, "pod", COMPLETE_POD, "new:" },
	{ NULL, "requires", COMPLETE_CTR, NULL },
	{ NULL, "volumes-from", COMPLETE_CTR, NULL },
	{ NULL, "container", COMPLETE_CTR, NULL },
	{ NULL, "target", COMPLETE_CTR, NULL },
	{ NULL, "volume", COMPLETE_SOURCE, NULL },
};

/* Options of any verb whose value is a path. */
#define PATHS                                                                                                \
	" cidfile device env-file filename from-env-file from-file input label-file manifest-dir out "       \
	"pod-id-file root runroot "

enum complete_kind complete_value(const struct verb *verb, const struct opt *option, const char **ret_words)
{
	const char *paths = PATHS, *at;
	size_t length = strlen(option->name);

	*ret_words = NULL;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		if (strcmp(values[i].option, option->name) || (values[i].verb && values[i].verb != verb))
			continue;
		*ret_words = values[i].words;
		return values[i].kind;
	}
	for (at = strstr(paths, option->name); at; at = strstr(at + 1, option->name))
		if (at[-1] == ' ' && at[length] == ' ')
			return COMPLETE_FILE;
	return COMPLETE_NOTHING;
}
