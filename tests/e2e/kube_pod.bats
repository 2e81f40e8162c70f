#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
#
# kube_pod.bats: fields of a manifest, seen in the kernel's state of the pod that runs: namespaces of
# the host, ports by address and protocol, names, users and powers.

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
}

# play POD-FIELDS CONTAINER-FIELDS: a pod of one container c with these lines of its own.
play() {
	{
		printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec:\n  terminationGracePeriodSeconds: 1\n' "$P"
		[ -z "$1" ] || printf '  %s\n' "$1"
		printf '  containers:\n  - name: c\n    image: busybox\n'
		[[ ${2-} == *command:* ]] || printf '    command: [sleep, "1000"]\n'
		[ -z "${2-}" ] || printf '    %s\n' "$2"
	} >"$T/pod.yaml"
	runpod kube play "$T/pod.yaml"
}

inside() { runpod exec "$P-c" "$@"; }
status_of() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$(ctr_pid "$P-c")/status"; }

@test "hostNetwork, hostPID, hostIPC: the host's namespaces, and the others the pod's own" {
	play $'hostNetwork: true\n  hostPID: true\n  hostIPC: true'
	same_ns "$(ctr_pid "$P-c")" $$ net pid ipc
	differ_ns "$(ctr_pid "$P-c")" $$ mnt
	inside ps -o args | grep -q 'sleep 1000'
}

@test "hostPort by address and protocol: UDP on 127.0.0.2, TCP on all" {
	local udp tcp
	udp=$(free_port) tcp=$(free_port)
	play '' "command: [sh, -c, \"/t/probe udp 53 & exec /t/probe tcp 80\"]
    volumeMounts: [{name: t, mountPath: /t, readOnly: true}]
    ports:
    - {containerPort: 53, hostPort: $udp, hostIP: 127.0.0.2, protocol: UDP}
    - {containerPort: 80, hostPort: $tcp}
  volumes: [{name: t, hostPath: {path: $LOCAL_TOOLS, type: Directory}}]"
	udp_answers() { [[ "$("$LOCAL_TOOLS/probe" ask-udp 127.0.0.2 "$udp" hello 2>/dev/null)" == *hello ]]; }
	tcp_answers() { [ -n "$("$LOCAL_TOOLS/probe" ask-tcp 127.0.0.1 "$tcp" 2>/dev/null)" ]; }
	wait_until 10 tcp_answers
	wait_until 10 udp_answers
	run timeout 5 "$LOCAL_TOOLS/probe" ask-udp 127.0.0.1 "$udp" hello
	[ "$status" -ne 0 ]
}

@test "hostname, hostAliases, dnsConfig with policy None" {
	play $'hostname: other\n  hostAliases: [{ip: 192.0.2.7, hostnames: [seven, siete]}]\n  dnsPolicy: None\n  dnsConfig: {nameservers: [192.0.2.53], searches: [example.test], options: [{name: ndots, value: "2"}]}'
	[ "$(inside hostname)" = other ]
	inside grep -qE '^192\.0\.2\.7[[:space:]].*seven.*siete|^192\.0\.2\.7[[:space:]]+seven' /etc/hosts
	[ "$(inside cat /etc/resolv.conf | grep -v '^#' | sort)" = $'nameserver 192.0.2.53\noptions ndots:2\nsearch example.test' ]
}

@test "users, groups and powers: what /proc says of the process" {
	play 'securityContext: {runAsUser: 1234, runAsGroup: 2345, supplementalGroups: [3456], fsGroup: 4567}' \
		'securityContext: {capabilities: {add: [NET_ADMIN], drop: [CHOWN]}, readOnlyRootFilesystem: true}'
	[ "$(inside id -u) $(inside id -g)" = '1234 2345' ]
	[[ " $(inside id -G) " == *' 3456 '* && " $(inside id -G) " == *' 4567 '* ]]
	[ "$(status_of CapEff)" = 0000000000000000 ] # not root: only the bounding set is left
	[ $((0x$(status_of CapBnd) >> 12 & 1)) = 1 ] # CAP_NET_ADMIN
	[ $((0x$(status_of CapBnd) & 1)) = 0 ]       # CAP_CHOWN
	[ "$(status_of NoNewPrivs)" = 1 ]
	run inside touch /file
	[[ $output == *'Read-only file system'* ]]
}

@test "runAsNonRoot refuses root; sysctls are the pod's; stdin stays open" {
	run play '' 'securityContext: {runAsNonRoot: true}'
	[ "$status" -ne 0 ]
	[[ $output == *'runAsNonRoot'* || $output == *'run as root'* ]]
	not runpod pod exists "$P"
	play 'securityContext: {sysctls: [{name: net.ipv4.ip_default_ttl, value: "77"}]}' $'stdin: true\n    tty: true\n    command: [cat]'
	[ "$(inside cat /proc/sys/net/ipv4/ip_default_ttl)" = 77 ]
	[ "$(cat /proc/sys/net/ipv4/ip_default_ttl)" != 77 ]
	[[ "$(readlink "/proc/$(ctr_pid "$P-c")/fd/0")" == /dev/pts/* ]]
}

@test "privileged: all capabilities, no filter" {
	play '' 'securityContext: {privileged: true}'
	[ "$(status_of CapEff)" = "$(status_of CapBnd)" ]
	[ $((0x$(status_of CapEff) >> 12 & 1)) = 1 ]
	[ $((0x$(status_of CapEff) >> 1 & 1)) = 1 ]
}
