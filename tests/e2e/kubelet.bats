#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test runs in a subshell of its own: that is wanted
#
# kubelet.bats: the supervisor as a kubelet: back-off, init containers and sidecars, hooks, the
# termination sequence, deadlines, events, and all of that after the supervisor was killed. The pods are made
# with flags, and what only a manifest can ask for is written into their records: so these tests
# need no YAML. The supervisor's clock stands still and is moved by `__clock`: nothing is slept out.

load ../lib/common

export RUNPOD_TEST_CLOCK=1

# new_pod POLICY [JQ]: a pod as a manifest makes it.
new_pod() {
	pod=$(rnd)
	mkdir -p "$T/log"
	pod_id=$(runpod pod create --network none --exit-policy stop --restart "$1" --name "$pod")
	patch "$T/root/pods/$pod_id/pod.json" ".spec.manifest = \"{}\" | ${2:-.}"
}

# member NAME SCRIPT [JQ]: a container of it.
member() {
	local id
	id=$(runpod create --pod "$pod" --name "$pod-$1" -v "$T/log:/log" busybox sh -c "$2")
	patch "$T/root/pods/$pod_id/ctr/$id/ctr.json" ".spec.stop_timeout = 30 | ${3:-.}"
}

patch() {
	jq -c "$2" "$1" >"$T/patched"
	cat "$T/patched" >"$1"
}

init='.spec.init_ctr = "init"'
sidecar='.spec.init_ctr = "sidecar"'
stay='sleep 100000'

# of NAME FIELD: what the state says of a container; pod_is FIELD of the pod.
of() { jq -r ".ctrs[] | select(.name == \"$pod-$1\") | .$2" "$T/run/pods/$pod_id/state.json"; }
is() { [ "$(of "$1" "$2")" = "$3" ]; }
pod_is() { [ "$(jq -r ".$1" "$T/run/pods/$pod_id/state.json")" = "$2" ]; }
clock() { runpod __clock "$pod" "$@"; }
next_in() {
	local answer
	answer=$(clock 0)
	echo "next: $answer, not $1"
	[ "$answer" = "0.000 $1" ]
}
said() { cat "$T/log/$1" 2>/dev/null; }
says() { [ "$(said "$1")" = "$2" ]; }
supervisor() { jq .supervisor_pid "$T/run/pods/$pod_id/state.json"; }
infra_pid() { jq '.ctrs[] | select(.infra) | .pid // 0' "$T/run/pods/$pod_id/state.json"; }
events() { jq -r '"\(.type) \(.reason) \(.object // "-") \(.message)"' "$T/run/pods/$pod_id/events"; }
told() { events | grep -qF -- "$1"; }
idle() { [ "$(infra_pid)" = 0 ]; }

# backs_off NAME RESTARTS: it waits for its next start, having been started again that often.
backs_off() { is "$1" waiting CrashLoopBackOff && is "$1" restarts "$2"; }

kill_supervisor() {
	local pid
	pid=$(supervisor)
	kill -KILL "$pid"
	wait_until 5 gone "$pid"
}

@test "back-off: 0 10 20 40 80 160 300 300 seconds, exactly, with Kubernetes' words" {
	new_pod always
	member app 'exit 3'
	runpod pod start "$pod"
	restarts=1 # the first came at once
	for seconds in 10 20 40 80 160 300 300; do
		wait_until 5 backs_off app "$restarts"
		next_in "$seconds.000"
		is app exit_code 3
		clock "$((seconds - 1))s" >/dev/null
		backs_off app "$restarts" # not a second too early
		[ "$(clock next)" != "0.000 -" ]
		restarts=$((restarts + 1))
	done
	wait_until 5 backs_off app "$restarts"
	is app last_exit_code 3
	[[ "$(of app message)" == "back-off 5m0s restarting failed container=app pod=${pod}_default("*-*-*-*-*")" ]]
	told "Warning BackOff spec.containers{app} Back-off restarting failed container app in pod ${pod}_default("
	[ "$(events | grep -c 'Normal Started spec.containers{app} Started container app')" -eq $((restarts + 1)) ]
}

