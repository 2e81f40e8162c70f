/*
 * fuzz_yaml: any bytes as a manifest. What is refused says why; what is read, written and
 * read again, is the same.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../unit/yaml_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_and_read(const struct yaml_node *node)
{
	json_t *value = yaml_json(node), *again;
	struct diags diags = { 0 };
	struct buf text = { 0 };
	struct yaml_docs docs;

	yaml_write(value, &text);
	if (yaml_read(text.data, text.len, &docs, &diags)) {
		/* written out, aliases may be more than a text may hold */
		if (text.len < 1 << 16)
			abort();
	} else {
		again = docs.n ? yaml_json(&docs.v[0]) : json_null();
		if (docs.n > 1 || !json_equal(value, again))
			abort();
		json_decref(again);
	}
	diags_free(&diags);
	yaml_docs_free(&docs);
	buf_free(&text);
	json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_ndup((const char *)data, size);
	struct diags diags = { 0 };
	struct yaml_docs docs;
	struct buf shown = { 0 };
	int code = yaml_read((const char *)data, size, &docs, &diags);

	if ((code != 0) != (diags.n != 0))
		abort();
	diags_print(&diags, "x", text, &shown);
	for (size_t i = 0; i < docs.n; i++) {
		yaml_at(&docs.v[i], text);
		if (!code)
			write_and_read(&docs.v[i]);
	}
	buf_free(&shown);
	diags_free(&diags);
	yaml_docs_free(&docs);
	free(text);
	return 0;
}
