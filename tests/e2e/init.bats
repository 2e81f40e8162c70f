#!/usr/bin/env bats
#
# init.bats: podman's init containers: `create --init-ctr once|always`, which run one after the
# other, each to its end, before the other containers of a pod start.

load ../lib/common

# A pod that is not running, with a volume "log" in which containers note what they do.
new_pod() {
	pod=$(rnd)
	mkdir -p "$T/log"
	runpod pod create --network none --name "$pod"
}

# member KIND NAME SCRIPT: a container of the pod (KIND app, once, always), made and not started.
member() {
	local init=(--init-ctr "$1")
	[ "$1" != app ] || init=()
	runpod create --pod "$pod" --name "$pod-$2" -v "$T/log:/log" "${init[@]}" busybox sh -c "$3"
}

said() { cat "$T/log/$1" 2>/dev/null; }
says() { [ "$(said "$1")" = "$2" ]; }
status_of() { runpod inspect -f '{{.State.Status}}' "$pod-$1"; }
pod_status() { runpod pod ps --filter name="$pod" --format '{{.Status}}'; }
stay='sleep 1000'

@test "what cannot be is refused in podman's words" {
	run runpod create --init-ctr always busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *"must specify pod value with init-ctr"* ]]
	run runpod create --init-ctr unknown --pod new:x busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *"init-ctr value must be 'always' or 'once'"* ]]
	new_pod
	runpod run -d --pod "$pod" busybox sleep 1000
	run runpod create --init-ctr always --pod "$pod" --name "$pod-late" busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *"cannot add init-ctr to a running pod"* ]]
	run runpod container exists "$pod-late"
	[ "$status" -eq 1 ]
	runpod pod stop -t 0 "$pod" # then it can
	runpod create --init-ctr always --pod "$pod" --name "$pod-late" busybox true
}

@test "they run one after the other, each to its end, before the others; the pod is no worse for it" {
	new_pod
	member app web "echo web >>/log/order; $stay"
	member always one 'echo one >>/log/order; sleep 0.3; echo one done >>/log/order'
	member always two 'echo two >>/log/order; sleep 0.1; echo two done >>/log/order'
	run runpod pod start "$pod"
	[ "$status" -eq 0 ]
	[ "$output" = "$pod" ]
	[ "$(status_of web) $(status_of one) $(status_of two)" = "running exited exited" ]
	wait_until 5 says order $'one\none done\ntwo\ntwo done\nweb'
	[ "$(pod_status)" = Running ]
	[ "$(runpod pod inspect -f '{{.State}}' "$pod")" = Running ]
	[ "$(runpod pod inspect -f '{{.NumContainers}}' "$pod")" -eq 4 ]
	[ "$(runpod ps -a --filter name="$pod-one" --format '{{.Status}}' | cut -c -10)" = "Exited (0)" ]
}

@test "they share what the pod shares: a file in /dev/shm, the network namespace" {
	new_pod
	member once setup 'echo kept >/dev/shm/file; readlink /proc/self/ns/net >/log/net'
	member app web "$stay"
	runpod pod start "$pod"
	[ "$(runpod exec "$pod-web" cat /dev/shm/file)" = kept ]
	[ "$(runpod exec "$pod-web" readlink /proc/self/ns/net)" = "$(said net)" ]
}

@test "once: removed when it has run, and not run again" {
	new_pod
	member once setup 'echo ran >>/log/setup'
	member app web "$stay"
	runpod pod start "$pod"
	says setup ran
	run runpod container exists "$pod-setup"
	[ "$status" -eq 1 ]
	runpod pod stop -t 0 "$pod"
	runpod pod start "$pod"
	says setup ran
	[ "$(status_of web)" = running ]
}

@test "always: at each start of the pod, and not when it is restarted" {
	new_pod
	member always setup 'echo ran >>/log/setup'
	member app web "$stay"
	runpod pod start "$pod"
	runpod pod stop -t 0 "$pod"
	runpod pod start "$pod"
	says setup $'ran\nran'
	runpod pod start "$pod" # it runs: nothing to do
	says setup $'ran\nran'
	runpod pod restart "$pod"
	[ "$(status_of web)" = running ]
	says setup $'ran\nran'
}

@test "one that fails: the start fails in podman's words, the others never run, nothing is left" {
	new_pod
	member once good 'true'
	member once bad 'exit 3'
	member always after 'echo after >>/log/after'
	member app web "echo web >>/log/after; $stay"
	id=$(runpod inspect -f '{{.Id}}' "$pod-bad")
	run runpod pod start "$pod"
	[ "$status" -eq 125 ]
	[ "$output" = "Error: init container $id exited with code 3" ]
	[ -z "$(runpod ps -q)" ]
	[ ! -e "$T/log/after" ]
	[ "$(status_of bad) $(status_of after) $(status_of web)" = "exited created created" ]
	run runpod container exists "$pod-good" # that one has done its work
	[ "$status" -eq 1 ]
	none() { [ -z "$(left_processes; left_cgroups; left_mounts)" ]; }
	wait_until 5 none
	# the next start tries again what failed
	run runpod pod start "$pod"
	[ "$output" = "Error: init container $id exited with code 3" ]
	# one whose program is not there
	runpod rm "$pod-bad"
	runpod create --pod "$pod" --init-ctr always --name "$pod-none" busybox /no/such
	run -127 runpod pod start "$pod"
	[[ "$output" == *"start $pod-none"*"/no/such"* ]]
	[ -z "$(runpod ps -q)" ]
}

