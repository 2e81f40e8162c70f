#!/usr/bin/env bash
# Runs `rootless true` under strace and looks how far it came.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

unshare --user true 2>/dev/null ||
	hint "TODO 1: this machine gives an ordinary user no user namespace, so nothing can work: see lesson doctor."
trace true
did_not 'unshare\(.*CLONE_NEWUSER' &&
	hint "TODO 1: your program never calls unshare with CLONE_NEWUSER." \
		"(it may be written on one line: call, compare with 0, die)"
did_not 'write\(.*"0 [0-9]+ 1' &&
	hint "TODO 2: no map was written. A map is a line like: 0 $(id -u) 1"
did 'write\(.*"0 [0-9]+ 1.*= -1 EINVAL' &&
	hint "TODO 2: the kernel does not understand this map: $(grep -m 1 -E 'write\(.*= -1 EINVAL' "$traced")"
did 'write\(.*"0 65534 1' &&
	hint "TODO 2: 65534 is who you seem to be inside. The map needs the number from outside."
did 'write\(.*"0 [0-9]+ 1.*= -1 EPERM' && did_not 'gid_map"' &&
	hint "TODO 2: uid_map was refused with EPERM. One number, and your own: it should be 0 $(id -u) 1"
did_not 'open(at)?\(.*/proc/(self|[0-9]+)/setgroups' &&
	hint "TODO 3: gid_map was refused with EPERM. user_namespaces(7) says under \"gid_map\" what must be" \
		"given up first: the right to call a certain system call, by writing a word to a file beside it."
did 'gid_map"' && did_not 'write\(.*"deny"' &&
	hint "TODO 3: /proc/self/setgroups was opened. The word is one that refuses for ever."
[ "$status" -eq 0 ] || hint "TODO 3: it still fails. In which order? setgroups comes before gid_map." "$output"
hint "Nothing is missing that a hint could find: run the check."
