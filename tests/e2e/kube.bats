#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
#
# kube.bats: manifests at the terminal, in podman's words (kube play, down, generate) and in
# kubectl's (apply, get, describe, logs, exec, delete, create, debug, explain, kubelet).

load ../lib/common

# manifest NAME [COMMAND]: a pod of two containers, web and side.
manifest() {
	cat <<-END
		apiVersion: v1
		kind: Pod
		metadata:
		  name: $1
		  labels:
		    app: $1
		spec:
		  terminationGracePeriodSeconds: 2
		  containers:
		  - name: web
		    image: busybox
		    command: [sh, -c, "echo ${2:-hello}; exec sleep 1000"]
		  - name: side
		    image: busybox
		    command: [sleep, "1000"]
	END
}

pod_state() { runpod get pod "$1" --no-headers | awk '{ print $3 }'; }
is() { [ "$(pod_state "$1")" = "$2" ]; }

@test "kube play prints the ids, kube down takes everything away" {
	local pod
	pod=$(rnd)
	manifest "$pod" >"$T/pod.yaml"
	run runpod kube play "$T/pod.yaml"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = Pod: ]
	[ "${lines[1]}" = "$(runpod pod inspect --format '{{.Id}}' "$pod")" ]
	[ "${lines[2]}" = Containers: ]
	[ "${lines[3]}" = "$(runpod inspect --format '{{.Id}}' "$pod-web")" ]
	wait_until 5 is "$pod" Running
	same_ns "$(ctr_pid "$pod-web")" "$(ctr_pid "$pod-side")" net ipc uts
	differ_ns "$(ctr_pid "$pod-web")" "$(ctr_pid "$pod-side")" pid mnt
	[ "$(runpod exec "$pod-web" hostname)" = "$pod" ]

	run runpod kube play "$T/pod.yaml"
	[ "$status" -eq 125 ]
	[[ $output == *"in use"* ]]
	runpod kube play --replace "$T/pod.yaml" >/dev/null

	run runpod kube down "$T/pod.yaml"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 'Pods stopped:' ]
	[ "${lines[2]}" = 'Pods removed:' ]
	not runpod pod exists "$pod"
}

@test "play - reads standard input; play kube and generate kube are the same words" {
	local pod
	pod=$(rnd)
	manifest "$pod" | runpod play kube --start=false -
	[ "$(runpod pod ps --format '{{.Status}}')" = Created ]
	runpod generate kube "$pod" | grep -q '^kind: Pod'
}

@test "all errors of a file at once, with line, column and a mark; nothing is started" {
	cat >"$T/bad.yaml" <<-END
		apiVersion: v1
		kind: Pod
		metadata:
		  name: Bad_Name
		spec:
		  foo: 1
		  containers:
		  - name: a
		    image: busybox
		    ports:
		    - containerPort: 70000
		  - name: a
		    image: busybox
		    volumeMounts:
		    - {name: nowhere, mountPath: /x}
	END
	run runpod kube play "$T/bad.yaml"
	[ "$status" -eq 125 ]
	[[ $output == *"$T/bad.yaml:4:"* ]]
	[[ $output == *"$T/bad.yaml:6:"*'unknown field "spec.foo"'* ]]
	[[ $output == *"$T/bad.yaml:11:"*'between 1 and 65535'* ]]
	[[ $output == *"$T/bad.yaml:12:"* ]]
	[[ $output == *"$T/bad.yaml:15:"*nowhere* ]]
	[[ $output == *^* ]]
	[ -z "$(runpod ps -aq)$(runpod pod ps -q)" ]
}

@test "deployment is atomic: an image that is not there, and nothing of the pod is left" {
	local pod
	pod=$(rnd)
	manifest "$pod" | sed '0,/image: busybox/! s/image: busybox/image: localhost\/nosuch:1\n    imagePullPolicy: Never/' >"$T/pod.yaml"
	run runpod apply -f "$T/pod.yaml"
	[ "$status" -ne 0 ]
	[[ $output == *nosuch* ]]
	not runpod pod exists "$pod"
	[ -z "$(runpod ps -aq)" ]
}

