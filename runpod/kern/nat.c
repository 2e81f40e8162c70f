/*
 * nat: forwarding by a sysctl, masquerading by nft(8); nat.h tells the idea.
 *
 * nft is run, not linked: its language is what people know and can read back
 * with `nft list ruleset`, and one script is one transaction: the kernel takes
 * all of it or nothing. Lesson 17.
 */
#include "kern/nat.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/tool.h"
#include "kern/explain.h"
#include "kern/sys.h"

#define FORWARD_FILE "/proc/sys/net/ipv4/ip_forward"

static char nft_path[256];

const char *nat_tool(void)
{
	return tool_find("nft", nft_path, sizeof(nft_path));
}

int nat_forward(struct err *err)
{
	struct buf now = { 0 };
	bool on = !io_read_file(AT_FDCWD, FORWARD_FILE, 16, &now, NULL) && now.data[0] == '1';
	int code;

	buf_free(&now);
	if (on) /* also where /proc/sys is read-only */
		return 0;
	code = io_write_kernel(AT_FDCWD, FORWARD_FILE, "1", err);
	return explain_call(code, "pass on what arrives for others", 17, "write(%s, \"1\")", FORWARD_FILE);
}

static int nft(const char *script, struct err *err)
{
	char *argv[] = { nft_path, "-f", "-", NULL };

	if (!nat_tool())
		return err_set(err, ENOENT, "find nft");
	return tool_run(argv, script, err);
}

int nat_add(const char *subnet, const char *bridge, struct err *err)
{
	/* The table is added first, since only what exists can be deleted: so this can be repeated.
	 * DOC: nat-masquerade */
	cleanup_free char *script =
		text_format("add table ip runpod\n"
			    "delete table ip runpod\n"
			    "table ip runpod {\n"
			    "	chain postrouting {\n"
			    "		type nat hook postrouting priority 100; policy accept;\n"
			    "		ip saddr %s oifname != \"%s\" masquerade\n"
			    "	}\n"
			    "}\n",
			    subnet, bridge);
	int code = nft(script, err);

	explain_call(code, "pods leave with the host's address", 17,
		     "nft(ip saddr %s oifname != %s masquerade)", subnet, bridge);
	return code ? err_context(err, code, "masquerade %s", subnet) : 0;
}

int nat_remove(struct err *err)
{
	int code;

	if (!nat_tool())
		return 0;
	code = nft("add table ip runpod\ndelete table ip runpod\n", err);
	explain_call(code, "no pod is left to masquerade", 17, "nft(delete table ip runpod)");
	return code ? err_context(err, code, "remove the nft table ip runpod") : 0;
}
