/*
 * kube_decode: what the two files that decode share: where they are in the object.
 */
#ifndef RUNPOD_SPEC_KUBE_DECODE_H
#define RUNPOD_SPEC_KUBE_DECODE_H

#include "spec/kube_tree.h"

/* Where we are: the path grows and shrinks with the walk. */
struct kube_walk {
	struct kube_reader *reader;
	struct buf path;		  /* "spec.containers[0]" */
	const struct kube_struct *inside; /* whose field is being read */
};

/* One value of that type, or null. */
json_t *kube_scalar(struct kube_walk *walk, enum kube_type type, const struct yaml_node *node);

/* Notes that node is not of that type, in the words of Go's decoder; gives null. */
json_t *kube_wrong_type(struct kube_walk *walk, const struct yaml_node *node, const char *type);

#endif