@test "apply: created, unchanged, configured; a changed container is replaced alone" {
	local pod infra side web
	pod=$(rnd)
	manifest "$pod" >"$T/pod.yaml"
	[ "$(runpod apply -f "$T/pod.yaml")" = "pod/$pod created" ]
	[ "$(runpod apply -f "$T/pod.yaml")" = "pod/$pod unchanged" ]
	infra=$(runpod pod inspect --format '{{.InfraContainerID}}' "$pod")
	side=$(ctr_pid "$pod-side") web=$(ctr_pid "$pod-web")

	# only what is written on it
	sed -i "s/    app: $pod/&\n    tier: front/" "$T/pod.yaml"
	run runpod apply -f "$T/pod.yaml"
	[ "${lines[0]}" = "pod/$pod configured" ]
	[[ $output == *tier* ]]
	[ "$(ctr_pid "$pod-web")" = "$web" ]
	[ "$(runpod get pods -l tier=front -o name)" = "pod/$pod" ]

	# one container
	manifest "$pod" again | sed "s/    app: $pod/&\n    tier: front/" >"$T/pod.yaml"
	run runpod apply -f "$T/pod.yaml"
	[ "${lines[0]}" = "pod/$pod configured" ]
	[[ $output == *"replaced container $pod-web"* ]]
	[ "$(ctr_pid "$pod-side")" = "$side" ]
	[ "$(ctr_pid "$pod-web")" != "$web" ]
	[ "$(runpod pod inspect --format '{{.InfraContainerID}}' "$pod")" = "$infra" ]
	log_says "$pod-web" again

	# it stands where the manifest has it
	[ "$(runpod get pod "$pod" -o json | jq -r '.status.containerStatuses[].name' | xargs)" = 'web side' ]
	[ "$(runpod exec "$pod" -- hostname 2>&1 | head -n 1)" = 'Defaulted container "web" out of: web, side' ]

	# the whole pod
	sed -i 's/^spec:/spec:\n  hostname: other/' "$T/pod.yaml"
	run runpod apply -f "$T/pod.yaml"
	[[ $output == *"replaced pod $pod"* ]]
	[ "$(runpod exec "$pod-web" hostname)" = other ]
}

@test "get: kubectl's columns; wide, name, yaml and json; labels; nothing there" {
	local pod
	run --separate-stderr runpod get pods
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# shellcheck disable=SC2154
	[ "$stderr" = 'No resources found in default namespace.' ]
	pod=$(rnd)
	manifest "$pod" | runpod apply -f - >/dev/null
	wait_until 5 is "$pod" Running
	run runpod get pods
	[[ ${lines[0]} =~ ^NAME\ +READY\ +STATUS\ +RESTARTS\ +AGE$ ]]
	[[ ${lines[1]} =~ ^$pod\ +2/2\ +Running\ +0\ +[0-9]+s$ ]]
	run runpod get po "$pod" -o wide
	[[ ${lines[0]} == *IP*NODE*'NOMINATED NODE'*'READINESS GATES' ]]
	[ "$(runpod get pods -o name)" = "pod/$pod" ]
	[ "$(runpod get pod "$pod" -o json | jq -r '.status.phase, .spec.restartPolicy, .status.conditions[].status' | xargs)" = 'Running Always True True True True' ]
	runpod get pod "$pod" -o yaml | grep -q '^  phase: Running'
	[ "$(runpod get pods -o json | jq -r '.kind, (.items | length)' | xargs)" = 'List 1' ]
	[ -z "$(runpod get pods -l app=other -o name 2>/dev/null)" ]
	run runpod get pod nosuch
	[ "$status" -eq 1 ]
	[[ $output == *'pods "nosuch" not found'* ]]
	run runpod get widgets
	[ "$status" -eq 1 ]
	[[ $output == *"doesn't have a resource type \"widgets\""* ]]
}

