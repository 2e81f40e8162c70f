/*
 * ops: the operations of a plan and how each is undone, one pair a kind; run.c's table
 * calls them, ops_*.c and pod_volumes.c have them.
 */
#ifndef RUNPOD_POD_OPS_H
#define RUNPOD_POD_OPS_H

#include "pod/pod.h"

int op_cgroup(struct pod *pod, struct op *op, struct err *err);
void op_cgroup_undo(struct pod *pod, struct op *op);
int op_limit(struct pod *pod, struct op *op, struct err *err);
int op_volumes(struct pod *pod, struct op *op, struct err *err);
void op_volumes_undo(struct pod *pod, struct op *op);
int op_streams(struct pod *pod, struct op *op, struct err *err);
void op_streams_undo(struct pod *pod, struct op *op);
int op_spawn(struct pod *pod, struct op *op, struct err *err);
int op_spawn_words(struct pod *pod, const struct op *op, int code,
		   struct err *err); /* the child's own error, if it has said one */
void op_spawn_undo(struct pod *pod, struct op *op);
int op_go(struct pod *pod, struct op *op, struct err *err);
int op_listen(struct pod *pod, struct op *op, struct err *err);
void op_listen_undo(struct pod *pod, struct op *op);
int op_lease(struct pod *pod, struct op *op, struct err *err);
void op_lease_undo(struct pod *pod, struct op *op);
int op_bridge(struct pod *pod, struct op *op, struct err *err);
int op_lo(struct pod *pod, struct op *op, struct err *err);
int op_local(struct pod *pod, struct op *op, struct err *err);
int op_attach(struct pod *pod, struct op *op, struct err *err);
void op_attach_undo(struct pod *pod, struct op *op);
int op_pasta(struct pod *pod, struct op *op, struct err *err);
void op_pasta_undo(struct pod *pod, struct op *op);
int op_publish(struct pod *pod, struct op *op, struct err *err);
void op_publish_undo(struct pod *pod, struct op *op);
void publisher_ended(struct pod *pod, struct watch *watch, unsigned events);

#endif
