#!/usr/bin/env bats
# lifecycle.bats: from created to gone: start, stop, restart, kill, pause, wait, rm, and what
# inspect, ps and the kernel say meanwhile.

load ../lib/common

# patient NAME: a container that runs until it is told, and ends with 5 on SIGTERM.
patient() {
	runpod run -d --network none --name "$1" busybox sh -c 'trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done'
	wait_until 5 log_says "$1" ready
}

# deaf NAME OPTIONS…: one whose process 1 ignores SIGTERM.
deaf() {
	local name=$1
	shift
	runpod run -d --network none --name "$name" "$@" busybox sh -c 'trap "" TERM; echo ready; while :; do sleep 0.05; done'
	wait_until 5 log_says "$name" ready
}

# Whether the process sleeps in recvmsg (see proc_pid_syscall(5)): a client that has asked.
receives() {
	local number
	[ "$(uname -m)" = x86_64 ] && number=47 || number=212
	[ "$(cut -d' ' -f1 "/proc/$1/syscall" 2>/dev/null)" = $number ]
}

state() { runpod inspect -f '{{.State.Status}}' "$1"; }
is() { [ "$(state "$1")" = "$2" ]; }
now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }

@test "created, running, exited: what inspect says on the way" {
	name=$(rnd)
	runpod create --network none --name "$name" busybox sh -c 'sleep 0.3; exit 4'
	facts='{{.State.Status}} {{.State.Running}} {{.State.ExitCode}} {{.State.StoppedByUser}}'
	[ "$(runpod inspect -f "$facts" "$name")" = "created false 0 false" ]
	[ "$(runpod inspect -f '{{.State.Pid}} {{.State.ConmonPid}}' "$name")" = "0 0" ]
	run runpod start "$name"
	[ "$status" -eq 0 ]
	[ "$output" = "$name" ]
	[ "$(runpod inspect -f "$facts" "$name")" = "running true 0 false" ]
	pid=$(ctr_pid "$name")
	alive "$pid"
	[ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" = "sh -c sleep 0.3; exit 4 " ]
	[ "$(runpod wait "$name")" = 4 ]
	[ "$(runpod inspect -f "$facts" "$name")" = "exited false 4 false" ]
	[ "$(ctr_pid "$name")" = 0 ]
	gone "$pid"
	started=$(date -d "$(runpod inspect -f '{{.State.StartedAt}}' "$name")" +%s%N)
	finished=$(date -d "$(runpod inspect -f '{{.State.FinishedAt}}' "$name")" +%s%N)
	[ $((finished - started)) -ge 300000000 ]
	[ $((finished - started)) -lt 5000000000 ]
}

@test "start: again after its end, not twice at once, several, attached with -a" {
	name=$(rnd)
	runpod create --network none --name "$name" busybox sh -c 'echo again; exit 6'
	for _ in 1 2; do
		run runpod start -a "$name"
		[ "$status" -eq 6 ]
		[ "$output" = again ]
	done
	runpod create -i --network none --name "$name-i" busybox cat
	[ "$(echo through | runpod start -a -i "$name-i")" = through ]
	patient "$name-p"
	pid=$(ctr_pid "$name-p")
	run runpod start "$name-p" # it runs: nothing to do
	[ "$status" -eq 0 ]
	[ "$(ctr_pid "$name-p")" = "$pid" ]
	run runpod start "$name" nosuch "$name-i"
	[ "$status" -eq 125 ]
	[ "${lines[0]}" = "$name" ]
	[ "${lines[1]}" = "$name-i" ]
	[ "${lines[2]}" = 'Error: no container with name or ID "nosuch" found: no such container' ]
	run runpod start --all "$name"
	[ "$status" -eq 125 ]
	[ "$output" = "Error: either start all containers or the container(s) provided in the arguments" ]
	run runpod start
	[ "$status" -eq 125 ]
}

@test "a file written stays over stop and start; what was mounted or kept in memory does not" {
	name=$(rnd)
	runpod run -d --network none --name "$name" --tmpfs /t busybox sleep 1000
	runpod exec "$name" sh -c 'echo kept >/file; echo lost >/t/file'
	first=$(ns_inode "$(ctr_pid "$name")" mnt)
	runpod restart -t 0 "$name"
	[ "$(runpod exec "$name" cat /file)" = kept ]
	run runpod exec "$name" cat /t/file
	[ "$status" -eq 1 ]
	[ "$(ns_inode "$(ctr_pid "$name")" mnt)" != "$first" ] || [ -n "$first" ]
}

@test "stop: SIGTERM is heard, the exit code is the container's own, StoppedByUser" {
	name=$(rnd)
	patient "$name"
	pid=$(ctr_pid "$name")
	began=$(now_ms)
	run runpod stop "$name"
	[ "$status" -eq 0 ]
	[ "$output" = "$name" ] # and no warning
	[ $(($(now_ms) - began)) -lt 5000 ]
	gone "$pid"
	[ "$(runpod inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.StoppedByUser}}' "$name")" = "exited 5 true" ]
	run runpod stop "$name" # it has stopped: that is what was wanted
	[ "$status" -eq 0 ]
	run runpod stop nosuch
	[ "$status" -eq 125 ]
	run runpod stop --ignore nosuch
	[ "$status" -eq 0 ]
}

@test "stop: one that ignores SIGTERM is killed after the time, with podman's words on stderr" {
	name=$(rnd)
	deaf "$name"
	began=$(now_ms)
	run --separate-stderr runpod stop -t 2 "$name"
	took=$(($(now_ms) - began))
	echo "took $took ms"
	[ "$status" -eq 0 ]
	[ "$took" -ge 1900 ]
	[ "$took" -lt 3000 ]
	[ "$output" = "$name" ]
	# shellcheck disable=SC2154 # bats sets it
	[[ "$stderr" == *"StopSignal SIGTERM failed to stop container $name in 2 seconds, resorting to SIGKILL"* ]]
	[ "$(runpod inspect -f '{{.State.ExitCode}} {{.State.StoppedByUser}}' "$name")" = "137 true" ]
	# no time at all
	runpod start "$name"
	began=$(now_ms)
	runpod stop -t 0 "$name"
	[ $(($(now_ms) - began)) -lt 1000 ]
}

@test "while it is being stopped: the state is stopping; ps, logs, exec and kill work" {
	name=$(rnd)
	deaf "$name"
	client stop -t 30 "$name" >"$T/out" 2>&1 &
	pid=$!
	wait_until 5 is "$name" stopping
	[ "$(runpod ps --filter status=stopping --format '{{.Names}}')" = "$name" ]
	[ "$(RUNPOD_TIMEOUT=3 runpod logs "$name")" = ready ]
	RUNPOD_TIMEOUT=3 runpod kill -s KILL "$name"
	wait_until 5 gone "$pid"
	wait "$pid"
	grep -qx "$name" "$T/out"
	[ "$(state "$name")" = exited ]
}

@test "a second stop shortens the first" {
	name=$(rnd)
	deaf "$name"
	client stop -t 30 "$name" >/dev/null 2>&1 &
	pid=$!
	wait_until 5 is "$name" stopping
	RUNPOD_TIMEOUT=5 runpod stop -t 0 "$name"
	wait_until 5 gone "$pid"
	wait "$pid"
}

@test "--all: stop and kill print full ids; --latest, --cidfile choose; they exclude each other" {
	name=$(rnd)
	for each in a b; do
		runpod run -d --network none --name "$name-$each" --cidfile "$T/$each" busybox sleep 1000 >>"$T/ids"
	done
	run runpod kill --cidfile "$T/a"
	[ "$output" = "$(cat "$T/a")" ]
	runpod wait "$name-a"
	run runpod stop -t 0 --latest
	[ "$output" = "$(cat "$T/b")" ]
	runpod start "$name-a" "$name-b"
	run runpod stop --all -t 0
	[ "$(sort <<<"$output")" = "$(sort "$T/ids")" ]
	run runpod stop --latest "$name-a"
	[ "$status" -eq 125 ]
	[[ "$output" == *"--latest and containers cannot be used together"* ]]
	run runpod stop --all "$name-a"
	[ "$status" -eq 125 ]
	run runpod stop --cidfile "$T/none"
	[ "$status" -eq 125 ]
	[[ "$output" == *"reading CIDFile: open $T/none: no such file or directory"* ]]
	run runpod stop
	[ "$status" -eq 125 ]
	[[ "$output" == *"you must provide at least one name or id"* ]]
}

@test "restart: a new process, the count as it was, from stopped too" {
	name=$(rnd)
	runpod run -d --network none --name "$name" --stop-timeout 0 busybox sleep 1000
	pid=$(ctr_pid "$name")
	run runpod restart "$name"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$name" ]
	gone "$pid"
	[ "$(state "$name")" = running ]
	[ "$(ctr_pid "$name")" != "$pid" ]
	runpod stop "$name"
	runpod restart "$name"
	[ "$(state "$name")" = running ]
	[ "$(runpod inspect -f '{{.RestartCount}}' "$name")" = 0 ]
	run runpod restart nosuch
	[ "$status" -eq 125 ]
}

@test "kill: names, numbers, up to 64; what is none is refused in podman's words" {
	name=$(rnd)
	runpod run -d --network none --name "$name" busybox sh -c '
		for s in HUP USR1 USR2 WINCH; do trap "echo got $s" $s; done
		trap "echo got 35" 35; trap "echo got 64" 64; echo ready; while :; do sleep 0.02; done'
	wait_until 5 log_says "$name" ready
	while read -r given heard; do
		run runpod kill -s "$given" "$name"
		[ "$status" -eq 0 ]
		[ "$output" = "$name" ]
		wait_until 5 log_says "$name" "got $heard"
	done <<-'END'
		HUP HUP
		SIGUSR1 USR1
		-12 USR2
		winch WINCH
		RTMIN+1 35
		64 64
	END
	while IFS='|' read -r given words; do
		run runpod kill -s "$given" "$name"
		[ "$status" -eq 125 ]
		[[ "$output" == *"$words"* ]]
	done <<-'END'
		bogus|invalid signal: bogus
		0|invalid signal: 0
		65|valid signals are 1 through 64
		9x|invalid signal: 9x
	END
	[ "$(state "$name")" = running ]
	run runpod kill --signal KILL "$name"
	[ "$status" -eq 0 ]
	[ "$(runpod wait "$name")" = 137 ]
	[ "$(runpod inspect -f '{{.State.StoppedByUser}}' "$name")" = true ]
	run runpod kill "$name"
	[ "$status" -eq 125 ]
	[[ "$output" == *"can only kill running containers."*"is in state exited: container state improper"* ]]
}

@test "wait: prints exit codes in the order asked, waits for other states, --ignore prints -1" {
	name=$(rnd)
	runpod run -d --network none --name "$name-3" busybox sh -c 'sleep 0.5; exit 3'
	runpod run -d --network none --name "$name-0" busybox true
	run runpod wait "$name-3" "$name-0"
	[ "${lines[*]}" = "3 0" ]
	run runpod wait "$name-3" # of one that has ended: at once
	[ "$output" = 3 ]
	run runpod wait nosuch
	[ "$status" -eq 125 ]
	[[ "$output" == *'no container with name or ID "nosuch" found: no such container'* ]]
	run runpod wait --ignore nosuch "$name-3"
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = "-1 3" ]
	run runpod wait --condition bogus "$name-3"
	[ "$status" -eq 125 ]

	runpod create --network none --name "$name-c" busybox sleep 1000
	client wait --condition running "$name-c" >"$T/out" 2>&1 &
	pid=$!
	runpod start "$name-c"
	wait_until 5 gone "$pid"
	wait "$pid"
	# of one that is removed meanwhile, too; with --rm it always is
	runpod run -d --rm --network none --name "$name-rm" busybox sh -c 'until [ -e /end ]; do sleep 0.02; done; exit 9'
	client wait "$name-c" >"$T/out" 2>&1 &
	pids=$!
	client wait "$name-rm" >"$T/out-rm" 2>&1 &
	pids="$pids $!"
	for pid in $pids; do
		wait_until 5 receives "$pid"
	done
	runpod rm -f -t 0 "$name-c"
	runpod exec "$name-rm" touch /end
	for pid in $pids; do
		wait_until 5 gone "$pid"
	done
	[ "$(cat "$T/out")" = 137 ]
	[ "$(cat "$T/out-rm")" = 9 ]
}

