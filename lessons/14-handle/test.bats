#!/usr/bin/env bats
# Needs a cgroup of its own, so all of it runs in the lab, booted once: see setup_file.

# shellcheck disable=SC2154 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

BASE=/sys/fs/cgroup/user

setup_file() {
	[ -z "${IN_LAB-}" ] || return 0
	[ -n "$(command -v linux.uml)" ] || return 0
	"$TREE/lessons/in-lab" "bats --tap '${BATS_TEST_DIRNAME##*/}/test.bats'" </dev/null 3>&- >"$BATS_FILE_TMPDIR/tap" 2>&1 || :
}

# in_lab: goes on in the lab; outside, the test has the result that it had there.
in_lab() {
	[ -z "${IN_LAB-}" ] || return 0
	[ -e "$BATS_FILE_TMPDIR/tap" ] || skip "the lab is not installed (see: lesson doctor)"
	! grep -q "^ok [0-9]* $BATS_TEST_DESCRIPTION\$" "$BATS_FILE_TMPDIR/tap" || return 1
	sed -n "/^not ok [0-9]* $BATS_TEST_DESCRIPTION\$/,/^\(not \)*ok /{ /^# /{ /^# *(\|^#  *in test\|^#   \`/!s/^# //p; }; }" "$BATS_FILE_TMPDIR/tap"
	grep -q '^1\.\.' "$BATS_FILE_TMPDIR/tap" || head -n 20 "$BATS_FILE_TMPDIR/tap" # it did not even begin
	exit 1
}

setup() {
	pod=$BASE/$(random_name pod)
}

# No test leaves a cgroup behind, whatever became of it.
teardown() {
	[ -z "${IN_LAB-}" ] || [ ! -d "$pod" ] || {
		echo 1 >"$pod/cgroup.kill"
		wait_for 5 rmdir "$pod"
	}
	stop_all
}

members() {
	cat "$pod/cgroup.procs" 2>/dev/null
}

event() {
	sed -n "s/^$1 //p" "$pod/cgroup.events"
}

# Processor time used by process $pid.
ticks() {
	sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }'
}

started_in_pod() {
	lab run "$pod" "$@"
	[ "$status" -eq 0 ] || fail "run ended with status $status"
	pid=${lines[0]}
	[[ $pid =~ ^[0-9]+$ ]] || fail "run should print the PID of the command"
}

@test "the command is in the cgroup, and handle itself is not" {
	in_lab || return 0
	started_in_pod sleep 60
	[ -d "$pod" ] || fail "there is no cgroup $pod"
	members | grep -qx "$pid" || fail "process $pid is not in cgroup.procs of $pod"
	[ "$(members | wc -l)" -eq 1 ] || fail "only the command should be in it, and these are: $(members | tr '\n' ' ')"
}

@test "it is born there: no moment outside, and its children are there too" {
	in_lab || return 0
	# the first thing that the command does is to look where it is
	started_in_pod sh -c "cat /proc/self/cgroup >'$BATS_TEST_TMPDIR/where'; sleep 61 & exec sleep 62"
	wait_for 5 eval '[ "$(members | wc -l)" -eq 2 ]' || fail "the child of the command should be in the cgroup too"
	[ "$(cat "$BATS_TEST_TMPDIR/where")" = "0::${pod#/sys/fs/cgroup}" ] ||
		fail "when it looked for the first time, the command was in $(cat "$BATS_TEST_TMPDIR/where")"
	! command -v strace >/dev/null || {
		run_limited strace -f -e trace=clone3,openat,write "$LAB" run "$pod" true
		[[ $output != *'/cgroup.procs"'* ]] || fail "the process was moved into the cgroup; it should be born in it (CLONE_INTO_CGROUP)"
	}
}

@test "freeze returns when nothing moves any more, and thaw lets go on" {
	in_lab || return 0
	started_in_pod sh -c 'trap "exit 3" USR2; while :; do :; done'
	lab freeze "$pod"
	[ "$status" -eq 0 ] || fail "freeze ended with status $status"
	[ "$(event frozen)" = 1 ] || fail "freeze has ended, and cgroup.events says frozen $(event frozen)"
	before=$(ticks)
	kill -USR2 "$pid" # it has a handler, and does not get to run it
	sleep 0.3
	! is_dead "$pid" && [ "$(ticks)" = "$before" ] || fail "process $pid still runs"
	lab thaw "$pod"
	[ "$(event frozen)" = 0 ] || fail "thaw has ended, and cgroup.events says frozen $(event frozen)"
	wait_for 5 is_dead "$pid" || fail "the signal should have reached process $pid after the thaw"
}

@test "freeze waits: it does not only write" {
	in_lab || return 0
	mkdir "$pod"
	# an empty cgroup freezes at once; a frozen parent makes "thaw" of the child wait
	mkdir "$pod/inner"
	echo 1 >"$pod/cgroup.freeze"
	start "$LAB" thaw "$pod/inner"
	thaw=$started
	sleep 0.5
	! is_dead "$thaw" || fail "thaw has ended although the cgroup is still frozen: it should wait for cgroup.events"
	echo 0 >"$pod/cgroup.freeze"
	wait_for 5 is_dead "$thaw" || fail "thaw should end when cgroup.events changes"
	rmdir "$pod/inner"
}

@test "kill ends everything, also what is frozen or ignores signals, and removes the cgroup" {
	in_lab || return 0
	started_in_pod sh -c 'trap "" TERM HUP INT; sleep 61 & setsid sleep 62 & while :; do sleep 1; done'
	wait_for 5 eval '[ "$(members | wc -l)" -ge 3 ]'
	mapfile -t all < <(members)
	lab freeze "$pod"
	lab kill "$pod"
	[ "$status" -eq 0 ] || fail "kill ended with status $status"
	[ ! -d "$pod" ] || fail "cgroup $pod should be gone"
	for pid in "${all[@]}"; do
		is_dead "$pid" || fail "process $pid is still there"
	done
}

@test "kill reaches processes that are born all the time" {
	in_lab || return 0
	started_in_pod sh -c 'run() { while :; do (:) & done; }; run & run & wait'
	wait_for 5 eval '[ "$(members | wc -l)" -ge 3 ]'
	lab kill "$pod"
	[ "$status" -eq 0 ] || fail "kill ended with status $status"
	[ ! -d "$pod" ] || fail "cgroup $pod should be gone"
}