@test "back-off: begins anew after ten healthy minutes, and not before" {
	new_pod always
	member app "[ ! -e /log/crash ] || exit 1; echo up >>/log/up; $stay"
	: >"$T/log/crash"
	runpod pod start "$pod"
	wait_until 5 backs_off app 1
	clock next
	wait_until 5 backs_off app 2
	rm "$T/log/crash"
	clock next
	runs() { is app status running && [ "$(of app pid)" -gt 0 ]; }
	wait_until 5 runs
	clock 599s
	kill -KILL "$(of app pid)"
	wait_until 5 backs_off app 3
	next_in 40.000
	clock next
	wait_until 5 runs
	clock 600s
	kill -KILL "$(of app pid)"
	again() { is app restarts 5 && runs; }
	wait_until 5 again
	is app last_exit_code 137
}

@test "policies: Never and OnFailure let a pod end, Succeeded or Failed, and then nothing of it runs" {
	while read -r policy first second phase; do
		new_pod "$policy"
		member a "exit $first"
		member b "exit $second"
		runpod pod start "$pod" || [ "$phase" = - ]
		ended() { pod_is phase "$phase" && idle; }
		wait_until 5 ended
		is a restarts null
	done <<-'END'
		no 0 0 Succeeded
		no 0 1 Failed
		on-failure 0 0 Succeeded
	END
	new_pod on-failure
	member a 'exit 0'
	member b '[ -e /log/good ] || exit 1'
	runpod pod start "$pod"
	wait_until 5 backs_off b 1
	pod_is phase null
	is a status exited
	: >"$T/log/good"
	clock next
	phase=Succeeded
	wait_until 5 ended
	# and it can be started again, from the beginning
	runpod pod start "$pod"
	wait_until 5 ended
	new_pod always # which starts again what ended well too
	member a 'exit 0'
	runpod pod start "$pod"
	wait_until 5 backs_off a 1
}

@test "init containers: one after the other, each exits 0; one that fails is tried again, and nobody waits with it" {
	new_pod always
	member one 'echo one >>/log/order' "$init"
	member two '[ -e /log/good ] || exit 4; echo two >>/log/order' "$init"
	member app "echo app >>/log/order; $stay"
	run runpod pod start "$pod"
	[ "$status" -eq 0 ]
	[[ "$output" == *"back-off 10s restarting failed container=two"* ]]
	says order one
	is app status created
	is app waiting PodInitializing
	wait_until 5 backs_off two 1
	clock 9s
	backs_off two 1
	: >"$T/log/good"
	clock 1s
	wait_until 5 says order $'one\ntwo\napp'
	is app waiting null
	[ "$(jq .initialized "$T/run/pods/$pod_id/state.json")" -gt 0 ]
	told "Normal Started spec.initContainers{two} Started container two"
}

@test "an init container that fails under Never fails the pod; the others never run" {
	new_pod no
	member proxy "$stay" "$sidecar"
	member setup 'exit 5' "$init"
	member app "echo app >>/log/order; $stay"
	run runpod pod start "$pod"
	[ "$status" -eq 125 ]
	[[ "$output" == *"init container setup exited with code 5"* ]]
	wait_until 5 is proxy status stopping
	clock 30s # it hears no SIGTERM: it is PID 1 and has no handler
	failed() { pod_is phase Failed && idle; }
	wait_until 5 failed
	[ ! -e "$T/log/order" ]
	is app status created
}

@test "sidecars: up before the next goes on, always restarted, stopped when the work is done" {
	new_pod no
	member proxy "echo proxy >>/log/order; $stay" "$sidecar | .spec.post_start = {kind: \"exec\", command: [\"sh\", \"-c\", \"until [ -e /log/up ]; do sleep 0.02; done; echo up >>/log/order\"]}"
	member setup 'echo setup >>/log/order' "$init"
	member app 'echo app >>/log/order; until [ -e /log/end ]; do sleep 0.02; done'
	client pod start "$pod" >/dev/null &
	starting=$!
	wait_until 5 says order proxy
	is setup status created
	alive "$starting"
	: >"$T/log/up"
	wait_until 5 gone "$starting"
	wait "$starting"
	wait_until 5 says order $'proxy\nup\nsetup\napp'
	pid=$(of proxy pid)
	kill -KILL "$pid"
	another() { is proxy status running && is proxy restarts 1; }
	wait_until 5 another
	is app status running
	: >"$T/log/end"
	ended() { is proxy status stopping; }
	wait_until 5 ended # it does not hear SIGTERM: it is PID 1 and has no handler
	clock 30s
	done_() { pod_is phase Succeeded && idle; }
	wait_until 5 done_
	is proxy exit_code 137
}

