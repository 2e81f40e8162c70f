#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test runs in a subshell of its own: that is wanted
#
# kube.bats: a manifest's resources on a kernel whose cgroup v2 has all controllers: the kubelet's
# numbers in the kernel's files, who is killed for want of memory and what it reads as, and a
# processor that is held back.
# lab: user

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
	SLEEP='[sleep, "1000"]'
}

group_of() { # CONTAINER: the directory of its cgroup
	echo "$(cgroup_root)$(sed -n 's/^0:://p' "/proc/$(ctr_pid "$1")/cgroup")"
}

limit() { cat "$(group_of "$1")/$2"; }
pod_limit() { local group; group=$(group_of "$1"); cat "${group%/*}/$2"; }

# pod CONTAINER-YAML...: a manifest of those containers.
pod() {
	printf 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: %s\nspec:\n  terminationGracePeriodSeconds: 1\n  restartPolicy: %s\n  hostNetwork: true\n  containers:\n' "$P" "${POLICY:-Always}"
	printf '%s\n' "$@"
}

# ctr NAME RESOURCES [COMMAND]
ctr() { printf '  - {name: %s, image: busybox, resources: %s, command: %s}' "$1" "$2" "${3-$SLEEP}"; }

play() { pod "$@" | runpod kube play - >/dev/null; }
field() { runpod get pod "$P" -o json | jq -r "$1"; }

@test "Guaranteed: requests are limits; -997; the pod's own files hold the sums" {
	play "$(ctr a '{limits: {cpu: 500m, memory: 32Mi}}')" "$(ctr b '{limits: {cpu: 250m, memory: 16Mi}}')"
	[ "$(field .status.qosClass)" = Guaranteed ]
	[ "$(limit "$P-a" memory.max)" = $((32 << 20)) ]
	[ "$(limit "$P-a" cpu.max)" = '50000 100000' ]
	[ "$(limit "$P-a" cpu.weight)" = 59 ]
	[ "$(limit "$P-b" cpu.weight)" = 35 ]
	[ "$(pod_limit "$P-a" memory.max)" = $((48 << 20)) ]
	[ "$(pod_limit "$P-a" cpu.max)" = '75000 100000' ]
	if [ "$(id -u)" = 0 ]; then # an ordinary user may only raise it
		[ "$(cat "/proc/$(ctr_pid "$P-a")/oom_score_adj")" = -997 ]
	fi
}

@test "Burstable: only what was said is set, and the pod's own limit only if all containers have one" {
	play "$(ctr a '{requests: {cpu: 100m, memory: 16Mi}, limits: {memory: 32Mi}}')" "$(ctr b '{}')"
	[ "$(field .status.qosClass)" = Burstable ]
	[ "$(limit "$P-a" memory.max)" = $((32 << 20)) ]
	[ "$(limit "$P-a" cpu.max)" = 'max 100000' ]
	[ "$(limit "$P-a" cpu.weight)" = 17 ]
	[ "$(limit "$P-b" memory.max)" = max ]
	[ "$(pod_limit "$P-a" memory.max)" = max ]
	adj=$(cat "/proc/$(ctr_pid "$P-a")/oom_score_adj")
	total=$(awk '/MemTotal/ { print $2 * 1024 }' /proc/meminfo)
	want=$((1000 - 1000 * (16 << 20) / total))
	[ "$adj" -ge $((want - 1)) ] && [ "$adj" -le $((want + 1)) ]
}

@test "BestEffort is the first to go: 1000" {
	play "$(ctr a '{}')"
	[ "$(field .status.qosClass)" = BestEffort ]
	[ "$(cat "/proc/$(ctr_pid "$P-a")/oom_score_adj")" = 1000 ]
}

@test "a container that takes more than its memory is OOMKilled, and starts again with that as its last state" {
	POLICY=Never play "$(ctr hog '{limits: {memory: 8Mi}}' '[dd, if=/dev/zero, of=/dev/null, bs=32M, count=1]')" "$(ctr by '{}')"
	reason() { [ "$(field '.status.containerStatuses[0].state.terminated.reason')" = OOMKilled ]; }
	wait_until 20 reason
	[ "$(field '.status.containerStatuses[0].state.terminated.exitCode')" = 137 ]
	[ "$(field '.status.containerStatuses[1].state | keys[0]')" = running ]
	runpod describe pod "$P" | grep -q 'Reason: *OOMKilled'
	runpod delete pod "$P" --force >/dev/null

	play "$(ctr hog '{limits: {memory: 8Mi}}' '[dd, if=/dev/zero, of=/dev/null, bs=32M, count=1]')"
	again() { [ "$(field '.status.containerStatuses[0] | .restartCount >= 1 and .lastState.terminated.reason == "OOMKilled"')" = true ]; }
	wait_until 20 again
}

@test "a processor that is held back: cpu.stat counts it" {
	play "$(ctr busy '{limits: {cpu: 50m}}' '[sh, -c, "while :; do :; done"]')"
	[ "$(limit "$P-busy" cpu.max)" = '5000 100000' ]
	throttled() { [ "$(awk '$1 == "nr_throttled" { print $2 }' "$(group_of "$P-busy")/cpu.stat")" -gt 3 ]; }
	wait_until 20 throttled
}

@test "a memory volume is one tmpfs for all containers, of its size" {
	cat <<-END | runpod kube play - >/dev/null
		apiVersion: v1
		kind: Pod
		metadata: {name: $P}
		spec:
		  terminationGracePeriodSeconds: 1
		  hostNetwork: true
		  volumes: [{name: m, emptyDir: {medium: Memory, sizeLimit: 1Mi}}]
		  containers:
		  - {name: a, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: m, mountPath: /m}]}
		  - {name: b, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: m, mountPath: /n}]}
	END
	runpod exec "$P-a" sh -c 'echo shared >/m/f'
	[ "$(runpod exec "$P-b" cat /n/f)" = shared ]
	run runpod exec "$P-b" dd if=/dev/zero of=/n/big bs=64k count=32
	[ "$status" -ne 0 ]
	[[ $output == *'No space left'* ]]
}
