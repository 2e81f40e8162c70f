#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
#
# manifests.bats: real manifests of the field, read in place and run as they are; only the images that
# they name are ours under their names.

load ../lib/common

setup() {
	common_setup
	MANIFESTS=$TREE/../shared/manifests
	skip_unless data "no ../shared/manifests here" [ -d "$MANIFESTS" ]
}

# known_as NAME: our busybox under the name that a manifest uses.
known_as() {
	runpod tag busybox "$1"
}

# image NAME: an image of busybox with a printenv, which Debian's lacks.
image() {
	local root=$T/rootfs-$RANDOM applet
	mkdir -p "$root/bin" "$root/tmp" "$root/etc"
	cp "$(command -v busybox)" "$root/bin/busybox"
	for applet in $(busybox --list | grep -vx busybox); do ln -sf busybox "$root/bin/$applet"; done
	printf '#!/bin/sh\nfor name; do eval "echo \\"\\$$name\\""; done\n' >"$root/bin/printenv"
	chmod 755 "$root/bin/printenv"
	tar -C "$root" -c . | runpod import - "$1" >/dev/null
	rm -r "$root"
}

play() { runpod kube play "$MANIFESTS/$1.yaml"; }
says() { [[ "$(runpod logs "$1" 2>/dev/null)" == *"$2"* ]]; }
ready() { [ "$(runpod get pod "$1" -o json | jq '[.status.containerStatuses[].ready] | all')" = true ]; }

@test "bad-tab-duplicate-env: refused where the tab is, and nothing is started" {
	run runpod kube play "$MANIFESTS/bad-tab-duplicate-env.yaml"
	[ "$status" -eq 125 ]
	[[ $output =~ bad-tab-duplicate-env.yaml:[0-9]+:[0-9]+: ]]
	[ -z "$(runpod pod ps -q)" ]
}

# full NAME: an image's name with its registry.
full() {
	case $1 in
	*.*/*) echo "$1" ;;
	*/*) echo "docker.io/$1" ;;
	*) echo "docker.io/library/$1" ;;
	esac
}

@test "every other manifest is taken, and its pod made, once its images and ConfigMaps are here" {
	local file image n=0
	for image in $(sed -n 's/.*image: *"\{0,1\}\([^",]*\).*/\1/p' "$MANIFESTS"/*.yaml | sort -u); do
		known_as "$(full "$image")"
	done
	runpod create configmap special-config --from-literal=SPECIAL_LEVEL=very --from-literal=SPECIAL_TYPE=charm
	runpod create configmap example-redis-config --from-literal=redis-config='maxmemory 2mb'
	for file in "$MANIFESTS"/*.yaml; do
		case ${file##*/} in bad-*) continue ;; esac
		runpod kube play --replace --start=false "$file"
		n=$((n + 1))
	done
	[ "$n" -gt 10 ]
	runpod pod rm -a -f >/dev/null
	runpod delete configmap special-config example-redis-config
}

@test "counter-streaming-sidecar (KYAML): two containers stream what the third writes into a shared volume" {
	known_as docker.io/library/busybox:1.28
	play counter-streaming-sidecar-kyaml
	wait_until 10 says counter-count-log-1 '0: '
	wait_until 10 says counter-count-log-2 'INFO 0'
}

@test "dapi-envars-pod: the pod is told its own name, node and address" {
	local said
	image registry.k8s.io/busybox:1.27.2
	play dapi-envars-pod
	wait_until 10 says dapi-envars-fieldref-test-container default
	said=$(runpod logs dapi-envars-fieldref-test-container)
	[[ $said == *dapi-envars-fieldref* ]]
	[[ $said == *"$(hostname)"* ]]
}

