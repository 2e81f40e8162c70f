/* Names of images: completed, refused, and fitted to each other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/image_name.h"

static const struct {
	const char *typed, *full;
} complete[] = {
	{ "web", "localhost/web:latest" },
	{ "web:1.2", "localhost/web:1.2" },
	{ "a/b/web", "localhost/a/b/web:latest" },
	{ "localhost/web", "localhost/web:latest" },
	{ "localhost:5000/web", "localhost:5000/web:latest" },
	{ "quay.io/a/web:x_Y.9-z", "quay.io/a/web:x_Y.9-z" },
	{ "docker.io/busybox", "docker.io/library/busybox:latest" },
	{ "docker.io/library/busybox:1", "docker.io/library/busybox:1" },
	{ "a.b_c__d---e", "localhost/a.b_c__d---e:latest" },
};

static const char *const refused[] = {
	"",	    "Web",	    "web:",   "web:-x",	  "web:.x",   "-web",	       "web-",	    "we--b/",
	"a//b",	    "/web",	    "../x",   "..",	  "./x",      ".a.b/x",	       "a..b/x",    "a.b:/x",
	"a.b:8x/y", "localhost:/x", "a/../b", "../../x",  "we b",     "web@sha256:00", "web:a b",   "a..b",
	"a___b",    "a._b",	    "web\n",  "quay.io/", "q_q.io/x", "web:\xc3\xa4",  "w\xc3\xa4",
};

static void test_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(complete) / sizeof(*complete); i++) {
		struct err err = { 0 };
		char *full = NULL;

		if (image_name_complete(complete[i].typed, &full, &err))
			fail_msg("%s: %s", complete[i].typed, err.text);
		assert_string_equal(full, complete[i].full);
		free(full);
	}
}

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct err err = { 0 };
		char *full = NULL;

		if (image_name_complete(refused[i], &full, &err) != -EINVAL)
			fail_msg("\"%s\" was taken for a name: %s", refused[i], full);
		assert_null(full);
		assert_non_null(strstr(err.text, "invalid reference format"));
	}
}

static const struct {
	const char *full, *typed;
	bool fits;
} fits[] = {
	{ "docker.io/library/busybox:latest", "busybox", true },
	{ "docker.io/library/busybox:latest", "library/busybox", true },
	{ "docker.io/library/busybox:latest", "usybox", false },
	{ "docker.io/library/busybox:1", "busybox", false },
	{ "docker.io/library/busybox:1", "busybox:1", true },
	{ "localhost/busybox:latest", "docker.io/library/busybox", true },
	{ "localhost/busybox:latest", "docker.io/busybox", true },
	{ "localhost/busybox:latest", "docker.io/evil/busybox", false },
	{ "localhost/busybox:latest", "quay.io/busybox", false },
	{ "docker.io/library/busybox:latest", "localhost/busybox", false },
};

static void test_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fits) / sizeof(*fits); i++)
		if (image_name_fits(fits[i].full, fits[i].typed) != fits[i].fits)
			fail_msg("%s, %s", fits[i].full, fits[i].typed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
