/*
 * fuzz_volumes: any text as -v, --mount or --tmpfs (its first byte says
 * which). A mount that is accepted has an absolute, clean target.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spec/fields.h"
#include "spec/volumes.h"

static void check(const struct mount_spec *mount)
{
	size_t length = strlen(mount->target);

	if (!mount->type || mount->target[0] != '/' || length < 2 || mount->target[length - 1] == '/')
		abort();
	if (strstr(mount->target, "//") || strstr(mount->target, "/../") || text_ends(mount->target, "/.."))
		abort();
	if (!strcmp(mount->type, "bind") && mount->source[0] != '/')
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_ndup(size ? (const char *)data + 1 : "", size ? size - 1 : 0);
	struct mount_list list = { 0 };
	struct err err;
	int code;

	if (size && data[0] % 3 == 0)
		code = volumes_parse(text, "/home/me", &list, &err);
	else if (size && data[0] % 3 == 1)
		code = volumes_parse_mount(text, "/", &list, &err);
	else
		code = volumes_parse_tmpfs(text, &list, &err);
	if (list.n != (code ? 0 : 1))
		abort();
	for (size_t i = 0; i < list.n; i++) {
		check(&list.v[i]);
		fields_free(&mount_spec_shape, &list.v[i]);
	}
	free(list.v);
	free(text);
	return 0;
}
