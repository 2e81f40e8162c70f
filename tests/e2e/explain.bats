#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; bats sets $stderr
# rootless: no
#
# explain.bats: what --explain prints is what was done. Each run is traced with strace -ff, and
# explain.awk holds the two against each other, process by process. (Only as root: an ordinary
# user may not trace processes into a user namespace, where they have capabilities.)

load ../lib/common

setup() {
	common_setup
	skip_unless_tool strace
	NAME=$(rnd)
	runpod run --rm busybox true # the image is made: not what is told of here
}

teardown() {
	kill -TERM "${TRACERS[@]}" 2>/dev/null || :
	common_teardown
}

TRACERS=()

# trace WHAT…: strace in the background; each process has a file of its own.
trace() {
	strace -I1 -ff -s 8192 -o "$T/trace" "$@" 2>>"$T/strace" </dev/null 3>&- &
	TRACERS+=($!)
	disown
}

# traced ARG…: runpod --explain ARG… under strace, stdin closed; $T/told has what it told. strace
# lets go of the supervisor when the command has ended. Its exit status becomes ours.
traced() {
	# shellcheck disable=SC2016 # the shell below expands that
	trace sh -c '"$@" >"$0/out" 2>"$0/told"; echo $? >"$0/code"' "$T" \
		"$RUNPOD" --root "$T/root" --runroot "$T/run" --explain "$@"
	wait_until 30 test -s "$T/code"
	kill -TERM "${TRACERS[@]}" 2>/dev/null || : # it has ended already if nothing lives on
	wait_until 5 all_gone "${TRACERS[@]}"
	return "$(cat "$T/code")"
}

all_gone() {
	local pid
	for pid; do
		gone "$pid" || return 1
	done
}

# trace_supervisor CONTAINER: from here on, for a command that will ask one that is there.
trace_supervisor() {
	local pid
	pid=$(runpod inspect --format '{{.State.ConmonPid}}' "$1")
	trace -p "$pid"
	wait_until 5 grep -q '^TracerPid:.[1-9]' "/proc/$pid/status"
}

# held LEAST NAME…: everything told is in the traces; there are at least so many lines, and these calls.
held() {
	local least=$1 name
	shift
	sed -i '/^Error: /d' "$T/told" # not told but said
	LC_ALL=C awk -v bounding="0x$(awk '/^CapBnd/ { print $2 }' /proc/self/status)" \
		-f "$TREE/tests/e2e/explain.awk" "$T/told" "$T"/trace.* || return 1
	[ "$(wc -l <"$T/told")" -ge "$least" ] || { wc -l "$T/told"; return 1; }
	for name; do
		grep -q "^$name(" "$T/told" || { echo "no $name told"; return 1; }
	done
}

@test "run: every line has its call, in the process's own order" {
	traced run --rm busybox echo hello
	[ "$(cat "$T/out")" = hello ]
	held 100 clone3 unshare setns mkdir fsopen fsconfig fsmount move_mount openat2 pivot_root umount2 \
		sethostname mknodat prctl capset setgroups setresgid setresuid seccomp execve sendto mount
}

@test "run with ports, volumes, tmpfs, a user, --init, a sysctl and a ulimit" {
	mkdir "$T/data"
	traced run --rm -p "127.0.0.1:$(free_port):80" -v "$T/data:/data:ro" -v "$NAME:/vol" --tmpfs /x:size=1m \
		--init --ulimit nofile=100:200 -u 1000:1000 --sysctl net.ipv4.ip_default_ttl=42 busybox true
	held 120 bind open_tree mount_setattr mkdirat memfd_create write prlimit
	grep -q '^setresuid(1000) = 0' "$T/told"
	[ "$(grep -c '^clone3(.*the publisher' "$T/told")" -eq 1 ]
}

@test "run of the host image, read-only, in a network of its own" {
	traced run --rm --network none --read-only host true
	held 80 clone3 open_tree mount_setattr pivot_root
}

