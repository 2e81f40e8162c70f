/*
 * Join, rtnetlink, nat and the networks of pods, in network namespaces of our own.
 */
#include "net_ground.h"

#include "base/io.h"
#include "base/tool.h"
#include "kern/explain.h"
#include "kern/nat.h"
#include "pod/network.h"
#include "pod/pasta.h"

static const uint8_t mac[6] = { 0x02, 0, 0, 0, 0, 1 };

static int open_netlink(void *arg)
{
	return netlink_open(arg);
}

static int refuse(void *arg)
{
	*(int *)arg = 7;
	return -EXDEV;
}

/* A socket stays in the namespace it was born in, its opener comes back. */
static void test_join_call(void **state)
{
	struct ground_pod pod;
	struct err err = { 0 };
	ino_t before;
	int fd, seen = 0;

	(void)state;
	need_ground();
	before = ground_inode(getpid());
	pod = ground_pod_start();
	assert_int_not_equal(ground_inode(pod.pid), before);
	fd = join_call(pod.pidfd, CLONE_NEWNET, open_netlink, &err, &err);
	ground_ok(fd, &err);
	assert_int_equal(ground_inode(getpid()), before);
	ground_ok(link_add_bridge(fd, "inside", mac, &err), &err);
	assert_true(link_index(fd, "inside", &err) > 1);
	close(fd);
	fd = netlink_open(&err);
	assert_int_equal(link_index(fd, "inside", &err), -ENODEV); /* here there is none */
	assert_non_null(strstr(err.text, "inside"));
	close(fd);
	assert_int_equal(join_call(pod.pidfd, CLONE_NEWNET, refuse, &seen, &err), -EXDEV);
	assert_int_equal(seen, 7); /* the memory is shared */
	assert_int_equal(join_call(pod.pidfd, CLONE_NEWUSER, refuse, &seen, &err), -EINVAL);
	assert_non_null(strstr(err.text, "visit a user namespace"));
	ground_pod_end(&pod);
	assert_int_equal(join_call(-1, CLONE_NEWNET, refuse, &seen, &err), -EBADF);
	assert_int_equal(waitpid(-1, NULL, __WALL | WNOHANG), -1); /* no child was left to reap */
}

static int join_and_compare(void *arg)
{
	struct ground_pod *pod = arg;

	if (join_self(pod->pidfd, CLONE_NEWNET, "a test joins", NULL))
		return 1;
	return ground_inode(getpid()) == ground_inode(pod->pid) ? 0 : 2;
}

static void test_join_self(void **state)
{
	struct spawn how = { .cgroup_fd = -1, .purpose = "a test" };
	struct ground_pod pod;
	struct err err = { 0 };
	int pidfd, status;
	pid_t pid;

	(void)state;
	need_ground();
	pod = ground_pod_start();
	pid = spawn(&how, join_and_compare, &pod, &pidfd, &err);
	ground_ok(pid, &err);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(pidfd);
	kill(pod.pid, SIGKILL);
	waitpid(pod.pid, NULL, 0);
	assert_int_equal(join_self(pod.pidfd, CLONE_NEWNET, "too late", &err), -ESRCH);
	assert_non_null(strstr(err.text, "has ended"));
	close(pod.pidfd);
}

/* Lesson 04's errnos: no lo, no way to oneself. */
static void test_lo(void **state)
{
	struct ground_pod pod;
	struct err err = { 0 };

	(void)state;
	need_ground();
	pod = ground_pod_start();
	assert_int_equal(ground_connect_in(&pod, "127.0.0.1", 9), -ENETUNREACH);
	ground_ok(network_lo_up(pod.pidfd, &err), &err);
	assert_int_equal(ground_connect_in(&pod, "127.0.0.1", 9), -ECONNREFUSED);
	assert_int_equal(ground_connect_in(&pod, NETWORK_LOCAL_IP, 9), -ENETUNREACH);
	ground_ok(network_local(pod.pidfd, &err), &err);
	ground_ok(network_local(pod.pidfd, &err), &err); /* can be repeated */
	assert_int_equal(ground_connect_in(&pod, NETWORK_LOCAL_IP, 9), -ECONNREFUSED);
	ground_pod_end(&pod);
}

