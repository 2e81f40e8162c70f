#!/usr/bin/env bats
# init is made PID 1 of a namespace by lesson 09's pidbox, and given orphans.
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

load ../lib

setup() {
	need_userns
	pidbox=$BIN/pidbox
}

# start_init COMMAND...: init is PID 1 of a new namespace; init_pid is its number out here.
start_init() {
	start "$pidbox" "$LAB" "$@"
	init_pid=$(child "$started") || fail "there should be a PID 1"
	wait_for 5 eval '[ "$(readlink /proc/$init_pid/exe)" = "$LAB" ]' || fail "PID 1 should be your program"
	child "$init_pid" >/dev/null || fail "it should have the command as its child"
}

zombies() {
	local pid
	for pid in $(children "$1"); do
		[ "$(process_state "$pid")" != Z ] || echo "$pid"
	done
}
no_zombies() {
	[ -z "$(zombies "$1")" ]
}

@test "it ends as the command ended" {
	run_limited "$pidbox" "$LAB" sh -c 'exit 7'
	[ "$status" -eq 7 ] || fail "the status should be 7, and was $status"
	run_limited "$pidbox" "$LAB" sh -c 'kill -KILL $$'
	[ "$status" -eq 137 ] || fail "the status should be 137 (128 + SIGKILL), and was $status"
}

@test "an orphan that dies is collected" {
	start_init sh -c '(sleep 1 &) ; (sleep 1.2 &) ; exec sleep 60'
	wait_for 5 eval '[ "$(children $init_pid | wc -l)" -ge 2 ]' || fail "orphans become children of PID 1; there should be some"
	wait_for 5 eval '[ "$(children $init_pid | wc -l)" -eq 1 ]' ||
		fail "only the command should be left, but PID 1 has: $(children "$init_pid" | tr '\n' ' ')(zombies: $(zombies "$init_pid" | tr '\n' ' '))"
}

@test "fifty orphans that die at once are all collected" {
	start_init sh -c 'i=0; while [ $i -lt 50 ]; do (sleep 2 &) ; i=$((i + 1)); done; exec sleep 60'
	wait_for 10 eval '[ "$(children $init_pid | wc -l)" -ge 40 ]' || fail "there should be many orphans"
	wait_for 10 eval '[ "$(children $init_pid | wc -l)" -eq 1 ]' || fail "$(zombies "$init_pid" | wc -l) zombies are left"
}

@test "SIGTERM and SIGINT reach the command" {
	for signal in TERM INT; do
		start_init sh -c 'trap "exit 42" TERM INT; while :; do sleep 0.1; done'
		kill -$signal "$init_pid"
		how=0
		wait_for 5 is_dead "$started" || fail "SIG$signal was sent, and nothing happened"
		wait "$started" || how=$?
		[ $how -eq 42 ] || fail "the command handles SIG$signal and exits with 42; the status was $how"
	done
}

@test "the command can be signalled: its mask is the one that we were given" {
	start_init sleep 60
	command=$(child "$init_pid")
	wait_for 5 grep -q sleep "/proc/$command/comm"
	blocked=$(sed -n 's/^SigBlk:[[:space:]]*//p' "/proc/$command/status")
	[[ $blocked =~ ^0+$ ]] || fail "signals $blocked are blocked in the command"
}

@test "it sleeps when nothing is to be done" {
	start_init sleep 60
	wait_for 5 eval '[ "$(process_state $init_pid)" = S ]'
	before=$(sed 's/.*) //' "/proc/$init_pid/stat" | awk '{ print $12 + $13 }')
	for _ in 1 2 3; do
		sleep 0.1
	done
	after=$(sed 's/.*) //' "/proc/$init_pid/stat" | awk '{ print $12 + $13 }')
	[ $((after - before)) -le 1 ] || fail "it runs in circles instead of sleeping"
}