@test "stopping: apps first, then sidecars in reverse, each when those before it have gone" {
	new_pod always
	ordered="trap 'echo \$name >>/log/order; exit 0' TERM; echo \$name >>/log/up; while :; do sleep 0.02; done"
	member first "name=first; $ordered" "$sidecar"
	member second "name=second; $ordered" "$sidecar"
	member app "name=app; trap 'until [ -e /log/go ]; do sleep 0.02; done; echo app >>/log/order; exit 0' TERM; echo app >>/log/up; while :; do sleep 0.02; done"
	runpod pod start "$pod"
	up() { [ "$(said up | wc -l)" -eq 3 ]; }
	wait_until 5 up
	client pod stop "$pod" >/dev/null &
	stopping=$!
	all() { is app status stopping && is first status stopping && is second status stopping; }
	wait_until 5 all
	[ ! -e "$T/log/order" ]
	: >"$T/log/go"
	wait_until 5 gone "$stopping"
	says order $'app\nsecond\nfirst'
	pod_is phase Succeeded
}

@test "stopping: one grace period for preStop, the signal and SIGKILL; never under two seconds for the signal" {
	hook='.spec.pre_stop = {kind: "sleep", seconds: 10}'
	deaf="trap 'echo TERM >>/log/heard' TERM; echo up >/log/up; while :; do sleep 0.02; done"
	new_pod always
	member app "$deaf" "$hook"
	runpod pod start "$pod"
	wait_until 5 says up up
	pid=$(of app pid)
	client pod stop "$pod" >"$T/out" 2>&1 &
	stopping=$!
	wait_until 5 is app status stopping
	next_in 10.000
	[ ! -e "$T/log/heard" ]
	clock next
	wait_until 5 says heard TERM
	next_in 20.000
	clock 19s
	alive "$pid"
	clock 1s
	wait_until 5 gone "$stopping"
	gone "$pid"
	is app exit_code 137
	told 'Normal Killing spec.containers{app} Stopping container app'

	# a hook that takes longer than all of it
	new_pod always
	rm "$T"/log/*
	member app "$deaf" '.spec.pre_stop = {kind: "sleep", seconds: 100}'
	runpod pod start "$pod"
	wait_until 5 says up up
	client pod stop "$pod" >/dev/null 2>&1 &
	stopping=$!
	wait_until 5 is app status stopping
	next_in 30.000
	clock next
	wait_until 5 says heard TERM
	next_in 2.000
	told 'Warning FailedPreStopHook spec.containers{app} PreStopHook failed'
	clock next
	wait_until 5 gone "$stopping"

	# no time at all: no hook, no signal
	rm "$T"/log/*
	runpod pod start "$pod"
	wait_until 5 says up up
	RUNPOD_TIMEOUT=5 runpod pod stop -t 0 "$pod"
	[ ! -e "$T/log/heard" ]
}

@test "stopping: a preStop program runs in the container; a second stop shortens the first" {
	new_pod always
	member app "$stay" '.spec.pre_stop = {kind: "exec", command: ["sh", "-c", "echo hook >>/log/hook; sleep 1000"]}'
	runpod pod start "$pod"
	client stop "$pod-app" >/dev/null 2>&1 &
	stopping=$!
	wait_until 5 says hook hook
	next_in 30.000
	RUNPOD_TIMEOUT=5 runpod stop -t 0 "$pod-app"
	wait_until 5 gone "$stopping"
	is app exit_code 137
	is app stopped_by_user true
	wait_until 5 idle # it was the last
}

@test "postStart: not up before it is done; one that fails ends the container, and the policy decides" {
	new_pod always
	member app "$stay" '.spec.stop_timeout = 0 | .spec.post_start = {kind: "exec", command: ["sh", "-c", "until [ -e /log/go ]; do sleep 0.02; done; exit $(cat /log/go)"]}'
	runpod pod start "$pod"
	is app status running
	is app up null
	echo 0 >"$T/log/go"
	wait_until 5 is app up true
	is app ready true
	[ "$(jq .all_ready "$T/run/pods/$pod_id/state.json")" -gt 0 ]
	echo 1 >"$T/log/go"
	kill -KILL "$(of app pid)"
	wait_until 5 backs_off app 1
	is app up null
	told 'Warning FailedPostStartHook spec.containers{app} PostStartHook failed'
	echo 0 >"$T/log/go"
	clock next
	wait_until 5 is app up true
	is app restarts 2
}

@test "a failed liveness probe: events, the probe's own grace, and a restart that counts" {
	new_pod always
	member app "trap '' TERM; [ -e /log/second ] || : >/log/sick; echo up >>/log/up; while :; do sleep 0.02; done" \
		'.spec.liveness = {how: {kind: "exec", command: ["sh", "-c", "[ ! -e /log/sick ]"]}, period: 10, timeout: 1, success: 1, failure: 1, grace: 7}'
	runpod pod start "$pod"
	wait_until 5 says up up
	clock 10s
	wait_until 5 is app status stopping
	told 'Normal Killing spec.containers{app} Container app failed liveness probe, will be restarted'
	next_in 7.000
	: >"$T/log/second"
	rm "$T/log/sick"
	clock next
	wait_until 5 is app restarts 1
	is app last_exit_code 137
	is app stopped_by_user null
}

@test "activeDeadlineSeconds: then the pod has failed, whatever its policy" {
	new_pod always '.spec.active_deadline = 60'
	member app "$stay"
	runpod pod start "$pod"
	clock 59s
	is app status running
	[ "$(clock next)" = "1.000 30.000" ] # its grace
	pod_is reason DeadlineExceeded
	clock 30s
	ended() { pod_is phase Failed && idle; }
	wait_until 5 ended
	told 'Normal DeadlineExceeded - Pod was active on the node longer than the specified deadline'
}

@test "a program that is not there: RunContainerError, tried again, and well once it is" {
	new_pod always
	member good "$stay"
	member app "$stay" '.args = ["/log/program"]'
	run -127 runpod pod start "$pod"
	[[ "$output" == *"start $pod-app"*"/log/program"* ]]
	is good status running # the others do not wait for it
	failing() { is app waiting RunContainerError && is app restarts "$1"; }
	wait_until 5 failing 1
	[[ "$(of app message)" == *"/log/program"* ]]
	told 'Warning Failed spec.containers{app} Error: start'
	printf '#!/bin/sh\nexec sleep 1000\n' >"$T/log/program"
	chmod +x "$T/log/program"
	next_in 10.000
	clock next
	wait_until 5 is app status running
	is app waiting null
	is app last_exit_code 128
}

@test "a ConfigMap that is not there: CreateContainerConfigError; the exit code of a failed start is Kubernetes'" {
	new_pod always
	member app "$stay" '.spec.env_sources = [{name: "X", kind: "configmap", object: "nowhere", key: "k"}]'
	run runpod pod start "$pod"
	[ "$status" -eq 125 ]
	[[ "$output" == *'configmap "nowhere" not found'* ]]
	waits() { is app waiting CreateContainerConfigError; }
	wait_until 5 waits
	is app exit_code 128
	[[ "$(of app message)" == *'configmap "nowhere" not found'* ]]
}

@test "a new infra runs all of it again" {
	new_pod always
	member setup 'echo setup >>/log/order' "$init"
	member app "trap 'exit 0' TERM; echo app >>/log/order; while :; do sleep 0.02; done"
	runpod pod start "$pod"
	wait_until 5 says order $'setup\napp'
	old=$(infra_pid)
	kill -KILL "$old"
	wait_until 5 says order $'setup\napp\nsetup\napp'
	differs() { [ "$(infra_pid)" -gt 1 ] && [ "$(infra_pid)" != "$old" ] && is app status running; }
	wait_until 5 differs
	same_ns "$(infra_pid)" "$(of app pid)" net ipc uts
	told 'Normal SandboxChanged - Pod sandbox changed, it will be killed and re-created.'
	runpod pod restart -t 0 "$pod" 2>/dev/null || runpod pod restart "$pod"
	wait_until 5 says order $'setup\napp\nsetup\napp\nsetup\napp'
}

@test "SIGKILL of the supervisor: back-off, counts, progress, readiness and deadlines are kept" {
	new_pod always '.spec.active_deadline = 5000'
	member setup 'echo setup >>/log/order' "$init"
	member app 'exit 3'
	member web "$stay" '.spec.readiness = {how: {kind: "exec", command: ["true"]}, period: 10, timeout: 1, success: 1, failure: 3, grace: -1}'
	runpod pod start "$pod"
	wait_until 5 backs_off app 1
	clock next
	wait_until 5 backs_off app 2
	wait_until 5 is web ready true
	clock 4s
	kill_supervisor
	runpod ps >/dev/null # adopted
	backs_off app 2
	is web ready true
	is web up true
	says order setup
	next=$(clock 0)
	echo "next $next"
	clock 15s
	backs_off app 2
	clock 1s
	wait_until 5 backs_off app 3
	next_in() { [ "$(of app restart_at)" -eq $(($(jq .test_clock "$T/run/pods/$pod_id/state.json") + $1 * 1000000000)) ]; }
	next_in 40
	clock 4970s
	pod_is reason DeadlineExceeded
}

@test "SIGKILL of the supervisor between init containers and while stopping: who comes next goes on" {
	new_pod always
	member one 'until [ -e /log/go ]; do sleep 0.02; done; echo one >>/log/order' "$init"
	member app "trap '' TERM; echo app >>/log/order; while :; do sleep 0.02; done"
	client pod start "$pod" >/dev/null 2>&1 &
	starting=$!
	wait_until 5 is one status running
	kill_supervisor
	: >"$T/log/go"
	wait_until 5 gone "$starting"
	wait_until 5 says order $'one\napp'
	client pod stop "$pod" >/dev/null 2>&1 &
	stopping=$!
	wait_until 5 is app status stopping
	clock 10s >/dev/null
	kill_supervisor
	runpod ps >/dev/null
	is app status stopping
	next_in 20.000
	clock 20s
	wait_until 5 gone "$stopping"
	wait_until 5 idle
	is app exit_code 137
}

@test "from YAML: get and describe show it all, delete takes its time and reads Terminating meanwhile" {
	pod=$(rnd)
	cat >"$T/pod.yaml" <<-END
		apiVersion: v1
		kind: Pod
		metadata: {name: $pod}
		spec:
		  hostNetwork: true
		  initContainers:
		  - {name: setup, image: busybox, command: [sh, -c, 'exit 0']}
		  - {name: proxy, image: busybox, restartPolicy: Always, command: [sleep, '10000']}
		  containers:
		  - {name: web, image: busybox, command: [sh, -c, 'echo last words >/dev/termination-log; exit 3']}
		  - {name: ok, image: busybox, command: [sh, -c, 'trap "" TERM; while :; do sleep 0.02; done']}
	END
	runpod kube play "$T/pod.yaml"
	pod_id=$(runpod pod inspect -f '{{.Id}}' "$pod")
	wait_until 5 backs_off web 1
	row=$(runpod get pods "$pod" | tail -n 1)
	[[ "$row" =~ ^$pod\ +2/3\ +CrashLoopBackOff\ +1\ \([0-9]+s\ ago\)\ +[0-9]+s$ ]]
	runpod describe pod "$pod" >"$T/described"
	grep -qE 'Last State: +Terminated' "$T/described"
	grep -qE 'Message: +last words' "$T/described"
	grep -qE 'Reason: +CrashLoopBackOff' "$T/described"
	grep -qE 'Initialized +True' "$T/described"
	grep -qE 'Ready +False' "$T/described"
	grep -qE 'Normal +Started .*\(x2 over .* Started container web' "$T/described"
	client delete pod "$pod" >"$T/out" 2>&1 &
	deleting=$!
	wait_until 5 is ok status stopping
	runpod get pods "$pod" | grep -qE "^$pod .* Terminating "
	alive "$deleting"
	clock 30s >/dev/null # the app's time; the sidecar has its two seconds then
	wait_until 5 is ok status exited
	clock 2s >/dev/null
	wait_until 5 gone "$deleting"
	grep -qx "pod \"$pod\" deleted" "$T/out"
	run runpod pod exists "$pod"
	[ "$status" -eq 1 ]
}

@test "the clock: only a supervisor that was told so has one that can be moved" {
	new_pod always
	member app "$stay"
	unset RUNPOD_TEST_CLOCK
	runpod pod start "$pod"
	run runpod __clock "$pod" 1s
	[ "$status" -eq 125 ]
	[[ "$output" == *"RUNPOD_TEST_CLOCK=1"* ]]
	run runpod __clock "$pod" soon
	[ "$status" -eq 125 ]
	runpod pod stop -t 0 "$pod"
}