static void test_links(void **state)
{
	int host, inside, namespace;
	struct ground_pod pod;
	struct err err = { 0 };
	uint32_t address = 0;

	(void)state;
	need_ground();
	pod = ground_pod_start();
	host = netlink_open(&err);
	inside = network_pod_socket(pod.pidfd, &err);
	namespace = network_pod_namespace(pod.pidfd, &err);
	assert_int_equal(link_count_ports(host, "br", &err), 0);
	assert_int_equal(link_add_veth(host, "v0", "br", "eth0", mac, namespace, &err), -ENODEV);
	ground_ok(link_add_bridge(host, "br", mac, &err), &err);
	assert_int_equal(link_add_bridge(host, "br", mac, &err), -EEXIST);
	assert_non_null(strstr(err.text, "make bridge br: File exists"));
	ground_ok(link_add_veth(host, "v0", "br", "eth0", mac, namespace, &err), &err);
	assert_int_equal(link_count_ports(host, "br", &err), 1);
	assert_int_equal(link_index(host, "eth0", &err), -ENODEV); /* it was born in the pod */
	assert_true(link_index(inside, "eth0", &err) > 0);
	assert_int_equal(link_first_address(inside, &address, &err), -EADDRNOTAVAIL);
	ground_ok(link_add_address(inside, "eth0", 0x0a010203, 24, &err), &err);
	ground_ok(link_add_address(inside, "eth0", 0x0a010203, 24, &err), &err);
	ground_ok(link_first_address(inside, &address, &err), &err);
	assert_int_equal(address, 0x0a010203);
	assert_int_equal(link_add_default_route(inside, 0x0a010201, &err), -ENETUNREACH); /* eth0 is down */
	assert_non_null(strstr(err.text, "the kernel says: ")); /* and that has words for it */
	assert_int_equal(link_has_default_route(inside, &err), 0);
	ground_ok(link_up(inside, "eth0", &err), &err);
	ground_ok(link_add_default_route(inside, 0x0a010201, &err), &err);
	ground_ok(link_add_default_route(inside, 0x0a010201, &err), &err);
	assert_int_equal(link_has_default_route(inside, &err), 1);
	ground_ok(link_delete(host, "v0", &err), &err);
	ground_ok(link_delete(host, "v0", &err), &err);
	assert_int_equal(link_count_ports(host, "br", &err), 0);
	assert_int_equal(link_index(inside, "eth0", &err), -ENODEV); /* both ends go */
	ground_ok(link_delete(host, "br", &err), &err);
	close(host);
	close(inside);
	close(namespace);
	ground_pod_end(&pod);
}

/* What nft says about our table; "" when there is none. */
static char *nft_rules(void)
{
	static char text[4096];
	FILE *pipe = popen("nft list ruleset 2>&1", "re");
	size_t got = pipe ? fread(text, 1, sizeof(text) - 1, pipe) : 0;

	text[got] = '\0';
	if (pipe)
		pclose(pipe);
	return text;
}

static bool everyone(const char *pod_id, void *arg)
{
	(void)arg;
	return !text_starts(pod_id, "dead");
}

static const struct network_alive alive = { .alive = everyone };

