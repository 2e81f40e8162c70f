/*
 * inspect_store: images and volumes as JSON, with podman's keys.
 */
#include <string.h>

#include "cli/inspect.h"
#include "cli/show.h"

/* ["80/tcp"] → {"80/tcp": {}}: a set, as the OCI configuration writes it. */
static json_t *set_of(const struct strv *list)
{
	json_t *object = json_object();

	for (size_t i = 0; i < list->n; i++)
		json_object_set_new(object, list->v[i], json_object());
	return object;
}

/* The part before the tag, with the image's digest instead. */
json_t *inspect_digests(const struct image *image)
{
	json_t *list = json_array();

	for (size_t i = 0; i < image->names.n; i++) {
		const char *colon = strrchr(image->names.v[i], ':');
		int length = colon ? (int)(colon - image->names.v[i]) : 0;

		json_array_append_new(list,
				      show_take(text_format("%.*s@sha256:%s", length, image->names.v[i],
							    image->digest ? image->digest : image->id)));
	}
	return list;
}

/* The digests of its layers, bottom first, as the configuration lists them. */
static json_t *layers_of(const struct image *image)
{
	json_t *list = json_array();

	for (size_t i = image->layers.n; i-- > 0;)
		json_array_append_new(list, show_take(text_format("sha256:%s", image->layers.v[i])));
	return list;
}

json_t *inspect_image(const struct image *image)
{
	const struct image_config *config = &image->config;
	json_t *object = json_object();

	json_object_set_new(object, "Id", show_text(image->id));
	json_object_set_new(object, "Digest",
			    show_take(text_format("sha256:%s", image->digest ? image->digest : image->id)));
	json_object_set_new(object, "RepoTags", show_list(&image->names));
	json_object_set_new(object, "RepoDigests", inspect_digests(image));
	json_object_set_new(object, "Created", show_time(image->created));
	json_object_set_new(
		object, "Config",
		json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "User", show_text(config->user),
			  "ExposedPorts", set_of(&config->exposed_ports), "Env", show_list(&config->env),
			  "Entrypoint", show_list(&config->entrypoint), "Cmd", show_list(&config->cmd),
			  "Volumes", set_of(&config->volumes), "WorkingDir", show_text(config->working_dir),
			  "Labels", show_map(&config->labels), "StopSignal", show_text(config->stop_signal)));
	json_object_set_new(object, "Size", json_integer(image->size));
	json_object_set_new(object, "VirtualSize", json_integer(image->size));
	json_object_set_new(object, "Labels", show_map(&config->labels));
	json_object_set_new(object, "NamesHistory", show_list(&image->names));
	json_object_set_new(object, "RootFS",
			    json_pack("{s:s, s:o}", "Type", "layers", "Layers", layers_of(image)));
	json_object_set_new(object, "User", show_text(config->user));
	json_object_set_new(object, "Architecture", show_text(image->architecture));
	json_object_set_new(object, "Os", show_text(image->os));
	json_object_set_new(object, "Author", show_text(image->author));
	json_object_set_new(object, "ManifestType", show_text(image->type));
	json_object_set_new(object, "GraphDriver", json_pack("{s:s, s:{}}", "Name", "overlay", "Data"));
	return object;
}

json_t *inspect_volume(const struct store *store, const struct volume *volume)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:b}", "Name", show_text(volume->name),
			 "Driver", "local", "Mountpoint", show_take(volume_data_path(store, volume->name)),
			 "CreatedAt", show_time(volume->created), "Labels", show_map(&volume->labels),
			 "Scope", "local", "Options", json_object(), "Anonymous", volume->anonymous);
}