@test "get -w: a line for each change" {
	local pod watcher
	pod=$(rnd)
	manifest "$pod" | runpod apply -f - >/dev/null
	client get pods -w >"$T/watch" 2>&1 &
	watcher=$!
	has() { grep -q "$1" "$T/watch"; }
	wait_until 5 has "$pod .*Running"
	runpod pod kill "$pod" >/dev/null
	wait_until 5 eval '[ "$(grep -c "^'"$pod"'" "$T/watch")" -gt 1 ]'
	kill "$watcher"
	wait "$watcher" || true
	[ "$(grep -c '^NAME' "$T/watch")" -eq 1 ]
}

@test "get -w: growing older is no change" {
	runpod create configmap still --from-literal=a=b >/dev/null
	run timeout 1.5 "$RUNPOD" --root "$T/root" --runroot "$T/run" get configmaps -w
	[ "$status" -eq 124 ]
	[ "${#lines[@]}" -eq 2 ]
	runpod delete configmap still >/dev/null
}

@test "apply: one pod that cannot be had does not keep the others back; the error names pod and container" {
	local good bad
	good=$(rnd) bad=$(rnd)
	{
		manifest "$bad" | sed 's/image: busybox/image: localhost\/nosuch:1\n    imagePullPolicy: Never/'
		echo ---
		manifest "$good"
	} >"$T/two.yaml"
	run runpod apply -f "$T/two.yaml"
	[ "$status" -ne 0 ]
	[[ $output == *"deploy pod $bad: container web: "*nosuch* ]]
	[[ $output == *"pod/$good created"* ]]
	not runpod pod exists "$bad"
}

@test "describe: everything about a pod, its events last" {
	local pod
	pod=$(rnd)
	manifest "$pod" | runpod apply -f - >/dev/null
	wait_until 5 is "$pod" Running
	run runpod describe pod "$pod"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^Name:\ +$pod$ ]]
	for word in Namespace Node 'Start Time' Labels Annotations Status IP Containers Conditions Volumes 'QoS Class' Events; do
		grep -q "^$word:" <<<"$output"
	done
	for word in 'Container ID' Image 'Image ID' Port Command State Ready 'Restart Count' Environment Mounts; do
		grep -q "^    $word:" <<<"$output"
	done
	[[ $output =~ QoS\ Class:\ +BestEffort ]]
	[[ $output == *Started* ]]
}

@test "logs, exec and delete take a pod and -c, as kubectl does" {
	local pod
	pod=$(rnd)
	manifest "$pod" spoken | runpod apply -f - >/dev/null
	wait_until 5 log_says "$pod-web" spoken
	[ "$(runpod logs "$pod" -c web)" = spoken ]
	[ "$(runpod logs -c web "$pod")" = spoken ]
	[ "$(runpod exec "$pod" -c side -- echo through)" = through ]
	[ "$(runpod exec -c side "$pod" -- hostname)" = "$pod" ]
	run --separate-stderr runpod exec "$pod" -- echo default
	[ "$output" = default ]
	[[ $stderr == *'Defaulted container "web" out of: web, side'* ]]
	run runpod exec "$pod" -c nosuch -- true
	[ "$status" -eq 1 ]
	[[ $output == *'container nosuch is not valid for pod'* ]]
	[ "$(runpod delete pod "$pod")" = "pod \"$pod\" deleted" ]
	not runpod pod exists "$pod"
	run runpod delete pod "$pod"
	[ "$status" -eq 1 ]
	[[ $output == *"pods \"$pod\" not found"* ]]
	runpod delete pod "$pod" --ignore-not-found
}

