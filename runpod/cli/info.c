/*
 * info: this host, the store, and the version, in podman's YAML.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/listing.h"
#include "cli/show.h"
#include "cli/verbs.h"
#include "pod/hostinfo.h"
#include "store/image.h"

struct info_flags {
	char *format;
	bool debug;
};

static const struct opt options[] = {
	{ "debug", 'D', OPT_BOOL, offsetof(struct info_flags, debug), NULL, "Accepted and without effect",
	  NULL, NULL },
	{ "format", 'f', OPT_TEXT, offsetof(struct info_flags, format), "string",
	  "Change the output format to JSON or a Go template", NULL, NULL },
	{ 0 },
};

/* Prints value as YAML, its members indented by depth. What is flat stands behind its key. */
static void print_yaml(const json_t *value, int depth)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_object(value)) {
		json_object_foreach((json_t *)value, key, member)
		{
			bool flat = !json_is_object(member) &&
				    !(json_is_array(member) && json_array_size(member));

			printf("%*s%s:%s", 2 * depth, "", key, flat ? " " : "\n");
			print_yaml(member, depth + 1);
		}
	} else if (json_is_array(value) && json_array_size(value)) {
		json_array_foreach(value, i, member)
		{
			printf("%*s- ", 2 * (depth - 1), "");
			print_yaml(member, depth + 1);
		}
	} else {
		char *text = json_dumps(value, JSON_ENCODE_ANY);
		bool quotes = !json_is_string(value) || strpbrk(json_string_value(value), ":#\"") ||
			      !json_string_length(value);

		puts(quotes ? text : json_string_value(value));
		text_replace(&text, NULL);
	}
}

/* The host, under podman's keys where it has them. */
static json_t *host_info(const struct store *store)
{
	struct hostinfo info;
	json_t *host = json_object();

	hostinfo_read(&info);
	json_object_set_new(host, "arch", show_text(info.names.machine));
	json_object_set_new(host, "cgroupVersion", show_text(info.cgroup_version));
	json_object_set_new(host, "cgroupMount", show_text(info.cgroup_mount));
	json_object_set_new(host, "cgroupControllers", show_list(&info.controllers));
	json_object_set_new(host, "cpus", json_integer(info.cpus));
	json_object_set_new(host, "distribution",
			    json_pack("{s:o, s:o}", "distribution", show_text(info.distribution), "version",
				      show_text(info.distribution_version)));
	json_object_set_new(host, "hostname", show_text(info.names.nodename));
	json_object_set_new(host, "kernel", show_text(info.names.release));
	json_object_set_new(host, "memFree", json_integer(info.memory_free));
	json_object_set_new(host, "memTotal", json_integer(info.memory_total));
	json_object_set_new(host, "os", json_string("linux"));
	json_object_set_new(host, "programs", show_map(&info.programs));
	json_object_set_new(host, "security",
			    json_pack("{s:b, s:b, s:b, s:b}", "apparmorEnabled", false, "rootless",
				      store->rootless, "seccompEnabled", true, "selinuxEnabled", false));
	json_object_set_new(host, "serviceIsRemote", json_false());
	json_object_set_new(host, "swapFree", json_integer(info.swap_free));
	json_object_set_new(host, "swapTotal", json_integer(info.swap_total));
	json_object_set_new(host, "cgroupManager", json_string("cgroupfs"));
	json_object_set_new(host, "eventLogger", json_string("file"));
	json_object_set_new(host, "logDriver", json_string("k8s-file"));
	json_object_set_new(host, "networkBackend", json_string("netlink"));
	json_object_set_new(host, "ociRuntime",
			    json_pack("{s:s, s:s}", "name", "runpod", "version", RUNPOD_VERSION));
	json_object_set_new(host, "uptime", json_integer(info.uptime));
	hostinfo_free(&info);
	return host;
}

static int store_info(struct cli *cli, json_t **ret_object, struct err *err)
{
	const struct store *store = &cli->store;
	int total = 0, running = 0, paused = 0, code;
	struct pod_views pods = { 0 };
	struct images images = { 0 };

	code = pod_views_read(store, &pods, NULL, err);
	if (!code)
		code = image_list(store, &images, NULL, err);
	for (size_t i = 0; i < pods.n; i++) {
		for (size_t j = 0; j < pods.v[i].n; j++) {
			total++;
			running += text_equal(pods.v[i].ctrs[j].now.status, "running");
			paused += text_equal(pods.v[i].ctrs[j].now.status, "paused");
		}
	}
	if (!code)
		*ret_object = json_pack("{s:s, s:s, s:o, s:{s:i, s:i, s:i, s:i}, s:{s:i}}", "graphRoot",
					store->root, "runRoot", store->run, "volumePath",
					show_take(text_format("%s/volumes", store->root)), "containerStore",
					"number", total, "paused", paused, "running", running, "stopped",
					total - running - paused, "imageStore", "number", (int)images.n);
	images_free(&images);
	pod_views_free(&pods);
	return code;
}

/* What can be chosen from, as podman lists its plugins. */
static json_t *plugins(void)
{
	return json_pack("{s:[s, s, s], s:[s, s, s, s], s:[s]}", "log", "k8s-file", "json-file", "none",
			 "network", "bridge", "host", "none", "pasta", "volume", "local");
}

static int info(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct info_flags *flags = target;
	json_t *whole, *store = NULL;
	int code = cli_store(cli, err);

	(void)args;
	if (!code)
		code = store_info(cli, &store, err);
	if (code)
		return code;
	json_object_set_new(store, "graphDriverName", json_string("overlay"));
	whole = json_pack("{s:o, s:o, s:o, s:{s:s}}", "host", host_info(&cli->store), "plugins", plugins(),
			  "store", store, "version", "Version", RUNPOD_VERSION);
	if (listing_is_json(flags->format))
		json_print(whole, 2);
	else if (flags->format)
		code = template_print(flags->format, whole, err);
	else
		print_yaml(whole, 0);
	json_decref(whole);
	return code;
}

const struct verb verb_info = {
	.usage = "[options]",
	.description = "Displays what this host can do, and where definitions and state lie.",
	.examples = "info\ninfo --format json\ninfo --format '{{.host.cgroupVersion}}'",
	.options = options,
	.flags_size = sizeof(struct info_flags),
	.run = info,
};
