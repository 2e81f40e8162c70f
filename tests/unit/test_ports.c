/*
 * ports: what -p gives, and what ps shows of it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spec/fields.h"
#include "spec/ports.h"

static void free_ports(struct port_list *list)
{
	struct pod_spec pod = { .ports = *list };

	fields_free(&pod_spec_shape, &pod);
	*list = (struct port_list){ 0 };
}

/* text NULL: an error is expected. */
static const struct {
	const char *publish;
	const char *text;
	const char *error;
} rows[] = {
	{ "8080:80", "0.0.0.0:8080->80/tcp", NULL },
	{ "8080:80/udp", "0.0.0.0:8080->80/udp", NULL },
	{ "8080:80/TCP", "0.0.0.0:8080->80/tcp", NULL },
	{ "80", "0.0.0.0:0->80/tcp", NULL },
	{ ":80", "0.0.0.0:0->80/tcp", NULL },
	{ "127.0.0.1::80", "127.0.0.1:0->80/tcp", NULL },
	{ "127.0.0.1:8080:80", "127.0.0.1:8080->80/tcp", NULL },
	{ "0.0.0.0:8080:80", "0.0.0.0:8080->80/tcp", NULL },
	{ "[::1]:8080:80", "[::1]:8080->80/tcp", NULL },
	{ "[0:0::1]:8080:80", "[::1]:8080->80/tcp", NULL },
	{ "[::]::80/udp", "[::]:0->80/udp", NULL },
	{ "8000-8010:80-90", "0.0.0.0:8000-8010->80-90/tcp", NULL },
	{ "65535:65535", "0.0.0.0:65535->65535/tcp", NULL },
	{ "1-65535:1-65535", "0.0.0.0:1-65535->1-65535/tcp", NULL },
	{ "81-82", "0.0.0.0:0->81/tcp, 0.0.0.0:0->82/tcp", NULL },
	{ "", NULL, "must provide a non-empty container port to publish" },
	{ "8080:", NULL, "must provide a non-empty container port to publish" },
	{ "8080:0", NULL,
	  "parsing container port: port numbers must be between 1 and 65535 (inclusive), got 0" },
	{ "0:80", NULL, "parsing host port: port numbers must be between 1 and 65535 (inclusive), got 0" },
	{ "65536:80", NULL,
	  "parsing host port: port numbers must be between 1 and 65535 (inclusive), got 65536" },
	{ "99999999999999999999:80", NULL,
	  "parsing host port: port numbers must be between 1 and 65535 (inclusive), got "
	  "99999999999999999999" },
	{ "a:80", NULL,
	  "parsing host port: invalid port number: strconv.Atoi: parsing \"a\": invalid syntax" },
	{ " 8080:80", NULL,
	  "parsing host port: invalid port number: strconv.Atoi: parsing \" 8080\": invalid syntax" },
	{ "-1:80", NULL, "parsing host port: port numbers cannot be negative" },
	{ "80-:80", NULL, "parsing host port: must provide ending number for port range" },
	{ "1-2-3:80", NULL,
	  "parsing host port: invalid port format - port ranges are formatted as startPort-stopPort" },
	{ "9-8:80-81", NULL,
	  "parsing host port: the end port of a range must be higher than the start port - 8 is not higher "
	  "than 9" },
	{ "8000-8010:80-81", NULL, "host and container port ranges have different lengths: 11 vs 2" },
	{ "80:80/sctp", NULL, "unrecognized protocol \"sctp\" in port mapping (tcp and udp are there)" },
	{ "80:80/", NULL, "must provide a non-empty protocol to publish" },
	{ "80:80/tcp/udp", NULL, "invalid port format - protocol can only be specified once" },
	{ "1:2:3:4", NULL, "invalid port format - format is [[hostIP:]hostPort:]containerPort" },
	{ ":8080:80", NULL, "must provide a non-empty container host IP to publish" },
	{ "localhost:8080:80", NULL, "cannot parse \"localhost\" as an IP address" },
	{ "256.0.0.1:8080:80", NULL, "cannot parse \"256.0.0.1\" as an IP address" },
	{ "::1]:80:80", NULL, "invalid port format - IPv6 addresses must be enclosed by []" },
	{ "[::1]80:80", NULL, "invalid port format - IPv6 address must be followed by a colon (':')" },
	{ "[::1]:80", NULL,
	  "invalid port format - must provide host and destination port if specifying an IP" },
	{ "[::1]:1:2:3", NULL,
	  "invalid port format - when v6 address specified, must be [ipv6]:hostPort:ctrPort" },
	{ "[::1]:[::2]:80", NULL,
	  "invalid port format - at most one IPv6 address can be specified in a --publish" },
};

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct port_list list = { 0 };
		struct err err = { 0 };
		char *text;
		int code;

		print_message("-p %s\n", rows[i].publish);
		code = ports_parse(rows[i].publish, &list, &err);
		text = ports_text(&list);
		assert_int_equal(code, rows[i].error ? -EINVAL : 0);
		assert_string_equal(err.text, rows[i].error ? rows[i].error : "");
		assert_string_equal(text, rows[i].text ? rows[i].text : "");
		free(text);
		free_ports(&list);
	}
}

static void test_fields(void **state)
{
	struct port_list list = { 0 };

	(void)state;
	assert_int_equal(ports_parse("127.0.0.1:8000-8001:80-81/udp", &list, NULL), 0);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.v[1].host_ip, "127.0.0.1");
	assert_int_equal(list.v[1].host_port, 8001);
	assert_int_equal(list.v[1].ctr_port, 81);
	assert_string_equal(list.v[1].protocol, "udp");
	free_ports(&list);
	assert_int_equal(ports_parse("0.0.0.0:1:2", &list, NULL), 0);
	assert_null(list.v[0].host_ip);
	free_ports(&list);
}

static void test_several(void **state)
{
	struct port_list list = { 0 };
	struct err err;
	char *text;

	(void)state;
	assert_int_equal(ports_parse("8080:80", &list, &err), 0);
	assert_int_equal(ports_parse("8080:80", &list, &err), 0); /* the same door */
	assert_int_equal(list.n, 1);
	assert_int_equal(ports_parse("8080:80/udp", &list, &err), 0);
	assert_int_equal(ports_parse("127.0.0.1:8080:80", &list, &err), 0);
	assert_int_equal(ports_parse("80", &list, &err), 0);
	assert_int_equal(ports_parse("80", &list, &err), 0); /* two random ones */
	assert_int_equal(list.n, 5);
	assert_int_equal(ports_parse("8080:81", &list, &err), -EINVAL);
	assert_string_equal(err.text, "conflicting port mappings for host port 8080 (protocol tcp)");
	assert_int_equal(ports_parse("8079-8081:79-81", &list, &err), -EINVAL);
	assert_int_equal(list.n, 5);
	text = ports_text(&list);
	assert_string_equal(text, "0.0.0.0:8080->80/tcp, 0.0.0.0:8080->80/udp, 127.0.0.1:8080->80/tcp, "
				  "0.0.0.0:0->80/tcp, 0.0.0.0:0->80/tcp");
	free(text);
	free_ports(&list);
}

static void test_too_many(void **state)
{
	struct port_list list = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(ports_parse("1-65535:1-65535", &list, &err), 0);
	assert_int_equal(ports_parse("80/udp", &list, &err), -EINVAL);
	assert_string_equal(err.text, "too many ports to publish: at most 65535");
	assert_int_equal(list.n, 65535);
	free_ports(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
