#!/usr/bin/env bash
# Looks at the mounts that the program makes, in order.
# shellcheck disable=SC2154 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

root=$TMPDIR/root
mkdir -p "$root/bin" "$root/proc"
cp "$(command -v busybox)" "$root/bin/busybox"
trace "$root" /bin/busybox ls /

did_not 'mount\(.*"/".*MS_REC\|MS_PRIVATE|mount\(.*"/".*MS_PRIVATE' &&
	hint "TODO 1: the tree is not made private yet: mount(2) with the target \"/\" and the flags" \
		"MS_REC | MS_PRIVATE; source, type and data are NULL."
did_not 'mount\(.*/root".*MS_BIND' &&
	hint "TODO 1: $root is not bound onto itself. Source and target are the same path; the flag is MS_BIND."
did 'mount\(.*MS_BIND.*= -1' && hint "TODO 1: the bind mount fails:" "$(grep -m 1 'MS_BIND' "$traced")"
did_not 'mount\(.*"proc", "proc"' &&
	hint "TODO 2: no proc is mounted. You are in the new root directory already: the target is \"proc\"."
did 'mount\(.*"proc", "proc".*EPERM' &&
	hint "TODO 2: mounting proc gives EPERM. It is allowed only in a PID namespace of our own, and only" \
		"while another, whole proc can be seen: before the old root is gone."
did_not 'mount\(.*"proc", "proc".*MS_NOEXEC' && hint "TODO 2: the flags: MS_NOSUID, MS_NOEXEC, MS_NODEV."
did_not 'pivot_root\(' && hint "TODO 3: pivot_root(2) is never called."
did 'pivot_root\(.*EINVAL' &&
	hint "TODO 3: pivot_root gives EINVAL. Is the current directory a mount point (TODO 1)? Is the tree private?"
did_not 'umount2\("\.", MNT_DETACH\)' &&
	hint "TODO 3: the old root is still there, on top of \"/\": umount2(\".\", MNT_DETACH)."
did_not 'umount2\("\.", MNT_DETACH\) *= 0' && hint "TODO 3: umount2 fails: $(grep -m 1 'umount2' "$traced")"
did_not 'chdir\("/"\)' && hint "TODO 3: at last, go to \"/\": the current directory is still the old one."
hint "Nothing is missing that a hint could find: run the check."
