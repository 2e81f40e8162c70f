#!/usr/bin/env bash
# In the lab: runs something with limits, and looks at the cgroups.
# shellcheck disable=SC2154 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

[ -n "$(command -v linux.uml)" ] || hint "The lab is not installed here (see: lesson doctor)."
[ -n "${IN_LAB-}" ] || exec "$TREE/lessons/in-lab" "bash 15-limits/hint.sh"

pod=/sys/fs/cgroup/user/hint
lab $pod web pids.max=20 -- true
[ -e $pod/web/pids.max ] ||
	hint "TODO 1: $pod/web has no file pids.max. Its files come from its parent:" \
		"$pod/cgroup.subtree_control reads \"$(cat $pod/cgroup.subtree_control)\". set() writes there."
lab $pod web pod:pids.max=30 -- true
[ "$(cat $pod/pids.max)" = 30 ] ||
	hint "TODO 2: after the setting pod:pids.max=30, pids.max of the pod is $(cat $pod/pids.max)." "It printed:" "$output" \
		"strncmp(setting, \"pod:\", 4) asks for the beginning; then move setting behind it."
lab $pod hog memory.max=16M memory.swap.max=0 -- tail /dev/zero
[[ $output == *"out of memory"* ]] ||
	hint "TODO 3: the kernel has killed the command for want of memory, and memory.events says:" \
		"$(tr '\n' ' ' <$pod/hog/memory.events)" "but oom_kills() did not find it. fscanf(file, \"%63s %ld\", word, &number)" \
		"reads one line, and returns 2."
hint "Nothing is missing that a hint could find: run the check."
