#!/usr/bin/env bash
# Sends join to a process with a host name of its own, and looks at which calls it made.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

start unshare --user --map-root-user --uts sleep 60
wait_for 5 grep -q sleep "/proc/$started/comm"
holder=$started
trace user,uts "$holder" readlink /proc/self/ns/uts
start unshare --user --map-root-user --mount --uts sh -c 'mount -t tmpfs none /proc; exec sleep 60'
wait_for 5 grep -q sleep "/proc/$started/comm"
run_limited "$LAB" user,mnt,uts "$started" true
mounted=$status
stop_all

did_not "openat\\(.*\"/proc/$holder/ns/uts\"" &&
	hint "TODO 1: your program never opens /proc/$holder/ns/uts (when the PID is $holder), or main never" \
		"calls open_namespace (TODO 3)."
did_not 'setns\(' && hint "TODO 2: the descriptors are open, but setns(2) is never called. Does main call enter (TODO 3)?"
did 'setns\(.*EBADF' && hint "TODO 2: EBADF: that is no open descriptor: $(grep -m 1 EBADF "$traced")"
did 'setns\(.*EINVAL' &&
	hint "TODO 2: EINVAL: the second argument must be the kind that the descriptor is: $(grep -m 1 EINVAL "$traced")"
did 'setns\(.*EPERM' && hint "TODO 3: EPERM. In which order does the kernel want user and uts? In which were they asked for?"
[ "$mounted" -eq 0 ] ||
	hint "TODO 3: with a mount namespace among them it fails. After that one is entered, which /proc do you open?"
hint "Nothing is missing that a hint could find: run the check."
