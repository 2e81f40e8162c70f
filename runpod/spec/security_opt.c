/*
 * security_opt: reading one; security_opt.h lists them.
 *
 * Rule: no_new_privs is set unless asked otherwise, since it can never be
 * unset again (see PR_SET_NO_NEW_PRIVS in prctl(2)), and only with it may a
 * process without privileges load a seccomp filter (seccomp(2)). Lesson 18.
 */
#include "spec/security_opt.h"

#include <errno.h>
#include <string.h>

static int refuse(const char *text, struct err *err)
{
	return err_hint(err, err_set(err, 0, "invalid --security-opt: \"%s\"", text),
			"no-new-privileges, seccomp=unconfined, mask=, unmask=, systempaths=unconfined, "
			"label=disable and apparmor=unconfined are there");
}

int security_opt_parse(const char *text, struct ctr_spec *ctr, struct err *err)
{
	static const char nnp[] = "no-new-privileges";
	const char *rest = text + strlen(nnp);
	const char *equals = strchr(text, '=');

	if (text_starts(text, nnp) && (!*rest || *rest == '=' || *rest == ':')) {
		ctr->allow_new_privileges = *rest && !strcmp(rest + 1, "false");
		return !*rest || !strcmp(rest + 1, "true") || ctr->allow_new_privileges ? 0
											: refuse(text, err);
	}
	if (!equals)
		return refuse(text, err);
	if (text_starts(text, "mask="))
		strv_split(&ctr->masks, equals + 1, ':');
	else if (text_starts(text, "unmask="))
		strv_split(&ctr->unmasks, equals + 1, ':');
	else if (!strcmp(text, "systempaths=unconfined"))
		strv_add(&ctr->unmasks, "ALL");
	else if (!strcmp(text, "seccomp=unconfined"))
		text_replace(&ctr->seccomp, text_dup("unconfined"));
	else if (strcmp(text, "label=disable") && strcmp(text, "apparmor=unconfined"))
		return refuse(text, err);
	return 0;
}
