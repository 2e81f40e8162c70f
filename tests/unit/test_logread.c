/*
 * test_logread: lines come back from a log whole, in order, once, over rotations.
 */
#include "store_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "pod/logread.h"

#define POD  "1111111111111111111111111111111111111111111111111111111111111111"
#define CTR  "2222222222222222222222222222222222222222222222222222222222222222"
#define DIR_ "pods/" POD "/ctr/" CTR
#define T    "2026-01-02T03:04:05.000000006Z "

static const struct ctr_record record = { .id = CTR, .pod_id = POD };

static void append(struct fixture *f, const char *file, const char *text)
{
	int fd;

	assert_int_equal(io_make_dirs(f->store.root_fd, DIR_, 0700, NULL), 0);
	fd = openat(f->store.root_fd, file, O_WRONLY | O_CREAT | O_APPEND, 0600);
	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, text, strlen(text)), 0);
	close(fd);
}

/* The next line must be that; NULL: there is none for now. */
static void expect(struct logread *reader, const char *text, bool is_err)
{
	struct log_line line = { 0 };
	int got = logread_next(reader, &line, NULL);

	assert_int_equal(got, text != NULL);
	if (text) {
		assert_string_equal(line.text.data, text);
		assert_int_equal(line.is_err, is_err);
		assert_int_equal(line.when, INT64_C(1767323045000000006));
	}
	buf_free(&line.text);
}

static void test_cri(void **state)
{
	struct fixture *f = *state;
	struct logread reader;
	struct log_line line = { 0 };

	append(f, DIR_ "/ctr.log",
	       T "stdout F one\n" T "stderr F two words\n" T "stdout P th\n" T "stderr F x\n" T
		 "stdout P r\n" T "stdout F ee\n" T "stdout F \ngarbage\n" T "nowhere F y\n" T
		 "stdout P rest\n" T "std");
	assert_int_equal(logread_open(&f->store, &record, &reader, NULL), 0);
	expect(&reader, "one", false);
	expect(&reader, "two words", true);
	expect(&reader, "x", true);
	expect(&reader, "three", false);
	expect(&reader, "", false);
	expect(&reader, NULL, false);
	append(f, DIR_ "/ctr.log", "out F ored\n"); /* the record that was cut off goes on */
	expect(&reader, "restored", false);
	append(f, DIR_ "/ctr.log", T "stdout P half\n");
	expect(&reader, NULL, false);
	assert_int_equal(logread_rest(&reader, &line), 1);
	assert_string_equal(line.text.data, "half");
	assert_int_equal(logread_rest(&reader, &line), 0);
	buf_free(&line.text);
	logread_close(&reader);
}

static void test_json(void **state)
{
	struct fixture *f = *state;
	struct ctr_record json = record;
	struct logread reader;

	json.spec.log.driver = "json-file";
	append(f, DIR_ "/ctr.log",
	       "{\"log\":\"a\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-02T03:04:05.000000006Z\"}\n{bad\n"
	       "{\"log\":\"b\",\"stream\":\"stderr\",\"time\":\"2026-01-02T03:04:05.000000006Z\"}\n"
	       "{\"log\":\"c\\n\",\"stream\":\"stderr\",\"time\":\"2026-01-02T03:04:05.000000006Z\"}\n");
	assert_int_equal(logread_open(&f->store, &json, &reader, NULL), 0);
	expect(&reader, "a", false);
	expect(&reader, "bc", true);
	expect(&reader, NULL, false);
	logread_close(&reader);
}