@test "create configmap and secret; get, describe and delete them; a Secret's values are not shown" {
	printf 'user nobody;\n' >"$T/nginx.conf"
	[ "$(runpod create configmap web --from-file="$T/nginx.conf" --from-literal=colour=blue)" = 'configmap/web created' ]
	run runpod create configmap web --from-literal=a=b
	[ "$status" -ne 0 ]
	[[ $output == *'already exists'* ]]
	[ "$(runpod get configmap web -o json | jq -r '.data."nginx.conf"')" = 'user nobody;' ]
	run runpod get cm
	[[ ${lines[1]} =~ ^web\ +2\ +[0-9]+s$ ]]
	[ "$(runpod create secret generic db --from-literal=password=s3cret)" = 'secret/db created' ]
	[ "$(runpod get secret db -o json | jq -r .data.password | base64 -d)" = s3cret ]
	run runpod describe secret db
	[[ $output == *'password:'*'6 bytes'* ]]
	[[ $output != *s3cret* ]]
	[ "$(runpod create configmap dry --dry-run=client -o yaml --from-literal=a=1 | grep -c 'a: "1"')" -eq 1 ]
	run runpod get configmap dry
	[ "$status" -eq 1 ]
	[ "$(runpod delete configmap web)" = 'configmap "web" deleted' ]
	runpod delete secret db
	# create still makes containers
	runpod create --name "$(rnd)" busybox true
}

@test "debug: one more container in the pod; with --target it sees that container's processes" {
	local pod
	pod=$(rnd)
	manifest "$pod" | runpod apply -f - >/dev/null
	wait_until 5 is "$pod" Running
	run runpod debug "$pod" --image busybox -i --target web -- ps -o args
	[ "$status" -eq 0 ]
	[[ $output == *'sleep 1000'* ]]
	run runpod debug "$pod" --image busybox -c tools -- sleep 500
	same_ns "$(ctr_pid "$pod-tools")" "$(ctr_pid "$pod-web")" net ipc uts
	differ_ns "$(ctr_pid "$pod-tools")" "$(ctr_pid "$pod-web")" pid
	# it does not count
	[[ $(runpod get pods --no-headers) =~ 2/2 ]]
	run runpod debug "$pod"
	[[ $output == *'--image'* ]]
}

@test "explain: from the table that manifests are read by" {
	run runpod explain pod.spec.containers
	[ "$status" -eq 0 ]
	[[ $output == *livenessProbe* ]]
	run runpod explain pod.spec.nosuch
	[ "$status" -ne 0 ]
	[[ $output == *nosuch* ]]
}

@test "generate: YAML that plays again to the same pod, of manifests and of flags" {
	local pod
	pod=$(rnd)
	manifest "$pod" | runpod apply -f - >/dev/null
	runpod kube generate "$pod" >"$T/one.yaml"
	runpod kube play --replace "$T/one.yaml" >/dev/null
	runpod kube generate "$pod" >"$T/two.yaml"
	cmp "$T/one.yaml" "$T/two.yaml"

	pod=$(rnd)
	runpod pod create --name "$pod" -p "$(free_port):80" --label tier=back
	runpod run -d --pod "$pod" --name "$pod-app" -e COLOUR=blue --cap-add NET_ADMIN busybox sleep 1000
	runpod kube generate "$pod" -f "$T/flags.yaml"
	grep -q 'value: blue' "$T/flags.yaml"
	run runpod kube generate "$pod" -f "$T/flags.yaml"
	[[ $output == *'file exists'* ]]
	runpod kube play --replace "$T/flags.yaml" >/dev/null
	runpod kube generate "$pod" >"$T/again.yaml"
	runpod kube play --replace "$T/again.yaml" >/dev/null
	runpod kube generate "$pod" >"$T/third.yaml"
	cmp "$T/again.yaml" "$T/third.yaml"
}