@test "pause freezes every process, unpause lets them go on; paused is a state of its own" {
	name=$(rnd)
	runpod run -d --network none --name "$name" busybox sh -c 'while :; do echo tick; sleep 0.02; done'
	wait_until 5 log_says "$name" tick
	if ! runpod pause "$name" >"$T/said" 2>&1; then
		grep -q "delegated cgroup" "$T/said"
		skip "host: no delegated cgroup"
	fi
	[ "$(cat "$T/said")" = "$name" ]
	group=$(cgroup_root)$(sed -n 's/^0:://p' "/proc/$(ctr_pid "$name")/cgroup")
	grep -qx 'frozen 1' "$group/cgroup.events"
	[ "$(runpod inspect -f '{{.State.Status}} {{.State.Paused}} {{.State.Running}}' "$name")" = "paused true false" ]
	[ "$(runpod ps --format '{{.Status}}')" = Paused ]
	said=$(runpod logs "$name" | wc -l)
	more() { [ "$(runpod logs "$name" | wc -l)" -gt "$said" ]; }
	not wait_until 1 more
	run runpod pause "$name"
	[ "$status" -eq 125 ]
	[[ "$output" == *"is not running, can't pause: container state improper"* ]]
	run runpod rm "$name"
	[ "$status" -eq 2 ]
	run runpod unpause "$name"
	[ "$output" = "$name" ]
	grep -qx 'frozen 0' "$group/cgroup.events"
	[ "$(state "$name")" = running ]
	wait_until 5 more
	run runpod unpause "$name"
	[ "$status" -eq 125 ]
	[[ "$output" == *"is not paused, can't unpause: container state improper"* ]]
	# stop, and rm -f, of a paused one do not hang
	runpod pause "$name"
	RUNPOD_TIMEOUT=8 runpod stop -t 1 "$name"
	[ "$(state "$name")" = exited ]
	runpod start "$name"
	runpod pause "$name"
	RUNPOD_TIMEOUT=8 runpod rm -f -t 0 "$name"
}

