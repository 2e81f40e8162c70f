#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test runs in a subshell of its own: that is wanted
#
# adopt.bats: what is killed and what must live on: a pod's supervisor, the command in front of
# it, the whole machine.

load ../lib/common

supervisor_of() { runpod inspect -f '{{.State.ConmonPid}}' "$1"; }

# kill_supervisor NAME: and wait until it has gone. No runpod command runs in between.
kill_supervisor() {
	local pid
	pid=$(supervisor_of "$1")
	[ "$pid" -gt 1 ]
	kill -KILL "$pid"
	wait_until 5 gone "$pid"
}

# ticker NAME OPTIONS…: writes a numbered line again and again until /t/end is there; exits 7.
ticker() {
	local name=$1
	shift
	runpod run -d --network none --name "$name" -v "$T:/t" "$@" busybox sh -c '
		i=0; while [ ! -e /t/end ]; do i=$((i + 1)); echo "line $i"; [ ! -e /t/fast ] || continue; sleep 0.02; done; exit 7'
	wait_until 5 log_says "$name" 'line 3'
}

status_is() { [ "$(runpod inspect -f '{{.State.Status}}' "$1")" = "$2" ]; }

# Linux 6.15 tells the exit code of a process that is nobody's child (PIDFD_INFO_EXIT).
kernel_tells() {
	local release major minor
	release=$(uname -r)
	major=${release%%.*} minor=${release#*.}
	minor=${minor%%[!0-9]*}
	[ "$major" -gt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -ge 15 ]; }
}

@test "SIGKILL of the supervisor: the container lives on, goes on writing, and the next command adopts it" {
	name=$(rnd)
	ticker "$name"
	pid=$(ctr_pid "$name")
	old=$(supervisor_of "$name")
	kill_supervisor "$name"
	alive "$pid"
	# it writes without us: its pipe has kept its reader's end
	waits() { grep -q '^State:.[SR]' "/proc/$pid/status"; }
	waits

	run runpod ps --format '{{.Names}} {{.State}}'
	[ "$status" -eq 0 ]
	[ "$output" = "$name running" ]
	[ "$(ctr_pid "$name")" = "$pid" ]
	run runpod exec "$name" echo adopted
	[ "$output" = adopted ]
	new=$(supervisor_of "$name")
	[ "$new" != "$old" ]
	alive "$new"
	# the log is whole: no line lost, none twice, none torn
	last=$(runpod logs "$name" | tail -n 1)
	goes_on() { [ "$(runpod logs --tail 1 "$name")" != "$last" ]; }
	wait_until 5 goes_on
	: >"$T/end"
	wait_until 5 status_is "$name" exited
	runpod logs "$name" >"$T/log"
	diff <(seq -f 'line %.0f' "$(wc -l <"$T/log")") "$T/log"
}

@test "a container that writes much while nobody watches waits, and loses nothing" {
	name=$(rnd)
	ticker "$name"
	pid=$(ctr_pid "$name")
	kill_supervisor "$name"
	: >"$T/fast" # the pipe fills up: the writer sleeps in write(2)
	sleeps_writing() { [ "$(cut -d' ' -f1 "/proc/$pid/syscall")" = "$([ "$(uname -m)" = x86_64 ] && echo 1 || echo 64)" ]; }
	wait_until 10 sleeps_writing
	runpod exec "$name" true
	: >"$T/end"
	wait_until 10 status_is "$name" exited
	runpod logs "$name" >"$T/log"
	[ "$(wc -l <"$T/log")" -gt 1000 ]
	diff <(seq -f 'line %.0f' "$(wc -l <"$T/log")") "$T/log"
}

@test "the exit code after adoption is the right one, or said to be unknown, and never 0" {
	name=$(rnd)
	ticker "$name"
	kill_supervisor "$name"
	runpod exec "$name" true # adopted
	: >"$T/end"
	wait_until 5 status_is "$name" exited
	code=$(runpod inspect -f '{{.State.ExitCode}}' "$name")
	if kernel_tells; then
		[ "$code" -eq 7 ]
		[ "$(runpod wait "$name")" -eq 7 ]
	else
		[ "$code" -eq -1 ]
	fi
}

@test "one that ended while there was no supervisor: unknown, in every place that tells" {
	name=$(rnd)
	ticker "$name"
	pid=$(ctr_pid "$name")
	kill_supervisor "$name"
	: >"$T/end"
	wait_until 5 gone "$pid"
	wait_until 5 status_is "$name" exited
	[ "$(runpod inspect -f '{{.State.ExitCode}}' "$name")" -eq -1 ]
	[ "$(runpod wait "$name")" -eq -1 ]
	[[ "$(runpod ps -a --filter name="$name" --format '{{.Status}}')" == "Exited (unknown)"* ]]
	[ "$(ctr_pid "$name")" = 0 ]
	# and it starts again as if nothing had been
	rm "$T/end"
	runpod start "$name"
	status_is "$name" running
	runpod stop -t 0 "$name"
	[ "$(runpod inspect -f '{{.State.ExitCode}}' "$name")" -eq 137 ]
}