@test "kubelet: a pod that goes has its grace period; of two files with one name the first has it" {
	local pod kubelet
	pod=$(rnd)
	mkdir "$T/manifests"
	manifest "$pod" | sed "s|command: \\[sleep, \"1000\"\\]|command: [sh, -c, 'trap \"echo asked >/out/asked; exit\" TERM; echo >/out/up; while :; do sleep 0.05; done']\n    volumeMounts: [{name: out, mountPath: /out}]|" >"$T/manifests/a.yaml"
	printf '  volumes: [{name: out, hostPath: {path: %s}}]\n' "$T" >>"$T/manifests/a.yaml"
	manifest "$pod" other >"$T/manifests/b.yaml"
	client kubelet --manifest-dir "$T/manifests" >"$T/said" 2>&1 &
	kubelet=$!
	refused() { grep -q "b.yaml: pod/$pod: .*from $T/manifests/a.yaml" "$T/said"; }
	wait_until 10 refused
	wait_until 5 test -e "$T/up"
	rm "$T/manifests/b.yaml" "$T/manifests/a.yaml"
	gone_pod() { not runpod pod exists "$pod"; }
	wait_until 10 gone_pod 2>/dev/null
	kill "$kubelet"
	wait "$kubelet"
	[ "$(cat "$T/asked")" = asked ]
}

@test "kubelet: what lies in the directory runs; half a file is not half a pod; what goes is torn down" {
	local pod other kubelet
	pod=$(rnd) other=$(rnd)
	mkdir "$T/manifests"
	manifest "$pod" >"$T/manifests/a.yaml"
	client kubelet --manifest-dir "$T/manifests" >"$T/said" 2>&1 &
	kubelet=$!
	wait_until 10 is "$pod" Running

	# written in two parts with a pause: it runs once it is whole
	exec 7>"$T/manifests/b.yaml"
	manifest "$other" | head -n 12 >&7
	touch "$T/manifests/note.txt"
	manifest "$pod" second >"$T/new" && mv "$T/new" "$T/manifests/a.yaml"
	wait_until 10 log_says "$pod-web" second
	not runpod pod exists "$other"
	manifest "$other" | tail -n +13 >&7
	exec 7>&-
	wait_until 10 is "$other" Running
	[ "$(runpod get pod "$other" -o json | jq '.spec.containers | length')" = 2 ]

	# a wrong one changes nothing
	echo 'kind: [' >"$T/manifests/b.yaml"
	told() { grep -q 'b.yaml:' "$T/said"; }
	wait_until 10 told
	is "$other" Running

	# removed by hand it comes back only through its file; without the file it goes
	rm "$T/manifests/b.yaml"
	gone_pod() { not runpod pod exists "$other"; }
	wait_until 10 gone_pod 2>/dev/null
	kill "$kubelet"
	wait "$kubelet"
	is "$pod" Running # its supervisor goes on
}

@test "apply of what cannot be started leaves the pod as it was; requests.cpu is no limit" {
	local pod
	pod=$(rnd)
	manifest "$pod" >"$T/pod.yaml"
	runpod apply -f "$T/pod.yaml"
	sed 's/^spec:/spec:\n  hostname: other/; 0,/command: \[sleep, "1000"\]/s//command: [\/nosuch]/' "$T/pod.yaml" >"$T/bad.yaml"
	run runpod apply -f "$T/bad.yaml"
	[ "$status" -ne 0 ]
	[[ $output == *nosuch* ]]
	[[ $output == *'as it was before'* ]]
	wait_until 10 is "$pod" Running
	[ "$(runpod exec "$pod-web" hostname)" = "$pod" ]

	# a weight among neighbours, which nobody need be able to give
	sed 's/    image: busybox/&\n    resources: {requests: {cpu: 100m, memory: 16Mi}}/' "$T/pod.yaml" | runpod apply -f -
	wait_until 10 is "$pod" Running
	has_controller cpu || runpod describe pod "$pod" | grep -q 'RequestIgnored.*cpu controller'
}