@test "dependent-envars: what is defined above is put in, what is not stays" {
	play dependent-envars
	wait_until 10 says dependent-envars-demo-dependent-envars-demo ESCAPED
	# shellcheck disable=SC2016
	run runpod exec dependent-envars-demo-dependent-envars-demo sh -c \
		'echo "$SERVICE_ADDRESS"; echo "$UNCHANGED_REFERENCE"; echo "$ESCAPED_REFERENCE"'
	[ "${lines[0]}" = 'https://172.17.0.1:80' ]
	# shellcheck disable=SC2016
	[ "${lines[1]}" = '$(PROTOCOL)://172.17.0.1:80' ]
	# shellcheck disable=SC2016
	[ "${lines[2]}" = '$(PROTOCOL)://172.17.0.1:80' ]
}

@test "pod-configmap-env (KYAML): refused without its ConfigMap, complete with it" {
	known_as registry.k8s.io/busybox:1.27.2
	run play pod-configmap-env-var-valueFrom-kyaml
	[ "$status" -ne 0 ]
	[[ $output == *special-config* ]]
	[ -z "$(runpod pod ps -q)" ]
	runpod create configmap special-config --from-literal=SPECIAL_LEVEL=very --from-literal=SPECIAL_TYPE=charm
	play pod-configmap-env-var-valueFrom-kyaml
	wait_until 10 says dapi-test-pod-test-container 'very charm'
	completed() { [ "$(runpod get pod dapi-test-pod --no-headers | awk '{ print $3 }')" = Completed ]; }
	wait_until 10 completed
	runpod delete configmap special-config
}

@test "startup-coordination: the app finds what the sidecar has made ready" {
	known_as registry.k8s.io/busybox:1.27.2
	play startup-coordination
	wait_until 20 says startup-coordination-example-main-app greeting=hello
	ready startup-coordination-example
	[ "$(runpod get pods --no-headers | awk '{ print $2, $3 }')" = '2/2 Running' ]
}

@test "deployment-sidecar: the Deployment's pod, with a sidecar that outlives nothing" {
	known_as docker.io/library/alpine:latest
	run play deployment-sidecar
	[ "$status" -eq 0 ]
	pod=$(runpod pod ps --format '{{.Name}}')
	wait_until 10 says "$pod-logshipper" logging
	# the sidecar stops after the app: its log has the app's last line
	runpod delete -f "$MANIFESTS/deployment-sidecar.yaml" --grace-period=1
	[ -z "$(runpod pod ps -q)" ]
}

@test "share-process-namespace: the shell sees the other container's processes, and pause" {
	runpod tag busybox docker.io/library/busybox:1.28
	known_as docker.io/library/nginx:latest
	sed 's/^    image: nginx/&\n    command: [sleep, "4711"]/' "$MANIFESTS/share-process-namespace.yaml" >"$T/pod.yaml"
	runpod kube play "$T/pod.yaml"
	run runpod exec nginx-shell ps -o pid,args
	[[ $output == *'sleep 4711'* ]]
	[[ $output =~ (^|$'\n')[[:space:]]+1[[:space:]]/pause ]]
	[[ $output == *'sleep 3600'* ]]
	same_ns "$(ctr_pid nginx-shell)" "$(ctr_pid nginx-nginx)" pid
}

@test "security-context: user, group of the volume, no new privileges" {
	known_as gcr.io/google-samples/node-hello:1.0
	sed 's/^    image: gcr.*/&\n    command: [sleep, "1000"]/' "$MANIFESTS/security-context.yaml" >"$T/pod.yaml"
	runpod kube play "$T/pod.yaml"
	[ "$(runpod exec security-context-demo-sec-ctx-demo id -u)" = 1000 ]
	[[ " $(runpod exec security-context-demo-sec-ctx-demo id -G) " == *' 2000 '* ]]
	[ "$(runpod exec security-context-demo-sec-ctx-demo sh -c 'touch /data/demo/f && stat -c %g /data/demo/f')" = 2000 ]
	grep -q 'NoNewPrivs:[[:space:]]*1' "/proc/$(ctr_pid security-context-demo-sec-ctx-demo)/status"
}
