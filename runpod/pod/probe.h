/*
 * probe: is the container up, ready, alive? Each of its up to three probes is asked
 * again and again while it runs, and enough equal answers in a row are a verdict.
 *
 * The rule is the kubelet's: until the startup probe has passed, the others are not
 * asked; readiness is false until its probe has passed; liveness is taken for granted until
 * its probe has failed; who fails liveness or startup is stopped, and asked no more. Lesson 22.
 */
#ifndef RUNPOD_POD_PROBE_H
#define RUNPOD_POD_PROBE_H

#include "pod/pod.h"

/*
 * The container runs, and its postStart hook, if any, has succeeded. Without a startup probe it is
 * up now (ctr_started_up), and without a readiness probe ready as soon as it is up (ctr_ready).
 * A container adopted from a supervisor that was killed, whose state says up already, is not asked
 * startup again and goes on as ready as it was. A fresh start needs state->up and ready false before.
 */
void probes_begin(struct ctr *ctr);

/* No more questions: the container has ended, or is being stopped. Calling it again does no harm. */
void probes_end(struct ctr *ctr);

/* Asks what is due at now (the supervisor's clock, ns), and lets handlers' times run out (handler_tick).
 * *io_next becomes the nearest later deadline if that is before it (0: none yet). Also for containers
 * without probes. */
void probes_tick(struct ctr *ctr, int64_t now, int64_t *io_next);

#endif
