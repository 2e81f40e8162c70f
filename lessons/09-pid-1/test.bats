#!/usr/bin/env bats
# The command tells which process it thinks it is; the kernel tells the rest.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

setup() {
	need_userns
}

@test "the command is PID 1, without a parent" {
	lab sh -c 'echo I am $$, child of $PPID'
	grep -q '^I am 1, child of 0$' <<<"$output" || fail "it should say: I am 1, child of 0"
}

@test "the program itself did not move" {
	lab true
	grep -Eq '^after unshare I am still [0-9]{2,}$' <<<"$output" || fail "after unshare, getpid() still gives the old number"
}

@test "from outside the same process has another number, and another pid namespace" {
	start_lab sleep 60
	inner=$(child "$lab_pid") || fail "there should be a child"
	wait_for 5 grep -q sleep "/proc/$inner/comm" || fail "the child should be sleep"
	other_ns pid $$ "$inner" || fail "the child should be in a PID namespace of its own"
	same_ns pid $$ "$lab_pid" || fail "the program itself should not"
	[ "$(sed -n 's/^NSpid:.*[[:space:]]//p' "/proc/$inner/status")" = 1 ] || fail "inside, its number should be 1"
}

@test "it can fork more than once" {
	lab sh -c 'true; /bin/true; /bin/true; /bin/true; echo still here'
	[[ $output == *"still here"* ]] || fail "every fork should work"
}

@test "its exit status is passed on, and a signal as 128 + its number" {
	lab sh -c 'exit 7'
	[ "$status" -eq 7 ] || fail "the status should be 7, and was $status"
	start_lab sleep 60
	inner=$(child "$lab_pid") || fail "there should be a child"
	kill -KILL "$inner"
	how=0
	wait "$lab_pid" || how=$?
	[ $how -eq 137 ] || fail "the status should be 137 (128 + SIGKILL), and was $how"
}

@test "with PID 1 all others end" {
	lab sh -c 'for i in 1 2 3 4 5; do setsid sleep 60 & done; echo started'
	[[ $output == *started* ]] || fail "the command was not run"
	for stat in /proc/[0-9]*/comm; do
		! grep -qsx sleep "$stat" || fail "a sleep is still there: ${stat%/comm}"
	done
}
