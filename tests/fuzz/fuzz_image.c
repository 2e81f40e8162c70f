/*
 * fuzz_image: any JSON as what an image brings: an index, a manifest, docker's list, a configuration; and
 * any text as an instruction of import --change. What is accepted names blobs by digests only, or is an
 * image whose configuration is written and read again as the same.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/image_config.h"
#include "store/image_instruct.h"
#include "store/image_manifest.h"

/* Of layer.c and image_store.c, whose other functions want a store and a kernel. */
bool layer_hex_valid(const char *text)
{
	return strspn(text, "0123456789abcdef") == 64 && !text[64];
}

static void forget(struct image *image)
{
	struct image_config *config = &image->config;
	struct strv *const lists[] = { &image->names,	 &image->layers, &config->entrypoint,
				       &config->cmd,	 &config->env,	 &config->exposed_ports,
				       &config->volumes, &config->labels };
	char *const texts[] = { image->id,	     image->digest,	 image->type,	 image->architecture,
				image->os,	     image->author,	 image->builtin, config->user,
				config->working_dir, config->stop_signal };

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		strv_free(lists[i]);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		free(texts[i]);
}

static void need(int good)
{
	if (!good)
		abort();
}

static void check_blob(const struct image_blob *blob, int saved)
{
	need(blob->path != NULL);
	need(saved ? blob->size == -1 : blob->size >= 0 && blob->hex != NULL);
	need(!blob->hex || (strlen(blob->hex) == 64 && strspn(blob->hex, "0123456789abcdef") == 64));
}

static int read_tree(int kind, const struct buf *text, struct image_sources *sources, struct err *err)
{
	static int nothing = -1; /* a directory in which no blob lies */
	json_t *value;
	int code = image_json_load(text, "x", &value, err);

	if (nothing < 0)
		nothing = open("/proc/self/task", O_RDONLY | O_DIRECTORY);
	if (code)
		return code;
	if (kind == 0)
		code = image_read_saved(value, sources, err);
	else if (kind == 1)
		code = image_read_manifest(value, "", "x", sources, err);
	else
		code = image_read_index(nothing, value, sources, err);
	json_decref(value);
	return code;
}

static void try_tree(int kind, const struct buf *text)
{
	struct image_sources sources = { 0 };
	struct err err = { 0 };
	int code = read_tree(kind, text, &sources, &err);

	need(!code || err.text[0]);
	for (size_t i = 0; i < sources.n && !code; i++) {
		check_blob(&sources.v[i].config, kind == 0);
		for (size_t j = 0; j < sources.v[i].n; j++)
			check_blob(&sources.v[i].layers[j], kind == 0);
		for (size_t j = 0; j < sources.v[i].names.n; j++)
			need(!strpbrk(sources.v[i].names.v[j], "\n\033 "));
	}
	image_sources_free(&sources);
}

static void try_config(const struct buf *text)
{
	struct strv layers = { 0 };
	struct image image = { 0 };
	struct err err = { 0 };
	int code = image_config_parse(text, &image, &layers, &err);

	need(!code || err.text[0]);
	for (size_t i = 0; i < layers.n && !code; i++)
		need(strlen(layers.v[i]) == 64 && strspn(layers.v[i], "0123456789abcdef") == 64);
	forget(&image);
	strv_free(&layers);
}

static void try_instruction(const struct buf *text)
{
	struct image image = { 0 };
	struct err err = { 0 };

	need(!image_instruct(&image.config, text->data ? text->data : "", &err) || err.text[0]);
	forget(&image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int kind = size ? data[0] % 5 : 0;
	struct buf text = { 0 };

	if (size > 1)
		buf_add(&text, data + 1, size - 1);
	if (kind < 3)
		try_tree(kind, &text);
	else if (kind == 3)
		try_config(&text);
	else
		try_instruction(&text);
	buf_free(&text);
	return 0;
}