/* 1,000 lines over 10 rotations, the reader somewhere in the middle of each. */
static void test_rotation(void **state)
{
	struct fixture *f = *state;
	struct logread reader;
	char text[100];
	int next = 0;

	append(f, DIR_ "/ctr.log.1", T "stdout F older\n");
	append(f, DIR_ "/ctr.log", T "stdout F newer\n");
	assert_int_equal(logread_open(&f->store, &record, &reader, NULL), 0);
	expect(&reader, "older", false);
	expect(&reader, "newer", false);
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), T "stdout F %d\n", i);
		append(f, DIR_ "/ctr.log", text);
		if (i % 100 == 50)
			assert_int_equal(renameat(f->store.root_fd, DIR_ "/ctr.log", f->store.root_fd,
						  DIR_ "/ctr.log.1"),
					 0);
		for (; i % 100 == 99 && next <= i; next++) {
			snprintf(text, sizeof(text), "%d", next);
			expect(&reader, text, false);
		}
	}
	expect(&reader, NULL, false);
	logread_close(&reader);
}

static void rotate(struct fixture *f)
{
	assert_int_equal(renameat(f->store.root_fd, DIR_ "/ctr.log", f->store.root_fd, DIR_ "/ctr.log.1"), 0);
}

/* The file that is being read is rotated away twice: what was written meanwhile is still there, and is read. */
static void test_two_rotations(void **state)
{
	struct fixture *f = *state;
	struct logread reader;

	append(f, DIR_ "/ctr.log", T "stdout F one\n");
	assert_int_equal(logread_open(&f->store, &record, &reader, NULL), 0);
	expect(&reader, "one", false);
	expect(&reader, NULL, false);
	append(f, DIR_ "/ctr.log", T "stdout F two\n"); /* after we looked, before the rotation */
	rotate(f);
	append(f, DIR_ "/ctr.log", T "stdout F three\n");
	rotate(f);
	append(f, DIR_ "/ctr.log", T "stdout F four\n");
	expect(&reader, "two", false);
	expect(&reader, "three", false);
	expect(&reader, "four", false);
	expect(&reader, NULL, false);
	rotate(f); /* for a moment there is no file under the name */
	expect(&reader, NULL, false);
	append(f, DIR_ "/ctr.log", T "stdout F five\n");
	expect(&reader, "five", false);
	expect(&reader, NULL, false);
	logread_close(&reader);
}

/* What stands under a log's name need not be a file. */
static void test_no_file(void **state)
{
	struct fixture *f = *state;
	struct ctr_record device = record;
	struct logread reader;

	device.spec.log.path = "/dev/zero";
	assert_int_equal(logread_open(&f->store, &device, &reader, NULL), 0);
	expect(&reader, NULL, false);
	logread_close(&reader);
}

static void test_none(void **state)
{
	struct fixture *f = *state;
	struct ctr_record silent = record;
	struct logread reader;
	struct err err = { 0 };

	assert_int_equal(logread_open(&f->store, &record, &reader, &err), 0);
	expect(&reader, NULL, false);
	append(f, DIR_ "/ctr.log", T "stdout F late\n"); /* a log that comes later is found */
	expect(&reader, "late", false);
	logread_close(&reader);
	silent.spec.log.driver = "none";
	assert_int_equal(logread_open(&f->store, &silent, &reader, &err), -EINVAL);
	assert_non_null(strstr(err.text, "'none' log driver"));
}

static void test_time(void **state)
{
	static const struct {
		const char *text;
		int64_t when; /* -1: refused */
	} rows[] = { { "1970-01-01T00:00:01Z", 1000000000 },
		     { "1970-01-01T00:00:01.5Z", 1500000000 },
		     { "1970-01-01T01:00:00+01:00", 0 },
		     { "1969-12-31T23:00:00-01:00", 0 },
		     { "1970-01-01T00:00:01", 1000000000 },
		     { "1970-01-01", -1 },
		     { "yesterday", -1 },
		     { "1970-01-01T00:00:01Zx", -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t when = -1;

		assert_int_equal(logread_time(rows[i].text, &when), rows[i].when < 0 ? -EINVAL : 0);
		if (rows[i].when >= 0)
			assert_int_equal(when, rows[i].when);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(test_cri),	     fixture_test(test_json),	       fixture_test(test_rotation),
		fixture_test(test_none),     fixture_test(test_two_rotations), fixture_test(test_no_file),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