@test "rm: 1 when it is not there, 2 while it runs, -f does it all the same, nothing is left" {
	name=$(rnd)
	patient "$name"
	id=$(runpod inspect -f '{{.Id}}' "$name")
	run runpod rm nosuch
	[ "$status" -eq 1 ]
	[ "$output" = 'Error: no container with ID or name "nosuch" found: no such container' ]
	run runpod rm "$name"
	[ "$status" -eq 2 ]
	[ "$output" = "Error: cannot remove container $id as it is running - running or paused containers cannot be removed without force: container state improper" ]
	alive "$(ctr_pid "$name")"
	pid=$(ctr_pid "$name")
	run runpod rm -f "$name"
	[ "$status" -eq 0 ]
	[ "$output" = "$name" ]
	gone "$pid"
	run runpod container exists "$name"
	[ "$status" -eq 1 ]
	[ -z "$(find "$T/root/pods" "$T/root/names" -mindepth 1)" ]
	run runpod rm -f nosuch
	[ "$status" -eq 0 ]
	run runpod rm --ignore nosuch
	[ "$status" -eq 0 ]

	runpod create --name "$name" busybox
	runpod create --name "$name-2" busybox
	run runpod rm "$name" nosuch "$name-2" # the others go all the same
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "$name" ]
	[ "${lines[1]}" = "$name-2" ]
	[ -z "$(runpod ps -aq)" ]
}

