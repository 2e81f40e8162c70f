#!/usr/bin/env bats
# lab.bats: the lab from outside: it runs a command, returns its status, and leaves nothing.

load ../lib/common

setup() {
	common_setup
	skip_unless tool "no user-mode-linux here" command -v linux.uml
}

@test "a command's output, errors and status come back apart" {
	run --separate-stderr "$TREE/tests/lab/boot" -- 'echo out; echo err >&2; exit 7'
	[ "$status" -eq 7 ]
	[ "$output" = out ]
	# shellcheck disable=SC2154 # bats sets it
	[ "$stderr" = err ]
}

@test "LAB_USER: uid 1000 may make groups with limits below its own, and user namespaces" {
	LAB_USER=1 run "$TREE/tests/lab/boot" -- \
		'id -u; mkdir /sys/fs/cgroup/user/a && echo 9 >/sys/fs/cgroup/user/a/pids.max && unshare -Ur id -u'
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = "1000 0" ]
}

@test "a command that takes too long is cut off" {
	LAB_TIMEOUT=4 run "$TREE/tests/lab/boot" -- 'read -r never </dev/zero'
	[ "$status" -eq 124 ]
}

@test "a killed lab leaves no process and no file" {
	TMPDIR=$T "$TREE/tests/lab/boot" -- 'echo up; exec tail -f /dev/null' >"$T/out" 2>&1 3>&- &
	wait_until 20 grep -q up "$T/out"
	kill $!
	run wait $!
	wait_until 5 nothing_left
	run compgen -G "$T/runpod-lab.*"
	[ "$status" -eq 1 ]
}
