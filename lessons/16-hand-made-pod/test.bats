#!/usr/bin/env bats
# The pod's processes are found by what handpod prints, and judged by their namespaces.

# shellcheck disable=SC2154 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

setup() {
	need_userns
	cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
	stop_all
	[ -z "${runpod_root-}" ] || "${runpod[@]}" rm -f -t 0 c p >/dev/null 2>&1 || :
}

# Starts a pod of two containers and finds the PIDs.
start_pod() {
	start_lab "$BIN/pause" sleep 61 -- sleep 62
	wait_for 5 eval '[ "$(wc -l <"$lab_output")" -ge 3 ]' || {
		output=$(cat "$lab_output")
		fail "it should print three lines: pause and two containers"
	}
	{
		read -r pause _
		read -r one _
		read -r two _
	} <"$lab_output"
	for pid in "$one" "$two"; do
		wait_for 5 grep -qx sleep "/proc/$pid/comm" || fail "process $pid should run sleep"
	done
}

@test "pause and two containers are in one net, ipc and pid namespace, and not in ours" {
	start_pod
	for kind in user net ipc pid; do
		other_ns $kind $$ "$pause" || fail "pause should be in a $kind namespace of its own"
		same_ns $kind "$pause" "$one" || fail "the first container should share $kind with pause"
		same_ns $kind "$pause" "$two" || fail "the second container should share $kind with pause"
	done
	[ "$(cat "/proc/$pause/comm")" = pause ] || fail "the donor should be the program pause"
}

@test "each has a mount namespace of its own, and handpod stays outside" {
	start_pod
	wait_for 5 other_ns mnt "$one" "$pause"
	other_ns mnt "$one" "$two" || fail "the containers should not share mounts"
	other_ns net "$lab_pid" "$pause" || fail "handpod itself should not be in the pod"
}

@test "pause is PID 1, and all see all" {
	lab "$BIN/pause" sh -c 'until cat /proc/[0-9]*/comm 2>/dev/null | grep -q sleep; do :; done; cat /proc/1/comm /proc/2/comm; echo I am $$' -- sleep 2
	[[ $output == *pause$'\n'sh$'\n'* ]] || fail "/proc in the container should show pause as 1 and sh as 2, and the other container"
	[[ $output == *"I am 2"* ]] || fail "the first container should be process 2 of the pod"
}

@test "a message queue of one container is there for the other" {
	lab "$BIN/pause" sh -c 'ipcmk -Q >/dev/null; sleep 1' -- sh -c 'i=0; until ipcs -q | grep -q 0x; do i=$((i + 1)); [ $i -lt 50 ] || break; sleep 0.05; done; ipcs -q'
	[[ $output == *0x* ]] || fail "the queue should be seen by the other container"
	! ipcs -q | grep -q 0x || fail "the queue is seen outside the pod"
}

@test "when the last container has ended, the pod ends" {
	start_lab "$BIN/pause" sleep 0.2 -- sleep 1
	wait_for 5 eval '[ "$(wc -l <"$lab_output")" -ge 3 ]'
	read -r donor _ <"$lab_output"
	wait_for 5 is_dead "$lab_pid" || fail "both containers have ended, and handpod still runs"
	is_dead "$donor" || fail "pause is still there"
	how=0
	wait "$lab_pid" || how=$?
	[ $how -eq 0 ] || fail "it ended with status $how"
}

@test "it does not end with the first" {
	start_lab "$BIN/pause" true -- sleep 61
	wait_for 5 eval '[ "$(wc -l <"$lab_output")" -ge 3 ]'
	sleep 0.5
	! is_dead "$lab_pid" || fail "one container still runs, and handpod has ended"
}

# picture PID PID: for each kind, whether the second process shares it with the first.
picture() {
	for kind in user net ipc pid mnt uts cgroup; do
		same_ns $kind "$1" "$2" && echo "$kind shared" || echo "$kind own"
	done
}

@test "it is the same as what runpod makes" {
	[ -x "$TREE/build/runpod" ] || skip "build/runpod is not there yet (make)"
	runpod_root=$BATS_TEST_TMPDIR/r
	runpod=("$TREE/build/runpod" --root "$runpod_root/root" --runroot "$runpod_root/run")
	mkdir -p "$runpod_root/tmp"
	"${runpod[@]}" run -d --name p --network none busybox sleep 60 >/dev/null 2>"$runpod_root/error" ||
		skip "runpod cannot run here: $(head -n 1 "$runpod_root/error")"
	"${runpod[@]}" run -d --name c --net=container:p --ipc=container:p --pid=container:p busybox sleep 61 >/dev/null ||
		fail "runpod should start the second container"
	donor=$("${runpod[@]}" inspect -f '{{.State.Pid}}' p)
	member=$("${runpod[@]}" inspect -f '{{.State.Pid}}' c)
	start_pod
	[ "$(picture "$pause" "$one")" = "$(picture "$donor" "$member")" ] ||
		fail "handpod: $(picture "$pause" "$one" | tr '\n' ' ')" "runpod:  $(picture "$donor" "$member" | tr '\n' ' ')"
}