@test "a pod whose supervisor was killed: ports work, infra stays, stop, start and rm work" {
	pod=$(rnd) port=$(free_port)
	runpod pod create --name "$pod" -p "127.0.0.1:$port:80"
	runpod run -d --pod "$pod" --name "$pod-web" busybox sh -c 'mkdir /www; echo page >/www/index.html; exec httpd -f -p 80 -h /www'
	fetches() { [ "$(curl -s --max-time 2 "http://127.0.0.1:$port/")" = page ]; }
	wait_until 10 fetches
	infra=$(ctr_pid "$(runpod pod inspect -f '{{.InfraContainerID}}' "$pod")")
	kill_supervisor "$pod-web"
	fetches # the publisher relays on
	runpod pod ps >/dev/null
	runpod exec "$pod-web" true
	wait_until 5 fetches # adopted
	alive "$infra"
	# a new member joins the same namespaces
	runpod run -d --pod "$pod" --name "$pod-two" busybox sleep 1000
	same_ns "$infra" "$(ctr_pid "$pod-two")" net ipc uts
	kill_supervisor "$pod-web"
	runpod pod stop -t 0 "$pod"
	gone "$infra"
	not fetches
	runpod pod start "$pod"
	wait_until 10 fetches
	kill_supervisor "$pod-web"
	runpod pod rm -f -t 0 "$pod"
	[ -z "$(runpod ps -aq)" ]
}

@test "each verb is right as the first after the supervisor's end" {
	name=$(rnd)
	runpod run -d --network none --name "$name" -i busybox sh -c 'trap "exit 12" TERM; echo ready; while :; do sleep 0.02; done'
	wait_until 5 log_says "$name" ready
	pid=$(ctr_pid "$name")
	for verb in "exec $name true" "kill -s WINCH $name" "ps" "logs $name" "inspect $name" "start $name" "port $name"; do
		kill_supervisor "$name"
		# shellcheck disable=SC2086 # words are wanted
		run runpod $verb
		echo "$verb: $status: $output"
		[ "$status" -eq 0 ]
		alive "$pid"
		[ "$(ctr_pid "$name")" = "$pid" ]
	done
	kill_supervisor "$name"
	runpod stop -t 5 "$name"
	gone "$pid"
	code=$(runpod inspect -f '{{.State.ExitCode}}' "$name")
	if kernel_tells; then [ "$code" -eq 12 ]; else [ "$code" -eq -1 ]; fi
	runpod start "$name"
	kill_supervisor "$name"
	runpod rm -f -t 0 "$name"
	run runpod container exists "$name"
	[ "$status" -eq 1 ]
}

@test "who waits when the supervisor is killed is told, and not with 0" {
	name=$(rnd)
	ticker "$name"
	client attach --no-stdin "$name" >"$T/attached" 2>"$T/attached.err" &
	attached=$!
	client exec "$name" sleep 1000 2>"$T/exec.err" &
	exec=$!
	sleeping() { [[ "$(runpod exec "$name" ps -o args)" == *"sleep 1000"* ]]; }
	wait_until 5 sleeping
	wait_until 5 grep -q line "$T/attached"
	kill_supervisor "$name"
	for pid in $attached $exec; do
		wait_until 5 gone "$pid"
		code=0
		wait "$pid" || code=$?
		[ "$code" -eq 125 ]
	done
	status_is "$name" running
}

@test "wait goes on over the supervisor's end" {
	name=$(rnd)
	ticker "$name"
	client wait "$name" >"$T/code" 2>"$T/err" &
	waiting=$!
	asks() { [ "$(cut -d' ' -f1 "/proc/$waiting/syscall" 2>/dev/null)" = "$([ "$(uname -m)" = x86_64 ] && echo 47 || echo 212)" ]; }
	wait_until 5 asks
	kill_supervisor "$name"
	runpod exec "$name" true
	: >"$T/end"
	wait_until 5 gone "$waiting"
	code=0
	wait "$waiting" || code=$?
	cat "$T/code" "$T/err"
	if [ "$code" -eq 0 ]; then # either the true code, or an error; never a wrong one
		if kernel_tells; then [ "$(cat "$T/code")" = 7 ]; else [ "$(cat "$T/code")" = -1 ]; fi
	else
		[ -s "$T/err" ]
	fi
}

@test "SIGKILL of the command in the foreground of run: the container lives on, and can be had again" {
	name=$(rnd)
	client run --network none -v "$T:/t" --name "$name" busybox sh -c 'echo up; until [ -e /t/end ]; do sleep 0.02; done; echo down; exit 7' >"$T/out" &
	pid=$!
	wait_until 5 grep -q up "$T/out"
	kill -KILL "$pid"
	run wait "$pid"
	status_is "$name" running
	runpod exec "$name" true
	client attach --no-stdin "$name" >"$T/again" &
	attached=$!
	receives() { [ "$(cut -d' ' -f1 "/proc/$attached/syscall" 2>/dev/null)" = "$([ "$(uname -m)" = x86_64 ] && echo 7 || echo 73)" ]; }
	wait_until 5 receives
	: >"$T/end"
	wait_until 5 gone "$attached"
	code=0
	wait "$attached" || code=$?
	[ "$code" -eq 7 ]
	[ "$(cat "$T/again")" = down ]
	[ "$(runpod logs "$name")" = $'up\ndown' ]
}

@test "SIGKILL of commands at any moment jams nothing, and no process of theirs is left" {
	name=$(rnd)
	for delay in 0.001 0.003 0.005 0.01 0.015 0.02 0.03 0.04 0.06 0.08; do
		timeout -s KILL "$delay" "$RUNPOD" --root "$T/root" --runroot "$T/run" run -d --network none --name "$name" busybox sleep 1000 3>&- || :
		RUNPOD_TIMEOUT=10 runpod ps -a >/dev/null
		RUNPOD_TIMEOUT=10 runpod run --rm --replace --network none --name "$name" busybox true
		run runpod container exists "$name"
		[ "$status" -eq 1 ]
	done
	none() { [ -z "$(left_processes; left_cgroups; left_mounts)" ]; }
	wait_until 5 none
	# what was left half-made is gone with the next command that looks at all pods
	runpod ps -a
	[ -z "$(ls "$T/root/pods")" ]
}

@test "--rm and --restart hold after adoption too" {
	name=$(rnd)
	ticker "$name" --rm
	kill_supervisor "$name"
	runpod exec "$name" true
	: >"$T/end"
	removed() { not runpod container exists "$name" 2>/dev/null; }
	wait_until 5 removed
	rm "$T/end"

	ticker "$name-again" --restart always
	pid=$(ctr_pid "$name-again")
	kill_supervisor "$name-again"
	runpod exec "$name-again" true
	kill -KILL "$pid"
	another() { [ "$(ctr_pid "$name-again")" -gt 0 ] && [ "$(ctr_pid "$name-again")" -ne "$pid" ]; }
	wait_until 5 another
	status_is "$name-again" running
}

@test "a PID that was given to somebody else meanwhile is never signalled" {
	name=$(rnd)
	runpod run -d --network none --name "$name" busybox sleep 1000
	pid=$(ctr_pid "$name")
	kill_supervisor "$name"
	kill -KILL "$pid"
	wait_until 5 gone "$pid"
	sleep 1000 3>&- & # somebody
	stranger=$!
	state=$(find "$T/run/pods" -name state.json)
	[ -n "$state" ]
	sed -i -E "s/(\"pid\": *)$pid\b/\1$stranger/" "$state" # the number is now the stranger's
	grep -q "$stranger" "$state"
	status_is "$name" exited
	runpod stop -t 0 "$name"
	runpod rm -f -t 0 "$name"
	alive "$stranger"
	kill "$stranger"
}

@test "another boot: the run directory is empty; what ran reads Exited, and starts" {
	name=$(rnd) pod=$name-pod
	runpod run -d --network none --name "$name" -v "$name:/data" busybox sh -c 'echo boot >>/data/boots; sleep 1000'
	runpod pod create --name "$pod" --network none
	runpod run -d --pod "$pod" --name "$pod-ctr" busybox sleep 1000
	runpod create --network none --name "$name-made" busybox true
	booted() { [ "$(runpod exec "$name" cat /data/boots 2>/dev/null | grep -c boot)" = "$1" ]; }
	wait_until 5 booted 1
	# the power goes: all processes at once, and with them what lay in /run
	supervisors="$(supervisor_of "$name") $(supervisor_of "$pod-ctr")"
	pids="$(ctr_pid "$name") $(ctr_pid "$pod-ctr") $(ctr_pid "$(runpod pod inspect -f '{{.InfraContainerID}}' "$pod")")"
	# shellcheck disable=SC2086 # words are wanted
	kill -KILL $supervisors $pids
	for pid in $supervisors $pids; do
		wait_until 5 gone "$pid"
	done
	rm -rf "$T/run"
	find "$(cgroup_root)" -mindepth 1 -path '*/runpod/*' -type d 2>/dev/null | sort -r | xargs -r rmdir 2>/dev/null || :

	[ "$(runpod inspect -f '{{.State.Status}} {{.State.Running}} {{.State.Pid}}' "$name")" = "exited false 0" ]
	[[ "$(runpod ps -a --filter name="^$name\$" --format '{{.Status}}')" == Exited* ]]
	[ "$(runpod inspect -f '{{.State.Status}}' "$name-made")" = created ]
	[[ "$(runpod pod ps --format '{{.Status}}')" =~ ^(Exited|Stopped)$ ]]
	[ -z "$(runpod ps -q)" ]
	runpod start "$name"
	wait_until 5 booted 2
	runpod pod start "$pod"
	status_is "$pod-ctr" running
	[ "$(runpod pod ps --format '{{.Status}}')" = Running ]
}
