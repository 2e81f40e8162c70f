/*
 * top_columns: one row a descriptor, one line a function. The names and headers
 * are those of ps(1) and podman-top(1). Lesson 09.
 */
#include "cli/top_columns.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "cli/usage_text.h"
#include "cli/when.h"

#define SECOND INT64_C(1000000000)

/* A column that is a text, or a number, of the row. */
#define TEXT(name, member)                                                                                   \
	static char *name##_text(const struct process_row *row)                                              \
	{                                                                                                    \
		return text_dup(row->member);                                                                \
	}
#define NUMBER(name, member)                                                                                 \
	static char *name##_text(const struct process_row *row)                                              \
	{                                                                                                    \
		return text_format("%" PRId64, (int64_t)row->member);                                        \
	}

TEXT(args, args)
TEXT(capamb, caps[SET_AMBIENT])
TEXT(capbnd, caps[SET_BOUNDING])
TEXT(capeff, caps[SET_EFFECTIVE])
TEXT(capinh, caps[SET_INHERITABLE])
TEXT(capprm, caps[SET_PERMITTED])
TEXT(comm, name)
TEXT(group, group)
TEXT(groups, groups)
TEXT(hgroup, host_group)
TEXT(hgroups, host_groups)
TEXT(huser, host_user)
TEXT(label, label)
TEXT(rgroup, real_group)
TEXT(ruser, real_user)
TEXT(tty, tty)
TEXT(user, user)
NUMBER(hpid, host_pid)
NUMBER(huid, host_uid)
NUMBER(nice, nice)
NUMBER(pgid, pgid)
NUMBER(pid, pid)
NUMBER(ppid, ppid)
NUMBER(rss, rss)
NUMBER(uid, uid)
NUMBER(vsz, vsz)

static char *etime_text(const struct process_row *row)
{
	return usage_duration(row->elapsed);
}

static char *pcpu_text(const struct process_row *row)
{
	return text_format("%.3f", row->elapsed ? 100.0 * (double)row->cpu / (double)row->elapsed : 0.0);
}

static char *seccomp_text(const struct process_row *row)
{
	static const char *const modes[] = { "disabled", "strict", "filter" };

	return text_dup(row->seccomp >= 0 && row->seccomp < 3 ? modes[row->seccomp] : "?");
}

static char *state_text(const struct process_row *row)
{
	return text_format("%c", row->state);
}

static char *stime_text(const struct process_row *row)
{
	return when_go(row->started / SECOND * SECOND);
}

static char *time_text(const struct process_row *row)
{
	return usage_duration(row->cpu / SECOND * SECOND);
}

#define COLUMN(code, name, header)                                                                           \
	{                                                                                                    \
		code, #name, header, name##_text                                                             \
	}

const struct top_column top_columns[] = {
	COLUMN("%a", args, "COMMAND"),
	COLUMN(NULL, capamb, "AMBIENT CAPS"),
	COLUMN(NULL, capbnd, "BOUNDING CAPS"),
	COLUMN(NULL, capeff, "EFFECTIVE CAPS"),
	COLUMN(NULL, capinh, "INHERITED CAPS"),
	COLUMN(NULL, capprm, "PERMITTED CAPS"),
	COLUMN("%c", comm, "COMMAND"),
	COLUMN("%t", etime, "ELAPSED"),
	COLUMN("%G", group, "GROUP"),
	COLUMN(NULL, groups, "GROUPS"),
	COLUMN(NULL, hgroup, "HGROUP"),
	COLUMN(NULL, hgroups, "HGROUPS"),
	COLUMN(NULL, hpid, "HPID"),
	COLUMN(NULL, huid, "HUID"),
	COLUMN(NULL, huser, "HUSER"),
	COLUMN(NULL, label, "LABEL"),
	COLUMN("%n", nice, "NI"),
	COLUMN("%C", pcpu, "%CPU"),
	COLUMN("%r", pgid, "PGID"),
	COLUMN("%p", pid, "PID"),
	COLUMN("%P", ppid, "PPID"),
	COLUMN("%g", rgroup, "RGROUP"),
	COLUMN(NULL, rss, "RSS"),
	COLUMN("%u", ruser, "RUSER"),
	COLUMN(NULL, seccomp, "SECCOMP"),
	COLUMN(NULL, state, "STATE"),
	COLUMN(NULL, stime, "STIME"),
	COLUMN("%x", time, "TIME"),
	COLUMN("%y", tty, "TTY"),
	COLUMN(NULL, uid, "UID"),
	COLUMN("%U", user, "USER"),
	COLUMN("%z", vsz, "VSZ"),
	{ 0 },
};

const struct top_column *top_column_find(const char *word)
{
	for (const struct top_column *column = top_columns; column->name; column++)
		if (!strcmp(word, column->name) || text_equal(word, column->code))
			return column;
	return NULL;
}
