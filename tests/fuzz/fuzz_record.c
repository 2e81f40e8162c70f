/*
 * fuzz_record: any text as each kind of record. What the quick reader takes, the thorough one takes
 * too and finds the same in it; and what was read is written and read again as the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/record.h"
#include "store/record_shapes.h"

static const struct {
	const struct shape *shape;
	size_t size;
} kinds[] = { { &pod_record_shape, sizeof(struct pod_record) },
	      { &ctr_record_shape, sizeof(struct ctr_record) },
	      { &pod_state_shape, sizeof(struct pod_state) },
	      { &exit_record_shape, sizeof(struct exit_record) } };

static void need(int good)
{
	if (!good)
		abort();
}

/* As record.c does for what the quick reader does not know. */
static int thorough(const struct shape *shape, const char *text, void *structure)
{
	json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	struct err err = { 0 };
	int code = object ? fields_decode(shape, object, structure, &err) : -1;

	need(code == 0 || !object || err.text[0]);
	json_decref(object);
	return code;
}

static void write_and_read(const struct shape *shape, size_t size, const void *structure)
{
	void *again = mem_zalloc(size), *third = mem_zalloc(size);
	struct buf text = { 0 };

	fields_write(shape, structure, &text);
	need(thorough(shape, text.data, again) == 0 && fields_equal(shape, structure, again));
	fields_copy(shape, again, third);
	need(fields_equal(shape, structure, third));
	fields_free(shape, again);
	fields_free(shape, third);
	free(again);
	free(third);
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t kind = size ? data[0] % (sizeof(kinds) / sizeof(*kinds)) : 0;
	const struct shape *shape = kinds[kind].shape;
	void *quick = mem_zalloc(kinds[kind].size), *slow = mem_zalloc(kinds[kind].size);
	char *text = text_ndup(size ? (const char *)data + 1 : "", size ? size - 1 : 0);
	bool read = fields_read(shape, text, quick);
	int code = thorough(shape, text, slow);

	need(!read || (code == 0 && fields_equal(shape, quick, slow)));
	if (!code)
		write_and_read(shape, kinds[kind].size, slow);
	fields_free(shape, quick);
	fields_free(shape, slow);
	free(quick);
	free(slow);
	free(text);
	return 0;
}