@test "rm -v takes anonymous volumes along, and only those; prune takes what does not run" {
	name=$(rnd)
	runpod run --network none --name "$name" -v /anon -v "$name:/named" busybox true
	[ "$(runpod volume ls -q | wc -l)" -eq 2 ]
	runpod rm -v "$name"
	[ "$(runpod volume ls -q)" = "$name" ]

	patient "$name-p"
	runpod create --name "$name-c" busybox
	run runpod container prune -f
	[ "$status" -eq 0 ]
	[ "$(runpod ps -a --format '{{.Names}}')" = "$name-p" ]
}

@test "a donor with joiners is not removed, but with --depend they go together" {
	donor=$(rnd)
	runpod run -d --name "$donor" --ipc=shareable --network none busybox sleep 1000
	runpod run -d --name "$donor-j" --net "container:$donor" --ipc "container:$donor" busybox sleep 1000
	same_ns "$(ctr_pid "$donor")" "$(ctr_pid "$donor-j")" net ipc
	run runpod rm -f "$donor"
	[ "$status" -ne 0 ]
	[[ "$output" == *"has dependent containers which must be removed before it"* ]]
	alive "$(ctr_pid "$donor")"
	runpod rm -f --depend "$donor"
	[ -z "$(runpod ps -aq)" ]
}

