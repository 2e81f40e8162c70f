#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
#
# kube_fields.bats: what a manifest's fields say, seen in the processes that came of it.

load ../lib/common

# status CONTAINER KEY: a line of its first process's /proc/PID/status.
status_of() { awk -v key="$2:" '$1 == key { $1 = ""; sub(/^ /, ""); print }' "/proc/$(ctr_pid "$1")/status"; }

@test "securityContext: the pod's for all, a container's own before it; power only where it is asked for" {
	local pod
	pod=$(rnd)
	cat >"$T/pod.yaml" <<-END
		apiVersion: v1
		kind: Pod
		metadata: {name: $pod}
		spec:
		  terminationGracePeriodSeconds: 1
		  securityContext: {runAsGroup: 77, supplementalGroups: [78], fsGroup: 79}
		  containers:
		  - {name: plain, image: busybox, command: [sleep, "1000"]}
		  - name: own
		    image: busybox
		    command: [sleep, "1000"]
		    securityContext:
		      runAsUser: 1001
		      runAsGroup: 1002
		      readOnlyRootFilesystem: true
		  - name: power
		    image: busybox
		    command: [sleep, "1000"]
		    securityContext:
		      allowPrivilegeEscalation: true
		      capabilities: {add: [SYS_NICE], drop: [ALL]}
		      seccompProfile: {type: Unconfined}
	END
	runpod kube play "$T/pod.yaml" >/dev/null
	[ "$(runpod exec "$pod-plain" id -u)" = 0 ] # a group alone: the image's user in it
	[ "$(runpod exec "$pod-plain" id -g)" = 77 ]
	[ "$(runpod exec "$pod-plain" id -G)" = '77 78 79' ]
	[ "$(runpod exec "$pod-own" id -u)" = 1001 ]
	[ "$(runpod exec "$pod-own" id -G)" = '1002 78 79' ]
	run runpod exec "$pod-own" touch /x
	[[ $output == *'Read-only file system'* ]]

	[ "$(status_of "$pod-plain" NoNewPrivs)" = 1 ]
	[ "$(status_of "$pod-plain" Seccomp)" = 2 ]
	[ "$(status_of "$pod-plain" CapBnd)" = 00000000800405fb ]
	[ "$(status_of "$pod-power" NoNewPrivs)" = 0 ]
	[ "$(status_of "$pod-power" Seccomp)" = 0 ]
	[ "$(status_of "$pod-power" CapBnd)" = 0000000000800000 ]
	runpod kube down "$T/pod.yaml" >/dev/null
}

@test "hostname, hostAliases, dnsConfig, sysctls, shareProcessNamespace" {
	local pod
	pod=$(rnd)
	cat >"$T/pod.yaml" <<-END
		apiVersion: v1
		kind: Pod
		metadata: {name: $pod}
		spec:
		  hostname: elsewhere
		  hostAliases: [{ip: 10.1.2.3, hostnames: [foo, bar.local]}]
		  dnsPolicy: None
		  dnsConfig: {nameservers: [192.0.2.1], options: [{name: ndots, value: "2"}]}
		  shareProcessNamespace: true
		  terminationGracePeriodSeconds: 1
		  securityContext: {sysctls: [{name: net.ipv4.ip_default_ttl, value: "33"}]}
		  containers:
		  - {name: a, image: busybox, command: [sleep, "1000"]}
		  - {name: b, image: busybox, command: [sleep, "1001"]}
	END
	runpod kube play "$T/pod.yaml" >/dev/null
	[ "$(runpod exec "$pod-a" hostname)" = elsewhere ]
	runpod exec "$pod-a" cat /etc/hosts | grep -qE '^10\.1\.2\.3[[:space:]]+foo'
	runpod exec "$pod-b" cat /etc/hosts | grep -qE '^10\.1\.2\.3[[:space:]].*bar\.local'
	run runpod exec "$pod-a" cat /etc/resolv.conf
	[ "$output" = $'search .\nnameserver 192.0.2.1\noptions ndots:2' ]
	[ "$(runpod exec "$pod-a" cat /proc/sys/net/ipv4/ip_default_ttl)" = 33 ]
	same_ns "$(ctr_pid "$pod-a")" "$(ctr_pid "$pod-b")" pid
	runpod exec "$pod-a" ps | grep -q 'sleep 1001'
	runpod kube down "$T/pod.yaml" >/dev/null
}
