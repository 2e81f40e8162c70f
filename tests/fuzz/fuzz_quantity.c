/*
 * fuzz_quantity: any text as an amount, and as a command with $(NAME) in it. The canonical form of an amount is one
 * too, and the same; a text without a name in it that is known only loses the `$` of each `$$`.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spec/expand.h"
#include "spec/qos.h"
#include "spec/quantity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_quantity(const char *text)
{
	int64_t value, milli, again;
	int code = quantity_value(text, &value), milli_code = quantity_milli(text, &milli);
	char *canonical = quantity_canonical(text);

	if ((code == -EINVAL) != !canonical || (code == -EINVAL) != (milli_code == -EINVAL))
		abort();
	if (!code && (quantity_value(canonical, &again) || again != value))
		abort();
	if (!milli_code && (code || quantity_milli(canonical, &again) || again != milli))
		abort();
	if (!milli_code && (value > 0	? milli <= 0 || (milli - 1) / 1000 + 1 != value
			    : value < 0 ? milli >= 0 || (milli + 1) / 1000 - 1 != value
					: milli != 0))
		abort();
	if (!milli_code && qos_cpu_shares(milli) < 2)
		abort();
	free(canonical);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_ndup((const char *)data, size), *expanded;
	struct strv env = { 0 };

	check_quantity(text);
	expanded = expand_text(text, &env);
	if (!expanded || strlen(expanded) > strlen(text) || (!strstr(text, "$$") && strcmp(expanded, text)))
		abort();
	free(expanded);
	strv_add(&env, "A=1");
	free(expand_text(text, &env));
	strv_free(&env);
	free(text);
	return 0;
}
