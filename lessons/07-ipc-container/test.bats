#!/usr/bin/env bats
# A letter left in one IPC namespace is looked for in it and outside.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

setup() {
	need_userns
	start unshare --user --map-root-user --ipc sleep 60
	wait_for 5 grep -q sleep "/proc/$started/comm"
	box=--ipc=container:$started
	key=$((RANDOM + 1))
	name=/$(random_name)
	text=$(random_name hello)
}

teardown() {
	ipcrm -Q "$key" 2>/dev/null || :
	stop_all
}

@test "System V: what was put into a queue can be got out of it" {
	lab put $key "$text"
	[ "$status" -eq 0 ] || fail "put failed"
	lab get $key
	[ "$output" = "$text" ] || fail "the letter should say $text"
	lab get $key
	[[ $status -ne 0 && $output != *"$text"* ]] || fail "a letter can be taken out once"
}

@test "System V: a queue of the container is in the container" {
	lab $box put $key "$text"
	[ "$status" -eq 0 ] || fail "put failed"
	grep -Eq "^ *$key " "/proc/$started/root/proc/sysvipc/msg" 2>/dev/null ||
		nsenter --user --ipc --preserve-credentials -t "$started" grep -Eq "^ *$key " /proc/sysvipc/msg ||
		fail "the kernel has no queue $key in that IPC namespace"
	lab $box get $key
	[ "$output" = "$text" ] || fail "the letter should say $text"
}

@test "System V: outside it is ENOENT" {
	lab $box put $key "$text"
	lab get $key
	[[ $status -ne 0 && $output == *ENOENT* ]] || fail "from outside there is no such queue: ENOENT"
}

@test "POSIX: the same, by name" {
	lab $box post "$name" "$text"
	[ "$status" -eq 0 ] || fail "post failed"
	lab fetch "$name"
	[[ $status -ne 0 && $output == *ENOENT* ]] || fail "from outside there is no such queue: ENOENT"
	lab $box fetch "$name"
	[ "$output" = "$text" ] || fail "the letter should say $text"
}

@test "a queue that nobody made is ENOENT, and is not made by looking" {
	lab get $key
	[[ $status -ne 0 && $output == *ENOENT* ]] || fail "it should fail with ENOENT"
	lab get $key
	[[ $output == *ENOENT* ]] || fail "looking for it made it"
}
