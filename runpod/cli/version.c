/*
 * version: which program this is.
 */
#include <stdio.h>
#include <sys/utsname.h>

#include "cli/listing.h"
#include "cli/show.h"
#include "cli/verbs.h"

struct version_flags {
	char *format;
};

static const struct opt options[] = {
	{ "format", 'f', OPT_TEXT, offsetof(struct version_flags, format), "string",
	  "Change the output format to JSON or a Go template", NULL, NULL },
	{ 0 },
};

static int version(struct cli *cli, void *target, struct strv *args, struct err *err)
{
	struct version_flags *flags = target;
	struct utsname host;
	json_t *client, *whole;
	int code = 0;

	(void)args;
	uname(&host);
	client = json_pack("{s:s, s:s, s:o, s:o}", "Version", RUNPOD_VERSION, "Os", "linux", "OsArch",
			   show_take(text_format("linux/%s", host.machine)), "Kernel",
			   show_text(host.release));
	whole = json_pack("{s:o}", "Client", client);
	if (listing_is_json(flags->format))
		json_print(whole, 2);
	else if (flags->format)
		code = template_print(flags->format, whole, err);
	else
		printf("Client:       %s\nVersion:      %s\nOS/Arch:      linux/%s\nKernel:       %s\n",
		       cli->program, RUNPOD_VERSION, host.machine, host.release);
	json_decref(whole);
	return code;
}

const struct verb verb_version = {
	.usage = "[options]",
	.description = "Displays the version of the program and of the kernel that does the work.",
	.examples = "version\nversion --format '{{.Client.Version}}'",
	.options = options,
	.flags_size = sizeof(struct version_flags),
	.run = version,
};
