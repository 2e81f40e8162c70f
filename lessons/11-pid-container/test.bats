#!/usr/bin/env bats
# The donor is the pause of lesson 01, PID 1 of a namespace of its own.

# shellcheck disable=SC2154 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

setup() {
	need_userns
	start unshare --user --map-root-user --pid --net --fork --kill-child "$BIN/pause"
	outer=$started
	donor=$(child "$outer")
	wait_for 5 is_pause
}

is_pause() {
	[ "$(cat "/proc/$donor/comm" 2>/dev/null)" = pause ]
}

# inner PID: its number in the namespace in which it was born.
inner() {
	sed -n 's/^NSpid:.*[[:space:]]\([0-9]*\)$/\1/p' "/proc/$1/status"
}

# Starts the command, waits until it runs; member is its PID, here.
start_member() {
	start_lab "$donor" sleep 60
	wait_for 5 eval 'member=$(children $lab_pid); grep -qx sleep "/proc/${member:-0}/comm" 2>/dev/null' || {
		output=$(cat "$lab_output")
		fail "the command does not run as a child of joinpid"
	}
}

@test "the command is in the donor's PID namespace, and joinpid is not" {
	start_member
	same_ns pid "$member" "$donor" ||
		fail "the command is in $(ns "$member" pid), the donor in $(ns "$donor" pid)"
	same_ns user "$member" "$donor" || fail "the command should be in the donor's user namespace"
	other_ns pid "$lab_pid" "$donor" || fail "joinpid itself should stay where it is"
}

@test "there it has a small number, and its parent is 0" {
	lab "$donor" sh -c 'echo "number $$ parent $PPID"'
	[[ $output == *"number 2 parent 0"* ]] || fail "in the donor's namespace it should be process 2 with parent 0"
	start_member
	[ "$(inner "$member")" -gt 1 ] || fail "the kernel says that it is process $(inner "$member") there"
}

@test "it ends as the command ended" {
	lab "$donor" sh -c 'exit 7'
	[ "$status" -eq 7 ] || fail "the command ended with 7, and joinpid with $status"
	lab "$donor" sh -c 'kill -USR1 $$'
	[ "$status" -eq 138 ] || fail "the command was killed by signal 10, so the status should be 138, and is $status"
	lab "$donor" true
	[ "$status" -eq 0 ] || fail "the command ended with 0, and joinpid with $status"
}

@test "when pause is killed, the member dies with it: SIGKILL" {
	start_member
	kill -KILL "$donor"
	wait_for 5 is_dead "$lab_pid" || fail "the member and joinpid should have ended"
	how=0
	wait "$lab_pid" || how=$?
	[ $how -eq 137 ] || fail "the member was killed by signal 9, so the status should be 137, and is $how"
	grep -q 'signal 9' "$lab_output" || fail "joinpid should say which signal it was: $(cat "$lab_output")"
}

@test "who has joined before can make no process afterwards: ENOMEM" {
	mkfifo "$BATS_TEST_TMPDIR/line"
	exec 7<>"$BATS_TEST_TMPDIR/line"
	start bash -c "exec '$LAB' -w $donor true <'$BATS_TEST_TMPDIR/line' 7>&-"
	wait_line "$started_output" joined || fail "it should have joined, and waits for a line"
	kill -KILL "$donor"
	wait_for 5 is_dead "$donor"
	echo >&7
	exec 7>&-
	wait_for 5 is_dead "$started" || fail "it should have ended"
	how=0
	wait "$started" || how=$?
	output=$(cat "$started_output")
	[ $how -ne 0 ] || fail "the fork must fail, and the exit status should say so"
	[[ $output == *"fork: ENOMEM"* ]] || fail "the fork must fail with ENOMEM, and joinpid say so"
}

@test "a donor that is not there is an error" {
	stop "$outer"
	wait_for 5 eval '! [ -e "/proc/$donor" ]'
	lab "$donor" true
	[ "$status" -ne 0 ] || fail "process $donor is gone; the status should not be 0"
	[[ $output == *ESRCH* ]] || fail "it should say ESRCH: no such process"
}