@test "pod start: infra is born holding the namespaces, its pause comes from memory" {
	runpod pod create --name "$NAME"
	traced pod start "$NAME"
	held 20 clone3 memfd_create setns
	grep -q '^clone3(NEWNET|NEWIPC|NEWUTS|NEWNS|PIDFD|INTO_CGROUP) = .*infra is born' "$T/told"
}

@test "a container of a pod: one setns joins what infra holds" {
	runpod pod create --name "$NAME"
	runpod run -d --pod "$NAME" --name "$NAME-a" pause
	trace_supervisor "$NAME-a"
	traced run --rm --pod "$NAME" busybox true
	held 80 clone3 setns pivot_root
	[ "$(grep -c '^setns([0-9]*, .*joins infra' "$T/told")" -eq 1 ]
	grep -q '^setns([0-9]*, NEWIPC|NEWNET|NEWUTS)\|^setns([0-9]*, NEWNET|NEWIPC|NEWUTS)' "$T/told"
}

@test "the trick: --net=container: and the others" {
	runpod run -d --name "$NAME" --ipc=shareable pause
	traced run --rm --net="container:$NAME" --ipc="container:$NAME" --pid="container:$NAME" busybox true
	held 80 clone3 setns
	grep -q "^setns([0-9]*, .*joins its donor's namespaces" "$T/told"
}

@test "exec: all of the container's namespaces, then less power" {
	runpod run -d --name "$NAME" busybox sleep 1000
	trace_supervisor "$NAME"
	traced exec -u 1000 "$NAME" true
	held 8 clone3 setns setresuid capset seccomp
	grep -q '^setresuid(1000) = 0' "$T/told"
}

@test "stop: a signal by pidfd, to this process and no other" {
	runpod run -d --name "$NAME" -p "$(free_port):80" pause
	trace_supervisor "$NAME"
	traced stop "$NAME"
	held 1 pidfd_send_signal
}

@test "a call that fails is told with its errno" {
	run traced run --rm --memory 64m busybox true
	[ "$status" -eq 125 ] || skip "host: the memory controller is here"
	held 3 mkdir write
	grep -q 'memory.max", "67108864") = -1 ENOENT (No such file or directory)' "$T/told"
}

@test "what is told names lessons that are there" {
	local number
	traced run --rm -p "$(free_port):80" -v "$NAME:/vol" --init busybox true
	for number in $(grep -o 'lesson [0-9]*$' "$T/told" | cut -d' ' -f2 | sort -u); do
		compgen -G "$TREE/lessons/$number-*" >/dev/null || { echo "no lesson $number"; return 1; }
	done
}

@test "without --explain nothing is told; with it, standard output is the program's alone" {
	run --separate-stderr runpod run --rm busybox echo hello
	[ "$output" = hello ]
	[ -z "$stderr" ]
	run --separate-stderr runpod --explain run --rm busybox sh -c 'echo hello; echo oops >&2'
	[ "$output" = hello ]
	[[ $stderr == *clone3* && $stderr == *oops* ]]
}

@test "the holding itself: a line that was not done, a wrong result, another order are found out" {
	traced run --rm busybox true
	held 100
	cp "$T/told" "$T/right"
	wrong() { # SED EXPRESSION: told like this, it does not hold
		sed "$1" "$T/right" >"$T/told"
		! cmp -s "$T/right" "$T/told" || { echo "$1 changed nothing"; return 1; }
		not held 100
	}
	wrong '/^pivot_root/s/= 0/= 1/'
	wrong '/^sethostname/s/("/("x/'
	wrong '/^pivot_root/{h;d};$G' # told last
	wrong '$a setns(3, NEWNET) = 0'
	# the same, with the lie in the trace: the lines are there, the call is not what they say
	cp "$T/right" "$T/told"
	sed -i '/^pivot_root(/d' "$T"/trace.*
	not held 100
}
