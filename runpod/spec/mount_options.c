/*
 * mount_options: a table of words and what each sets; see mount(8) for what
 * they mean and mount_setattr(2) for how they are set.
 *
 * z and Z ask for an SELinux label. Where SELinux is not in force there is
 * nothing to label, so they are read and have no effect. Lesson 12.
 */
#include "spec/mount_options.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"

/* Words that set or clear one member; of each pair only one may be given. */
static const struct toggle {
	const char *word;
	size_t member;
	bool value;
	const char *pair; /* how the error names the two */
} toggles[] = {
	{ "ro", offsetof(struct mount_spec, read_only), true, "'rw' or 'ro'" },
	{ "rw", offsetof(struct mount_spec, read_only), false, "'rw' or 'ro'" },
	{ "noexec", offsetof(struct mount_spec, noexec), true, "'exec' or 'noexec'" },
	{ "exec", offsetof(struct mount_spec, noexec), false, "'exec' or 'noexec'" },
	{ "nosuid", offsetof(struct mount_spec, nosuid), true, "'suid' or 'nosuid'" },
	{ "suid", offsetof(struct mount_spec, nosuid), false, "'suid' or 'nosuid'" },
	{ "nodev", offsetof(struct mount_spec, nodev), true, "'dev' or 'nodev'" },
	{ "dev", offsetof(struct mount_spec, nodev), false, "'dev' or 'nodev'" },
	{ "rbind", offsetof(struct mount_spec, recursive), true, "'rbind' or 'bind'" },
	{ "bind", offsetof(struct mount_spec, recursive), false, "'rbind' or 'bind'" },
	{ "nocopy", offsetof(struct mount_spec, no_copy), true, "'copy' or 'nocopy'" },
	{ "copy", offsetof(struct mount_spec, no_copy), false, "'copy' or 'nocopy'" },
	{ "U", offsetof(struct mount_spec, own), true, "'U'" },
	{ NULL, 0, false, NULL },
};

/* --mount's names for the same, and docker's. */
static const struct alias {
	const char *name;
	const char *word;
	const char *type; /* of mounts that know it; NULL: all */
} aliases[] = {
	{ "readonly", "ro", NULL },
	{ "chown", "U", NULL },
	{ "bind-nonrecursive", "bind", "bind" },
	{ "volume-nocopy", "nocopy", "volume" },
	{ "notmpcopyup", "nocopy", "tmpfs" },
	{ "tmpfs-size", "size", "tmpfs" },
	{ "tmpfs-mode", "mode", "tmpfs" },
	{ "bind-propagation", NULL, "bind" },
	{ NULL, NULL, NULL },
};

static const char *const propagations[] = { "shared",	"rshared",    "slave",	     "rslave", "private",
					    "rprivate", "unbindable", "runbindable", NULL };

static bool in_list(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (!strcmp(*words, word))
			return true;
	return false;
}

static const struct toggle *find_toggle(const char *word)
{
	for (const struct toggle *toggle = toggles; toggle->word; toggle++)
		if (!strcmp(toggle->word, word))
			return toggle;
	return NULL;
}

/* A word alone means true; "ro=false" is rw. */
static int set_toggle(struct mount_spec *mount, const struct toggle *toggle, const char *value,
		      struct err *err)
{
	bool truth = !value || !strcasecmp(value, "true") || !strcmp(value, "1");

	if (!truth && strcasecmp(value, "false") && strcmp(value, "0"))
		return err_set(err, 0, "invalid value \"%s=%s\"", toggle->word, value);
	*(bool *)((char *)mount + toggle->member) = truth == toggle->value;
	return 0;
}

static int set_size(struct mount_spec *mount, const char *value, struct err *err)
{
	if (!value || num_size(value, &mount->size))
		return err_set(err, 0, "invalid tmpfs size \"%s\"", value ? value : "");
	return 0;
}

static int set_mode(struct mount_spec *mount, const char *value, struct err *err)
{
	if (!value || !*value || value[strspn(value, "01234567")] || strlen(value) > 5 ||
	    strtol(value, NULL, 8) > 07777)
		return err_set(err, 0, "invalid tmpfs mode \"%s\"", value ? value : "");
	mount->mode = strtol(value, NULL, 8);
	return 0;
}

static int set_propagation(struct mount_spec *mount, const char *key, const char *value, struct err *err)
{
	if (!value)
		return err_set(err, 0, "%s: must provide an argument for option", key);
	if (!in_list(propagations, value))
		return err_set(err, 0, "invalid value \"%s=%s\"", key, value);
	text_replace(&mount->propagation, text_dup(value));
	return 0;
}

int mount_option_set(struct mount_spec *mount, const char *key, const char *value, struct err *err)
{
	bool tmpfs = !strcmp(mount->type, "tmpfs");
	const struct toggle *toggle;

	for (const struct alias *alias = aliases; alias->name; alias++) {
		if (strcmp(alias->name, key))
			continue;
		if (alias->type && strcmp(alias->type, mount->type))
			return err_set(err, 0, "\"%s\" option not supported for \"%s\" mount types", key,
				       mount->type);
		if (!alias->word)
			return set_propagation(mount, key, value, err);
		key = alias->word;
		break;
	}
	toggle = find_toggle(key);
	if (toggle)
		return set_toggle(mount, toggle, value, err);
	if (tmpfs && !strcmp(key, "size"))
		return set_size(mount, value, err);
	if (tmpfs && !strcmp(key, "mode"))
		return set_mode(mount, value, err);
	if (!value && in_list(propagations, key))
		return set_propagation(mount, key, key, err);
	if (!value && (!strcmp(key, "z") || !strcmp(key, "Z")))
		return 0;
	return err_set(err, 0, "invalid option type \"%s\"", key);
}

/* The word in words before index i that sets the same member, or NULL. */
static const char *earlier_of_pair(const struct strv *words, size_t i)
{
	const struct toggle *toggle = find_toggle(words->v[i]);

	for (size_t j = 0; toggle && j < i; j++) {
		const struct toggle *other = find_toggle(words->v[j]);

		if (other && other->member == toggle->member)
			return words->v[j];
	}
	return NULL;
}

int mount_options_parse(struct mount_spec *mount, const char *text, struct err *err)
{
	struct strv words = { 0 };
	int code = 0;

	strv_split(&words, text, ',');
	for (size_t i = 0; !code && i < words.n; i++) {
		const char *before = earlier_of_pair(&words, i);
		char *equals;

		if (before) {
			code = err_set(err, 0, "invalid options \"%s, %s\", can only specify 1 %s option",
				       before, words.v[i], find_toggle(words.v[i])->pair);
			break;
		}
		equals = strchr(words.v[i], '=');
		if (equals)
			*equals++ = '\0';
		code = mount_option_set(mount, words.v[i], equals, err);
	}
	strv_free(&words);
	return code;
}
