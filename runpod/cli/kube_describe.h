/*
 * kube_describe: the parts of what describe prints; they read the tree that kube_status makes.
 */
#ifndef RUNPOD_CLI_KUBE_DESCRIBE_H
#define RUNPOD_CLI_KUBE_DESCRIBE_H

#include <jansson.h>

/* A member's text, or NULL. */
/* "2026-11-21T18:35:25Z" as describe shows it: "Sat, 21 Nov 2026 18:35:25 +0000"; the caller owns it. NULL: "". */
char *kubectl_when(const char *stamp);

const char *kubectl_text(const json_t *object, const char *key);

/* "Name:   text", set in by that many blanks. */
void kubectl_line(int indent, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The containers of spec's list `specs`, with their states of status' list `states`. */
void kube_describe_containers(const json_t *pod, const char *title, const char *specs, const char *states);

/* The volumes. */
void kube_describe_volumes(const json_t *pod);

#endif
