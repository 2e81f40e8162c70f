/*
 * oomscore: who goes first when the machine's memory runs out.
 */
#ifndef RUNPOD_KERN_OOMSCORE_H
#define RUNPOD_KERN_OOMSCORE_H

#include "base/err.h"

/*
 * Writes value (-1000…1000; higher goes sooner) to our own oom_score_adj, which children inherit. Raising is everybody's, lowering
 * below what a privileged process set last needs CAP_SYS_RESOURCE: without it the score stays as near as it may be, which is no
 * error. Returns 0 or -errno. See proc_pid_oom_score_adj(5).
 */
int oomscore_set(int value, struct err *err);

#endif
