/*
 * store_fixture: an empty store in a directory of its own, for the tests of store/ and pod/.
 */
#ifndef RUNPOD_TESTS_STORE_FIXTURE_H
#define RUNPOD_TESTS_STORE_FIXTURE_H

#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/io.h"
#include "store/paths.h"

struct fixture {
	char dir[32];
	struct store store;
};

static inline int fixture_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct err err = { 0 };
	char *root, *run;
	int code;

	strcpy(fixture->dir, "/tmp/runpod-test-XXXXXX");
	if (!mkdtemp(fixture->dir))
		return -1;
	root = text_format("%s/root", fixture->dir);
	run = text_format("%s/a/b/run", fixture->dir);
	code = store_open(root, run, &fixture->store, &err);
	if (code)
		print_error("%s\n", err.text);
	free(root);
	free(run);
	*state = fixture;
	return code;
}

static inline int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;
	int code;

	store_close(&fixture->store);
	code = io_remove_tree(AT_FDCWD, fixture->dir, NULL);
	free(fixture);
	return code;
}

#define fixture_test(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

#endif
