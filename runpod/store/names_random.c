/*
 * names_random: a name for who was given none, adjective_noun. It only has to
 * be free when it is looked at: name_take decides who gets it.
 */
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "store/names.h"

#define TRIES 20 /* before a number is put behind the words */

static const char *const adjectives[] = {
	"able",	 "agile",  "amber",  "bold",	"brave",  "bright", "brisk", "calm",   "clear", "clever",
	"cosy",	 "crisp",  "daring", "deft",	"eager",  "early",  "exact", "fair",   "fancy", "fleet",
	"fond",	 "fresh",  "gentle", "glad",	"golden", "grand",  "green", "handy",  "happy", "honest",
	"jolly", "keen",   "kind",   "light",	"lively", "lucid",  "lucky", "merry",  "mild",	"modest",
	"neat",	 "nimble", "noble",  "patient", "plain",  "polite", "proud", "prompt", "quick", "quiet",
	"ready", "robust", "shiny",  "sober",	"solid",  "steady", "sunny", "swift",  "tidy",	"witty",
};

/* what a pod is, and who lives in one */
static const char *const nouns[] = {
	"bean",	    "beluga", "bubble",	 "calf",    "capsule", "clover",   "cotton", "current",
	"dolphin",  "drift",  "fin",	 "flipper", "fluke",   "harbor",   "hull",   "husk",
	"island",   "krill",  "lentil",	 "lotus",   "lupin",   "magnolia", "minke",  "narwhal",
	"ocean",    "okra",   "orca",	 "pea",	    "peanut",  "pilot",	   "poppy",  "porpoise",
	"reef",	    "sail",   "seed",	 "sesame",  "shell",   "shore",	   "sprout", "swell",
	"tamarind", "tide",   "vanilla", "vetch",   "wake",    "wave",	   "whale",  "wisteria",
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static unsigned random_below(unsigned limit)
{
	unsigned number = 0;

	while (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		;
	return number % limit;
}

static bool is_free(const struct store *store, const char *name)
{
	cleanup_free char *path = text_format("names/%s", name);

	return faccessat(store->root_fd, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0;
}

char *name_random(const struct store *store)
{
	for (unsigned tries = 0;; tries++) {
		const char *adjective = adjectives[random_below(COUNT(adjectives))];
		const char *noun = nouns[random_below(COUNT(nouns))];
		cleanup_free char *name =
			tries < TRIES ? text_format("%s_%s", adjective, noun)
				      : text_format("%s_%s%u", adjective, noun, random_below(1000000));

		if (is_free(store, name))
			return take_ptr(name);
	}
}
