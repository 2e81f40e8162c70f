/*
 * podevents: what happened to a pod of a manifest, in the kubelet's words, as `describe`
 * shows it. One line of JSON each in RUN/pods/ID/events; the file is bounded, and the oldest go
 * first. (The journal that `runpod events` shows is another thing: store/journal.h.)
 */
#ifndef RUNPOD_POD_PODEVENTS_H
#define RUNPOD_POD_PODEVENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/paths.h"

struct pod;
struct ctr;

#define EVENT_NORMAL  "Normal"
#define EVENT_WARNING "Warning"

/* Notes one. ctr: the container that it is about, or NULL. reason: "Started", "Unhealthy", … Only pods that were made from
 * a manifest have events; for others nothing is done. */
void podevent(struct pod *pod, const struct ctr *ctr, const char *type, const char *reason,
	      const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Equal ones joined. */
struct podevent {
	char *type, *reason, *from, *message;
	char *object;	     /* the container's field path: "spec.containers{web}"; NULL: the pod */
	int64_t count;	     /* how often */
	int64_t first, last; /* nanoseconds since 1970 */
};

struct podevents {
	struct podevent *v; /* by the time when each was last seen */
	size_t n;
};

/* Reads them. A pod without events has none: 0 all the same. Returns 0 or -errno. */
int podevents_read(const struct store *store, const char *pod_id, struct podevents *ret_events,
		   struct err *err);
void podevents_free(struct podevents *events);

#endif
