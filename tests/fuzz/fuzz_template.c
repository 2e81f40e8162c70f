/*
 * fuzz_template: any bytes as a template over a row with every kind of value.
 */
#include <stddef.h>
#include <stdint.h>

#include "cli/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char data[] =
		"{\"Name\":\"web\",\"Pid\":7,\"On\":true,\"Nil\":null,\"State\":{\"Status\":\"running\"},"
		"\"List\":[\"net\",\"ipc\"],\"Labels\":{\"b\":\"2\",\"a\":\"1\"},\"_labels\":{\"a\":\"1\"},"
		"\"Containers\":[{\"Id\":\"1\",\"Name\":\"x\"}]}";
	json_t *value = json_loads(data, 0, NULL);
	char *text = text_ndup((const char *)bytes, size);
	struct template template = { 0 };
	struct buf out = { 0 };

	if (!template_parse(text, &template, NULL))
		template_render(&template, value, &out, NULL);
	template_free(&template);
	buf_free(&out);
	text_replace(&text, NULL);
	json_decref(value);
	return 0;
}
