/*
 * complete_names: the names that are there right now, read from the records as ps and images read
 * them; see complete.h. A name is offered where the verb could do something with it: start completes what
 * has ended, stop what runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/complete.h"
#include "cli/kube_objects.h"
#include "pod/status.h"
#include "spec/kube.h"
#include "store/image.h"
#include "store/object.h"
#include "store/volume.h"

/* Whether a verb that wants kind can use a container in that state. */
static bool useful(const struct ctr_view *ctr, enum complete_kind kind)
{
	bool paused = text_equal(ctr->now.status, "paused");

	if (kind == COMPLETE_PAUSED)
		return paused;
	if (kind == COMPLETE_DEAD)
		return !ctr_view_alive(ctr);
	if (kind == COMPLETE_ALIVE || kind == COMPLETE_TARGET)
		return ctr_view_alive(ctr) && !paused;
	return true;
}

static void offer_ctrs(const struct typed *typed, const struct pod_view *pod, enum complete_kind kind)
{
	/* --network container:NAME */
	const char *before = text_starts(typed->begun, "container:") ? "container:" : "";

	for (size_t i = 0; i < pod->n; i++) {
		const struct ctr_view *ctr = &pod->ctrs[i];
		cleanup_free char *word = text_format("%s%s", before, ctr->now.name);

		if (useful(ctr, kind) && (!ctr->infra || *before))
			complete_offer(typed, word, ctr->now.status);
	}
}

static void offer_pods(const struct typed *typed, enum complete_kind kind)
{
	bool ctrs = kind != COMPLETE_POD;
	bool pods = kind == COMPLETE_POD || kind == COMPLETE_PART || kind == COMPLETE_TARGET ||
		    kind == COMPLETE_OBJECT;
	struct pod_views views = { 0 };

	if (cli_store(typed->cli, NULL) || pod_views_read(&typed->cli->store, &views, NULL, NULL))
		return;
	for (size_t i = 0; i < views.n; i++) {
		if (pods && !views.v[i].hidden)
			complete_offer(typed, views.v[i].name, pod_view_status(&views.v[i]));
		if (ctrs)
			offer_ctrs(typed, &views.v[i], kind);
	}
	pod_views_free(&views);
}

/* As one types them: without localhost/ and :latest. */
static void offer_images(const struct typed *typed)
{
	static const char local[] = "localhost/", latest[] = ":latest";
	struct images images = { 0 };

	if (cli_store(typed->cli, NULL) || image_list(&typed->cli->store, &images, NULL, NULL))
		return;
	for (size_t i = 0; i < images.n; i++) {
		for (size_t j = 0; j < images.v[i].names.n; j++) {
			const char *name = images.v[i].names.v[j];
			cleanup_free char *word =
				text_dup(text_starts(name, local) ? name + strlen(local) : name);

			if (text_ends(word, latest))
				word[strlen(word) - strlen(latest)] = '\0';
			complete_offer(typed, word, NULL);
		}
	}
	images_free(&images);
}

static void offer_volumes(const struct typed *typed)
{
	struct volumes volumes = { 0 };

	if (cli_store(typed->cli, NULL) || volume_list(&typed->cli->store, &volumes, NULL, NULL))
		return;
	for (size_t i = 0; i < volumes.n; i++)
		complete_offer(typed, volumes.v[i].name, NULL);
	volumes_free(&volumes);
}

/* get KIND NAME...: the kind first, then what there is of it. */
static void offer_resources(const struct typed *typed)
{
	const char *kind = typed->args.n ? kubectl_kind(typed->args.v[0]) : NULL;
	struct objects objects = { 0 };

	if (!typed->args.n)
		complete_list(typed, "configmaps pods secrets");
	else if (text_equal(kind, "Pod"))
		offer_pods(typed, COMPLETE_POD);
	else if (kind && !cli_store(typed->cli, NULL) && object_kind(kind) &&
		 !object_list(&typed->cli->store, object_kind(kind), &objects, NULL, NULL))
		for (size_t i = 0; i < objects.n; i++)
			complete_offer(typed, objects.v[i].name, objects.v[i].type);
	objects_free(&objects);
}

/* explain pod.spec.co: the fields of what is typed up to the last dot, out of explain's own answer. */
static void offer_fields(const struct typed *typed)
{
	const char *dot = strrchr(typed->begun, '.');
	cleanup_free char *path = dot ? text_ndup(typed->begun, (size_t)(dot - typed->begun)) : NULL;
	struct strv lines = { 0 };
	struct buf text = { 0 };

	if (!dot)
		complete_list(typed, "configmap deployment job persistentvolumeclaim pod secret");
	else if (!kube_explain(path, false, &text, NULL))
		strv_split(&lines, text.data, '\n');
	for (size_t i = 0; i < lines.n; i++) {
		const char *line = lines.v[i], *tab = strchr(line, '\t');

		/* a field's line is "  name\t<type>" */
		if (text_starts(line, "  ") && line[2] != ' ' && tab) {
			cleanup_free char *word =
				text_format("%s.%.*s", path, (int)(tab - line - 2), line + 2);

			complete_offer(typed, word, tab + 1);
		}
	}
	strv_free(&lines);
	buf_free(&text);
}

void complete_kind(const struct typed *typed, enum complete_kind kind)
{
	switch (kind) {
	case COMPLETE_NOTHING:
	case COMPLETE_WORDS:
		return;
	case COMPLETE_IMAGE:
		offer_images(typed);
		return;
	case COMPLETE_RESOURCE:
		offer_resources(typed);
		return;
	case COMPLETE_FIELD:
		offer_fields(typed);
		return;
	case COMPLETE_VOLUME:
		offer_volumes(typed);
		return;
	case COMPLETE_OBJECT:
		offer_images(typed);
		offer_volumes(typed);
		offer_pods(typed, kind);
		return;
	case COMPLETE_SOURCE:
		offer_volumes(typed);
		puts(":files");
		return;
	case COMPLETE_FILE:
	case COMPLETE_COMMAND:
		puts(":files");
		return;
	default:
		offer_pods(typed, kind);
	}
}
