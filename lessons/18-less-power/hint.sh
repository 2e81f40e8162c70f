#!/usr/bin/env bash
# Looks at the status of a command that lesspower runs, and at the calls before it.
# shellcheck disable=SC2154 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

trace cat /proc/self/status
set_of() {
	sed -n "s/^$1:[[:space:]]*//p" <<<"$output"
}

did_not 'PR_CAPBSET_DROP' && hint "TODO 1: the bounding set is not touched: cap_drop_bound(3), for each capability that is not kept."
did 'PR_CAPBSET_DROP.*EPERM' && hint "TODO 1: dropping from the bounding set gives EPERM: it needs CAP_SETPCAP. Drop from it first, set the" \
	"process's own capabilities afterwards."
[ "$(set_of CapBnd)" = 00000000800405fb ] ||
	hint "TODO 1: the bounding set should be 00000000800405fb and is $(set_of CapBnd)." "capsh --decode=$(set_of CapBnd) spells it out."
did_not 'capset\(' && hint "TODO 1: the process's own sets are not set: cap_set_flag(3) twice (CAP_PERMITTED, CAP_EFFECTIVE), then cap_set_proc(3)."
[ "$(set_of CapEff)" = 00000000800405fb ] || hint "TODO 1: CapEff should be 00000000800405fb and is $(set_of CapEff)."
did_not 'PR_SET_NO_NEW_PRIVS' && hint "TODO 2: prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) is missing."
did_not 'seccomp\(SECCOMP_SET_MODE_FILTER' && hint "TODO 2: the filter is built, but never handed to seccomp(2)."
did 'seccomp\(SECCOMP_SET_MODE_FILTER.*= -1' && hint "TODO 2: seccomp(2) fails:" "$(grep -m 1 'seccomp(' "$traced")" \
	"EACCES: no_new_privs comes first. EINVAL: the kernel has checked the program and found a jump that leads nowhere."
lab unshare --user true
[[ $output == *"not permitted"* ]] ||
	hint "TODO 3: unshare is still allowed: $output" "refuse(BPF_JEQ, number, EPERM), for every number in denied[]." \
		"And SYS_clone3, with ENOSYS."
hint "Nothing is missing that a hint could find: run the check."