static int open_run_dir(char *path)
{
	strcpy(path, "/tmp/network.XXXXXX");
	assert_non_null(mkdtemp(path));
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void drop_run_dir(int run_dir, const char *path)
{
	close(run_dir);
	assert_int_equal(io_remove_tree(AT_FDCWD, path, NULL), 0);
}

static const char pod_a[] = "aaaaaaaaaaaabbbbbbbb", pod_b[] = "bbbbbbbbbbbbaaaaaaaa";

/* Lease, bridge, veth: as the plan does it. */
static void attach(int run_dir, const struct ground_pod *pod, const char *id, char *ret_ip)
{
	char note[NETWORK_NOTE_MAX];
	struct err err = { 0 };

	ground_ok(network_lease(run_dir, id, &alive, ret_ip, &err), &err);
	ground_ok(network_bridge_up(run_dir, note, &err), &err);
	if (nat_tool())
		assert_string_equal(note, "");
	ground_ok(network_bridge_attach(pod->pidfd, id, ret_ip, &err), &err);
}

static void exchange_byte(int listener, int client, const char *peer)
{
	struct sockaddr_in address;
	socklen_t length = sizeof(address);
	char byte = 0, text[INET_ADDRSTRLEN];
	int app;

	assert_true(client >= 0);
	app = accept(listener, (void *)&address, &length);
	assert_true(app >= 0);
	assert_string_equal(inet_ntop(AF_INET, &address.sin_addr, text, sizeof(text)), peer);
	assert_int_equal(write(client, "x", 1), 1);
	assert_int_equal(read(app, &byte, 1), 1);
	assert_int_equal(byte, 'x');
	close(app);
	close(client);
}

static void test_bridge(void **state)
{
	char path[32], ip_a[LEASE_IP_MAX], ip_b[LEASE_IP_MAX];
	struct ground_pod a, b;
	struct err err = { 0 };
	int run_dir, host, listener;

	(void)state;
	need_ground();
	a = ground_pod_start();
	b = ground_pod_start();
	run_dir = open_run_dir(path);
	host = netlink_open(&err);
	attach(run_dir, &a, pod_a, ip_a);
	attach(run_dir, &b, pod_b, ip_b);
	assert_string_not_equal(ip_a, ip_b);
	listener = ground_serve_in(&a, SOCK_STREAM, "0.0.0.0", 80);
	exchange_byte(listener, ground_connect(ip_a, 80), "10.88.0.1"); /* from the host */
	exchange_byte(listener, ground_connect_in(&b, ip_a, 80), ip_b); /* from the other pod */
	exchange_byte(listener, ground_connect_in(&a, "127.0.0.1", 80), "127.0.0.1");
	ground_ok(network_bridge_attach(a.pidfd, pod_a, ip_a, &err), &err); /* can be repeated */
	exchange_byte(listener, ground_connect(ip_a, 80), "10.88.0.1");
	close(listener);
	ground_ok(network_bridge_detach(pod_a, &err), &err);
	ground_ok(network_release(run_dir, pod_a, ip_a, &alive, &err), &err);
	assert_true(link_index(host, NETWORK_BRIDGE, &err) > 0); /* b still needs it */
	ground_ok(network_bridge_detach(pod_b, &err), &err);
	ground_ok(network_release(run_dir, pod_b, ip_b, &alive, &err), &err);
	assert_int_equal(link_index(host, NETWORK_BRIDGE, &err), -ENODEV);
	if (nat_tool())
		assert_string_equal(nft_rules(), "");
	ground_ok(network_bridge_gc(run_dir, &alive, &err), &err); /* nothing to do is fine */
	close(host);
	drop_run_dir(run_dir, path);
	ground_pod_end(&a);
	ground_pod_end(&b);
}

/* A pod that was killed without a word leaves a lease; gc takes it, and with it the bridge. But a port that
 * somebody else has on the bridge keeps it. */
static void test_gc(void **state)
{
	char path[32], ip[LEASE_IP_MAX];
	struct ground_pod a, b;
	struct err err = { 0 };
	int run_dir, host;

	(void)state;
	need_ground();
	a = ground_pod_start();
	b = ground_pod_start();
	run_dir = open_run_dir(path);
	host = netlink_open(&err);
	attach(run_dir, &a, "dead-aaaaaaaaaaa", ip);
	ground_ok(network_bridge_attach(b.pidfd, pod_b, "10.88.9.9", &err), &err);
	ground_pod_end(&a);
	ground_ok(network_bridge_gc(run_dir, &alive, &err), &err);
	assert_true(link_index(host, NETWORK_BRIDGE, &err) > 0);
	assert_int_equal(faccessat(run_dir, "net/10.88.0.2", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	ground_ok(network_bridge_detach(pod_b, &err), &err);
	/* the kernel removes the dead pod's veth in its own time */
	for (int i = 0; i < PATIENCE / 10 && link_count_ports(host, NETWORK_BRIDGE, &err); i++)
		poll(NULL, 0, 10);
	ground_ok(network_bridge_gc(run_dir, &alive, &err), &err);
	assert_int_equal(link_index(host, NETWORK_BRIDGE, &err), -ENODEV);
	close(host);
	drop_run_dir(run_dir, path);
	ground_pod_end(&b);
}

static void test_attach_fails_whole(void **state)
{
	char path[32], name[NETWORK_IFNAME_MAX];
	struct ground_pod pod;
	struct err err = { 0 };
	int run_dir, host, in;

	(void)state;
	need_ground();
	pod = ground_pod_start();
	run_dir = open_run_dir(path);
	host = netlink_open(&err);
	network_ifname(pod_a, name);
	assert_string_equal(name, "rpaaaaaaaaaaa");
	assert_int_equal(network_bridge_attach(pod.pidfd, pod_a, "10.88.0.5", &err), -ENODEV); /* no bridge */
	ground_ok(network_bridge_up(run_dir, NULL, &err), &err);
	assert_int_equal(network_bridge_attach(pod.pidfd, pod_a, "10.88.0", &err), -EINVAL);
	assert_int_equal(network_bridge_attach(pod.pidfd, pod_a, "203.0.113.5", &err),
			 -ENETUNREACH); /* gateway */
	assert_int_equal(link_index(host, name, &err), -ENODEV);
	in = network_pod_socket(pod.pidfd, &err);
	assert_int_equal(link_index(in, "eth0", &err), -ENODEV);
	close(in);
	ground_pod_end(&pod);
	ground_ok(network_bridge_gc(run_dir, &alive, &err), &err);
	close(host);
	drop_run_dir(run_dir, path);
}

/* A pod reaches a machine outside that knows nothing of 10.88.0.0/16, with the host's address. */
static void test_masquerade(void **state)
{
	struct ground_pod pod, outside;
	char path[32], ip[LEASE_IP_MAX];
	int run_dir, host, far, namespace, listener;
	struct err err = { 0 };

	(void)state;
	need_ground();
	if (!nat_tool()) {
		print_message("skipped: nft is not installed\n");
		skip();
	}
	pod = ground_pod_start();
	outside = ground_pod_start();
	run_dir = open_run_dir(path);
	host = netlink_open(&err);
	far = network_pod_socket(outside.pidfd, &err);
	namespace = network_pod_namespace(outside.pidfd, &err);
	ground_ok(link_add_bridge(host, "wan", mac, &err), &err);
	ground_ok(link_add_address(host, "wan", 0xc6336401, 24, &err), &err); /* 198.51.100.1 */
	ground_ok(link_add_veth(host, "w0", "wan", "eth0", (uint8_t[]){ 2, 0, 0, 0, 0, 2 }, namespace, &err),
		  &err);
	ground_ok(link_add_address(far, "eth0", 0xc6336402, 24, &err), &err);
	ground_ok(link_up(far, "eth0", &err), &err);
	ground_ok(io_write_kernel(AT_FDCWD, "/proc/sys/net/ipv4/ip_forward", "0", &err), &err);
	attach(run_dir, &pod, pod_a, ip);
	assert_non_null(strstr(nft_rules(), "masquerade"));
	listener = ground_serve_in(&outside, SOCK_STREAM, "0.0.0.0", 80);
	exchange_byte(listener, ground_connect_in(&pod, "198.51.100.2", 80), "198.51.100.1");
	close(listener);
	ground_ok(network_bridge_detach(pod_a, &err), &err);
	ground_ok(network_release(run_dir, pod_a, ip, &alive, &err), &err);
	assert_string_equal(nft_rules(), "");
	ground_ok(link_delete(host, "w0", &err), &err);
	ground_ok(link_delete(host, "wan", &err), &err);
	close(host);
	close(far);
	close(namespace);
	drop_run_dir(run_dir, path);
	ground_pod_end(&pod);
	ground_pod_end(&outside);
}

/* The pod gets the host's own address and reaches what the host reaches; pasta ends by SIGTERM. */
static void test_pasta(void **state)
{
	struct ground_pod pod, outside;
	int host, far, namespace, listener, pidfd, status;
	char ip[LEASE_IP_MAX];
	struct err err = { 0 };
	const char *why;
	pid_t pid;

	(void)state;
	need_ground();
	if (!pasta_usable(&why) || !ground_rootless) {
		print_message("skipped: %s\n", why ? why : "pasta is for pods without root");
		skip();
	}
	pod = ground_pod_start();
	outside = ground_pod_start();
	assert_true(pasta_spawn(pod.pidfd, -1, ip, &pidfd, &err) < 0); /* the host has no way out itself */
	assert_non_null(strstr(err.text, "pasta gave up"));
	assert_non_null(strstr(err.text, "it says: "));
	assert_int_equal(pidfd, -1);
	host = netlink_open(&err);
	far = network_pod_socket(outside.pidfd, &err);
	namespace = network_pod_namespace(outside.pidfd, &err);
	ground_ok(link_add_bridge(host, "wan", mac, &err), &err);
	ground_ok(link_add_address(host, "wan", 0xc6336401, 24, &err), &err);
	ground_ok(link_add_veth(host, "w0", "wan", "eth0", (uint8_t[]){ 2, 0, 0, 0, 0, 2 }, namespace, &err),
		  &err);
	ground_ok(link_add_address(far, "eth0", 0xc6336402, 24, &err), &err);
	ground_ok(link_up(far, "eth0", &err), &err);
	ground_ok(link_add_default_route(host, 0xc6336402, &err), &err);
	pid = pasta_spawn(pod.pidfd, -1, ip, &pidfd, &err);
	ground_ok(pid, &err);
	assert_string_equal(ip, "198.51.100.1");
	listener = ground_serve_in(&outside, SOCK_STREAM, "0.0.0.0", 80);
	exchange_byte(listener, ground_connect_in(&pod, "198.51.100.2", 80), "198.51.100.1");
	close(listener);
	assert_int_equal(sys_pidfd_send_signal(pidfd, SIGTERM), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(pidfd);
	ground_ok(link_delete(host, "w0", &err), &err);
	ground_ok(link_delete(host, "wan", &err), &err);
	close(host);
	close(far);
	close(namespace);
	ground_pod_end(&pod);
	ground_pod_end(&outside);
}

static void test_tool(void **state)
{
	char *argv[] = { "/bin/sh", "-c", "read line; echo \"no $line\" >&2; exit 3", NULL };
	struct err err = { 0 };
	char found[64];

	(void)state;
	assert_null(tool_find("no-such-tool-here", found, sizeof(found)));
	assert_string_equal(tool_find("sh", found, sizeof(found)), found);
	assert_int_equal(access(found, X_OK), 0);
	assert_int_equal(tool_run(argv, "rules\n", &err), -EIO);
	assert_non_null(strstr(err.text, "/bin/sh ended with status 3 (it says: no rules)"));
	argv[2] = "read line; test \"$line\" = rules";
	assert_int_equal(tool_run(argv, "rules\n", &err), 0);
	argv[0] = "/nonexistent/nft";
	assert_int_equal(tool_run(argv, "", &err), -ENOENT);
}

static void test_explain(void **state)
{
	struct ground_pod pod;
	char line[4096] = { 0 };
	struct err err = { 0 };
	int ends[2];

	(void)state;
	need_ground();
	pod = ground_pod_start();
	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	explain_fd = ends[1];
	ground_ok(network_lo_up(pod.pidfd, &err), &err);
	explain_fd = -1;
	assert_true(read(ends[0], line, sizeof(line) - 1) > 0);
	assert_non_null(strstr(line, "NEWNET) = 0"));
	assert_non_null(strstr(line, "RTM_NEWLINK"));
	assert_non_null(strstr(line, "set lo up"));
	close(ends[0]);
	close(ends[1]);
	ground_pod_end(&pod);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_join_call),
		cmocka_unit_test(test_join_self),
		cmocka_unit_test(test_lo),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_bridge),
		cmocka_unit_test(test_gc),
		cmocka_unit_test(test_attach_fails_whole),
		cmocka_unit_test(test_masquerade),
		cmocka_unit_test(test_tool),
		cmocka_unit_test(test_pasta),
		cmocka_unit_test(test_explain),
	};

	ground_enter();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