@test "many at once: ten containers started, stopped and removed in parallel" {
	name=$(rnd)
	for i in $(seq 10); do
		runpod run -d --network none --name "$name-$i" busybox sleep 1000 >/dev/null &
		pids[i]=$!
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	[ "$(runpod ps -q | wc -l)" -eq 10 ]
	pids=()
	for i in $(seq 10); do
		if [ $((i % 2)) = 0 ]; then runpod rm -f -t 0 "$name-$i"; else runpod stop -t 0 "$name-$i"; fi >/dev/null 2>&1 &
		pids[i]=$!
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	[ -z "$(runpod ps -q)" ]
	[ "$(runpod ps -aq | wc -l)" -eq 5 ]
}

@test "commands on one container at once end in a state that all agree on" {
	name=$(rnd)
	runpod create --network none --name "$name" --stop-timeout 0 busybox sleep 1000
	for _ in $(seq 4); do
		for verb in start stop restart "kill" start; do
			runpod $verb "$name" >/dev/null 2>&1 &
		done
		wait
	done
	settled=$(state "$name")
	case $settled in
	running) alive "$(ctr_pid "$name")" ;;
	exited) [ "$(ctr_pid "$name")" = 0 ] ;;
	*) echo "state $settled"; return 1 ;;
	esac
	runpod rm -f -t 0 "$name"
}

@test "rm -f right behind start, before the supervisor has said a word: nothing goes on living" {
	name=$(rnd)
	for _ in $(seq 15); do
		runpod create --network none --name "$name" busybox sleep 1000 >/dev/null
		client start "$name" >/dev/null 2>&1 &
		pid=$!
		deadline=$((SECONDS + 5))
		until compgen -G "$T/run/pods/*/control" >/dev/null; do
			[ $SECONDS -lt $deadline ]
		done
		runpod rm -f -t 0 "$name"
		run wait "$pid"
		run runpod container exists "$name"
		[ "$status" -eq 1 ]
	done
	none() { [ -z "$(left_processes; left_cgroups)" ]; }
	wait_until 5 none
}