@test "an app that cannot be started takes the pod back down, though init containers have run" {
	new_pod
	member always setup 'echo ran >>/log/setup'
	runpod create --pod "$pod" --name "$pod-none" busybox /no/such
	run -127 runpod pod start "$pod"
	says setup ran
	[ -z "$(runpod ps -q)" ]
}

@test "while one runs: the start waits; ps, logs and exec work; stop ends it, and the start says so" {
	new_pod
	member always slow 'echo begun; sleep 1000'
	member app web "echo web >>/log/web; $stay"
	client pod start "$pod" >"$T/out" 2>&1 &
	starting=$!
	wait_until 5 log_says "$pod-slow" begun
	[ "$(status_of slow) $(status_of web)" = "running created" ]
	[ "$(runpod exec "$pod-slow" echo here)" = here ]
	alive "$starting"
	runpod pod stop -t 0 "$pod"
	wait_until 5 gone "$starting"
	code=0
	wait "$starting" || code=$?
	[ "$code" -eq 125 ]
	grep -q "pod $pod was stopped while it was being started" "$T/out"
	[ -z "$(runpod ps -q)" ]
	[ ! -e "$T/log/web" ]
	# a pod that is removed meanwhile goes
	client pod start "$pod" >"$T/out" 2>&1 &
	starting=$!
	again() { [ "$(status_of slow)" = running ]; }
	wait_until 5 again
	runpod pod rm -f -t 0 "$pod"
	wait_until 5 gone "$starting"
}

@test "a container may still be started alone, without them" {
	new_pod
	member always setup 'echo ran >>/log/setup'
	member app web "$stay"
	runpod start "$pod-web"
	[ "$(status_of web) $(status_of setup)" = "running created" ]
	[ ! -e "$T/log/setup" ]
}

@test "SIGKILL of the supervisor while one runs: who comes after it goes on with the start" {
	new_pod
	member always slow 'echo begun; until [ -e /log/go ]; do sleep 0.02; done; echo done >>/log/order'
	member app web "echo web >>/log/order; $stay"
	client pod start "$pod" >/dev/null 2>&1 &
	starting=$!
	wait_until 5 log_says "$pod-slow" begun
	supervisor=$(runpod inspect -f '{{.State.ConmonPid}}' "$pod-slow")
	kill -KILL "$starting" "$supervisor" # nobody asks for the start any more
	wait_until 5 gone "$supervisor"
	[ "$(status_of slow) $(status_of web)" = "running created" ]
	: >"$T/log/go"
	wait_until 5 says order $'done\nweb'
	[ "$(pod_status)" = Running ]
}

@test "a pod without an infra container has them too" {
	pod=$(rnd)
	mkdir -p "$T/log"
	runpod pod create --infra=false --name "$pod"
	runpod create --pod "$pod" --network none --name "$pod-setup" -v "$T/log:/log" --init-ctr always busybox sh -c 'echo ran >>/log/setup'
	runpod create --pod "$pod" --network none --name "$pod-web" busybox sleep 1000
	runpod pod start "$pod"
	says setup ran
	[ "$(status_of web) $(status_of setup)" = "running exited" ]
}

@test "apply returns while init containers are at work; kube play waits for them" {
	P=$(rnd)
	cat >"$T/pod.yaml" <<-END
		apiVersion: v1
		kind: Pod
		metadata: {name: $P}
		spec:
		  terminationGracePeriodSeconds: 1
		  volumes: [{name: v, emptyDir: {}}]
		  initContainers:
		  - {name: first, image: busybox, command: [sh, -c, "until [ -e /v/go ]; do sleep 0.1; done"], volumeMounts: [{name: v, mountPath: /v}]}
		  containers:
		  - {name: app, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: v, mountPath: /v}]}
	END
	RUNPOD_TIMEOUT=20 runpod apply -f "$T/pod.yaml"
	[[ "$(runpod get pod "$P" --no-headers)" == *' Init:0/1 '* ]]
	runpod exec "$P-first" touch /v/go
	runs() { [[ "$(runpod get pod "$P" --no-headers)" == *' Running '* ]]; }
	wait_until 10 runs
	runpod delete pod "$P"
	sed -i 's|until \[ -e /v/go \]; do sleep 0.1; done|touch /v/went|' "$T/pod.yaml"
	runpod kube play "$T/pod.yaml"
	runpod exec "$P-app" ls /v/went
}
