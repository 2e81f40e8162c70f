#!/usr/bin/env bats
# Needs controllers, so all of it runs in the lab, booted once: see setup_file.

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
	local group
	[ -z "${IN_LAB-}" ] || [ ! -d "$pod" ] || {
		echo 1 >"$pod/cgroup.kill"
		for group in "$pod"/*/ "$pod"; do
			[ ! -d "$group" ] || wait_for 5 rmdir "$group"
		done
	}
	stop_all
}

# value CGROUP FILE: a setting, as the kernel has it.
value() {
	cat "$1/$2" 2>/dev/null
}

@test "settings reach the container's cgroup and the pod's" {
	in_lab || return 0
	lab "$pod" web pids.max=20 memory.max=33554432 pod:memory.max=67108864 pod:cpu.max="50000 100000" -- true
	[ "$status" -eq 0 ] || fail "it ended with status $status"
	[ "$(value "$pod/web" pids.max)" = 20 ] || fail "pids.max of the container should be 20, and is $(value "$pod/web" pids.max)"
	[ "$(value "$pod/web" memory.max)" = 33554432 ] || fail "memory.max of the container should be 33554432"
	[ "$(value "$pod" memory.max)" = 67108864 ] || fail "memory.max of the pod should be 67108864, and is $(value "$pod" memory.max)"
	[ "$(value "$pod" cpu.max)" = "50000 100000" ] || fail "cpu.max of the pod should be 50000 100000"
	[ "$(value "$pod/web" cpu.max)" = "max 100000" ] || fail "cpu.max of the container was not asked for"
}

@test "the command runs in the container's cgroup" {
	in_lab || return 0
	lab "$pod" web -- cat /proc/self/cgroup
	[[ $output == *"0::${pod#/sys/fs/cgroup}/web"* ]] || fail "it should be in ${pod#/sys/fs/cgroup}/web"
}

@test "too much memory: the container is killed, and it says why" {
	in_lab || return 0
	lab "$pod" hog memory.max=16M memory.swap.max=0 -- tail /dev/zero
	[ "$status" -eq 137 ] || fail "the command was killed by SIGKILL, so the status should be 137, and is $status"
	[[ $output == *"hog: exit status 137, out of memory"* ]] || fail "it should print: hog: exit status 137, out of memory"
}

@test "only what the kernel killed for want of memory is called so" {
	in_lab || return 0
	lab "$pod" hog memory.max=16M memory.swap.max=0 -- tail /dev/zero
	lab "$pod" hog -- sh -c 'kill -KILL $$'
	[[ $output == *"hog: exit status 137"* && $output != *memory* ]] || fail "this one was killed by itself; the count is that of the one before"
}

@test "a pod's limit spares the pod's other containers" {
	in_lab || return 0
	start "$LAB" "$pod" web pod:memory.max=32M pod:memory.swap.max=0 -- sleep 60
	web=$started
	wait_for 10 grep -qs . "$pod/web/cgroup.procs" || fail "the first container should run"
	lab "$pod" hog -- tail /dev/zero
	[[ $output == *"hog: exit status 137, out of memory"* ]] || fail "the hog should have run into the pod's limit"
	! is_dead "$web" && grep -q . "$pod/web/cgroup.procs" || fail "the other container should live on"
}

@test "a fork bomb gets EAGAIN" {
	in_lab || return 0
	lab "$pod" bomb pids.max=8 -- sh -c 'n=0; while [ $n -lt 20 ]; do sleep 1 & n=$((n + 1)); done; wait'
	[ "$status" -ne 0 ] || fail "the shell should not get its twenty children"
	[[ $output == *"annot fork"* ]] || fail "fork should fail in the container"
	read -r _ refused <"$pod/bomb/pids.events"
	[ "$refused" -gt 0 ] || fail "pids.events of the container should count the forks that were refused"
}
