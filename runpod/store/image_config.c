/*
 * image_config: from a stranger's JSON to our structure. Whatever is missing or
 * null is left out, whatever is of another type than the specification says refuses
 * the image. No kernel here. Lesson 13.
 */
#include "store/image_config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "spec/volumes.h"
#include "store/layer.h"

#define SECOND	 INT64_C(1000000000)
#define YEAR_MAX 2200 /* nanoseconds since 1970 in 64 bits end in 2262 */

const char *image_digest_hex(const char *text)
{
	if (!text || !text_starts(text, "sha256:"))
		return NULL;
	text += strlen("sha256:");
	return layer_hex_valid(text) ? text : NULL;
}

static int wrong(const char *what, const char *expected, struct err *err)
{
	return err_set(err, 0, "%s is no %s", what, expected);
}

/* Member key of object as a text; the empty text counts as none. */
static int get_text(const json_t *object, const char *key, char **ret_text, struct err *err)
{
	const json_t *value = json_object_get(object, key);

	if (!value || json_is_null(value))
		return 0;
	if (!json_is_string(value))
		return wrong(key, "text", err);
	if (*json_string_value(value))
		text_replace(ret_text, text_dup(json_string_value(value)));
	return 0;
}

int image_json_list(const json_t *list, const char *what, struct strv *ret_list, struct err *err)
{
	size_t i;
	json_t *value;

	if (!list || json_is_null(list))
		return 0;
	if (!json_is_array(list))
		return wrong(what, "list", err);
	json_array_foreach(list, i, value)
	{
		if (!json_is_string(value))
			return wrong(what, "list of texts", err);
		strv_add(ret_list, json_string_value(value));
	}
	return 0;
}

/* {"80/tcp": {}}: the keys; {"a": "b"}: "a=b". */
static int get_map(const json_t *object, const char *key, bool values, struct strv *ret_list, struct err *err)
{
	json_t *map = json_object_get(object, key), *value;
	const char *name;

	if (!map || json_is_null(map))
		return 0;
	if (!json_is_object(map))
		return wrong(key, "object", err);
	json_object_foreach(map, name, value)
	{
		if (values && !json_is_string(value))
			return wrong(key, "object of texts", err);
		if (values)
			strv_addf(ret_list, "%s=%s", name, json_string_value(value));
		else
			strv_add(ret_list, name);
	}
	return 0;
}

/* Paths of volumes, from the root on and without "..": they become places to mount onto. */
static int get_volumes(const json_t *object, struct strv *ret_list, struct err *err)
{
	struct strv typed = { 0 };
	int code = get_map(object, "Volumes", false, &typed, err);

	for (size_t i = 0; i < typed.n; i++)
		strv_take(ret_list, path_clean(typed.v[i], "/"));
	strv_free(&typed);
	return code;
}

/* What a container gets: the member "config". */
static int get_config(const json_t *object, struct image_config *config, struct err *err)
{
	int code = 0;

	if (!object || json_is_null(object))
		return 0;
	if (!json_is_object(object))
		return wrong("config", "object", err);
	code = image_json_list(json_object_get(object, "Entrypoint"), "Entrypoint", &config->entrypoint, err);
	if (!code)
		code = image_json_list(json_object_get(object, "Cmd"), "Cmd", &config->cmd, err);
	if (!code)
		code = image_json_list(json_object_get(object, "Env"), "Env", &config->env, err);
	if (!code)
		code = get_text(object, "User", &config->user, err);
	if (!code)
		code = get_text(object, "WorkingDir", &config->working_dir, err);
	if (!code)
		code = get_text(object, "StopSignal", &config->stop_signal, err);
	if (!code)
		code = get_map(object, "ExposedPorts", false, &config->exposed_ports, err);
	if (!code)
		code = get_volumes(object, &config->volumes, err);
	return code ? code : get_map(object, "Labels", true, &config->labels, err);
}

/* RFC 3339 to nanoseconds since 1970. Before that year (reproducible images are of year 1) is 0. */
static int64_t read_time(const char *text)
{
	int year, month, day, hour, minute, second, n = 0, hours = 0, minutes = 0;
	int64_t fraction = 0, unit = SECOND / 10, seconds;
	struct tm tm;
	char sign = 'Z';

	if (!text ||
	    sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &n) != 6)
		return 0;
	for (text += n, text += *text == '.'; *text >= '0' && *text <= '9'; text++, unit /= 10)
		fraction += (*text - '0') * unit;
	sscanf(text, "%c%2d:%2d", &sign, &hours, &minutes);
	if (year < 1970 || year > YEAR_MAX)
		return 0;
	tm = (struct tm){ .tm_year = year - 1900,
			  .tm_mon = month - 1,
			  .tm_mday = day,
			  .tm_hour = hour,
			  .tm_min = minute,
			  .tm_sec = second };
	seconds = timegm(&tm) - (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return seconds < 0 ? 0 : seconds * SECOND + fraction;
}

static int get_layers(const json_t *object, struct strv *ret_layers, struct err *err)
{
	struct strv digests = { 0 };
	int code = image_json_list(json_object_get(json_object_get(object, "rootfs"), "diff_ids"), "diff_ids",
				   &digests, err);

	for (size_t i = 0; !code && i < digests.n; i++) {
		const char *hex = image_digest_hex(digests.v[i]);

		if (hex)
			strv_add(ret_layers, hex);
		else
			code = wrong("one of diff_ids", "sha256 digest", err);
	}
	strv_free(&digests);
	return code;
}

static int get_image(const json_t *object, struct image *image, struct strv *ret_layers, struct err *err)
{
	cleanup_free char *created = NULL;
	int code = get_text(object, "created", &created, err);

	image->created = read_time(created);
	if (!code)
		code = get_text(object, "architecture", &image->architecture, err);
	if (!code)
		code = get_text(object, "os", &image->os, err);
	if (!code)
		code = get_text(object, "author", &image->author, err);
	if (!code)
		code = get_config(json_object_get(object, "config"), &image->config, err);
	return code ? code : get_layers(object, ret_layers, err);
}

int image_config_parse(const struct buf *text, struct image *image, struct strv *ret_layers, struct err *err)
{
	json_error_t where;
	json_t *object = json_loadb(text->data ? text->data : "", text->len, 0, &where);
	int code;

	if (!object)
		return err_set(err, 0, "configuration: line %d: %s", where.line, where.text);
	code = json_is_object(object) ? get_image(object, image, ret_layers, err)
				      : wrong("it", "object", err);
	json_decref(object);
	return code ? err_context(err, code, "configuration") : 0;
}
