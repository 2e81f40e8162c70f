#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2016 # each test is a subshell of its own; $ in quotes is for shells inside
# manifests.bats: the rows S9 to S11 of docs/SECURITY.md where a manifest is the way in, and what else a
# manifest, an image's configuration or a Secret in strange hands may not do: reach the host's files, be
# root after all, write the user's terminal, be seen by others, take all memory.

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
	chmod 755 "$T"
	mkdir "$T/tools" "$T/outside" "$T/volume"
	cp "$LOCAL_TOOLS/peek" "$T/tools/"
	echo secret >"$T/outside/secret"
	chmod 777 "$T/outside" "$T/volume"
	BEFORE=$(outside)
}

teardown() {
	runpod delete configmap cfg >/dev/null 2>&1 || :
	runpod delete secret sec >/dev/null 2>&1 || :
	common_teardown
}

outside() {
	find "$T/outside" -printf '%p %m %U:%G %s %T@ %n %l\n' | sort
	cat "$T/outside/secret"
}

unhurt() {
	[ "$(outside)" = "$BEFORE" ] || { diff <(echo "$BEFORE") <(outside); return 1; }
	not grep -F " $T/outside" /proc/self/mountinfo
}

# pod YAML: pod.yaml: the pod $P with this spec (indented by two blanks).
pod() {
	{
		printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\n' "$P"
		printf 'spec:\n  restartPolicy: Never\n  terminationGracePeriodSeconds: 0\n'
		cat
	} >"$T/pod.yaml"
}

play() { runpod kube play "$T/pod.yaml"; }

# make_image NAME: of the directory $T/image, to which a busybox is added.
make_image() {
	local name
	mkdir -p "$T/image/bin"
	cp "$(command -v busybox)" "$T/image/bin/busybox"
	for name in sh ls cat id sleep true touch; do ln -sf busybox "$T/image/bin/$name"; done
	tar -C "$T/image" --owner=0 --group=0 -cf "$T/image.tar" .
	runpod import "${@:2}" "$T/image.tar" "$1" >/dev/null
	rm -r "$T/image"
}

# on_terminal ARGS...: what a terminal gets to see of runpod's output.
on_terminal() {
	SHELL=/bin/sh script -qec "$(printf '%q ' timeout 20 "$RUNPOD" --root "$T/root" --runroot "$T/run" "$@")" /dev/null </dev/null 3>&- | tr -d '\r'
}

# controls FILE: the control characters in it but newline and tab, C1 in UTF-8 too.
controls() { LC_ALL=C grep -cP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$1" || :; }

# ---- S9 ------------------------------------------------------------------------------------------

@test "S9 runAsNonRoot holds against an image's user, whatever root is called there, and never runs first" {
	local user i=0
	for user in '' 0 root 00 0:5 toor; do
		i=$((i + 1))
		mkdir -p "$T/image/etc"
		printf 'root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\nweb:x:77:78::/:/bin/sh\n' >"$T/image/etc/passwd"
		make_image "$P:$i" ${user:+--change "USER $user"}
		for where in 'securityContext: {runAsNonRoot: true}' 'containers: []'; do
			pod <<-YAML
			  volumes: [{name: v, hostPath: {path: $T/volume}}]
			  $([ "$where" = 'containers: []' ] || echo "$where")
			  containers:
			  - name: c
			    image: $P:$i
			    command: [touch, /v/ran]
			    volumeMounts: [{name: v, mountPath: /v}]
			    securityContext: {runAsNonRoot: true}
			YAML
			run play
			echo "[$user] $status: $output"
			[ ! -e "$T/volume/ran" ]
			run runpod inspect --format '{{.State.Status}}' "$P-c"
			[ "$output" != running ]
			runpod pod rm -f -i -t 0 "$P"
		done
	done
	# runAsUser 0 is refused at reading
	pod <<<"  containers: [{name: c, image: busybox, securityContext: {runAsNonRoot: true, runAsUser: 0}}]"
	run play
	[[ $output == *"container's runAsUser breaks non-root policy"* ]]
	# and who is somebody else runs
	runpod run --rm -u 77 busybox true 2>/dev/null || return 0 # one user id only: no other to be
	make_image "$P:9"
	pod <<<"  containers: [{name: c, image: '$P:9', command: [id, -u], securityContext: {runAsNonRoot: true, runAsUser: 77}}]"
	play
	wait_until 10 log_says "$P-c" 77
}

# ---- S10 -----------------------------------------------------------------------------------------

@test "S10 CVE-2017-1002101: a manifest's subPath that leads upward is refused at reading, and one through a container's link when it starts" {
	local path
	for path in .. ../.. a/../../b /etc /../x; do
		pod <<-YAML
		  volumes: [{name: v, hostPath: {path: $T/volume}}]
		  containers: [{name: c, image: busybox, volumeMounts: [{name: v, mountPath: /x, subPath: '$path'}]}]
		YAML
		run play
		echo "$path: $output"
		[ "$status" -eq 125 ]
		[[ $output == *'subPath: Invalid value'*"must "* ]]
		[ -z "$(runpod pod ps -q)" ]
	done
	# the links are made by one container of the pod, and followed for another
	for path in abs rel/secret up magic dir/deep dir/none; do
		pod <<-YAML
		  volumes: [{name: v, hostPath: {path: $T/volume}}]
		  initContainers:
		  - name: i
		    image: busybox
		    command: [sh, -c, "cd /v; rm -rf *; mkdir dir; ln -s $T/outside abs; ln -s ../../../../../../../../$T/outside rel; ln -s .. up; ln -s /proc/self/root magic; ln -s $T/outside dir/deep"]
		    volumeMounts: [{name: v, mountPath: /v}]
		  containers: [{name: c, image: busybox, command: [ls, -R, /x], volumeMounts: [{name: v, mountPath: /x, subPath: $path}]}]
		YAML
		run play # which waits for what comes first
		echo "$path: $status: $output"
		if [ "$status" = 0 ]; then
			ended() { runpod get pod "$P" --no-headers | grep -qE 'Completed|Error|Failed'; }
			wait_until 10 ended
			run runpod logs "$P-c"
			not grep -xE 'secret|etc' <<<"$output"
			[ "$path" = dir/none ]
		else
			[[ $output == *"$path"* ]]
		fi
		runpod pod rm -f -i -t 0 "$P"
		unhurt
	done
}

@test "S10 CVE-2021-25741: a subPath swapped for a link while a pod's container starts 120 times: nothing of the host is seen or made" {
	local i=0 deadline=$((SECONDS + 25))
	mkdir "$T/volume/d"
	echo mine >"$T/volume/d/mine"
	ln -s "$T/outside" "$T/volume/l"
	chmod 777 "$T/volume/d"
	pod <<-YAML
	  volumes: [{name: v, hostPath: {path: $T/volume}}, {name: t, hostPath: {path: $T/tools}}]
	  containers:
	  - name: r
	    image: busybox
	    command: [sh, -c, "until [ -e /v/go ]; do usleep 10000; done; exec /tools/peek swap /v/d /v/l"]
	    volumeMounts: [{name: v, mountPath: /v}, {name: t, mountPath: /tools, readOnly: true}]
	  - name: c
	    image: busybox
	    command: [sh, -c, "ls /x; touch /x/made /y/made"]
	    volumeMounts: [{name: v, mountPath: /x, subPath: d}, {name: v, mountPath: /y, subPath: d/new}]
	YAML
	play
	: >"$T/volume/go" # both have to be there first: a pod starts whole or not at all
	wait_until 5 log_says "$P-r" swapping
	for ((; i < 120 && SECONDS < deadline; i++)); do
		runpod start -a "$P-c" >>"$T/said" 2>>"$T/err" || :
	done
	echo "$i starts, $(grep -c '^mine' "$T/said") of them saw the directory"
	[ "$i" -ge 100 ]
	grep -qx mine "$T/said"
	not grep -x secret "$T/said"
	runpod pod rm -f -t 0 "$P"
	unhurt
}

@test "S10 CVE-2025-9566: a ConfigMap over an image's links stays in the container; what delete takes away is not behind links" {
	local i=0 target
	printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cfg}\ndata: {a: "1", secret: overwritten}\n' >"$T/cfg.yaml"
	runpod apply -f "$T/cfg.yaml"
	for target in "$T/outside" ../../../../../../../../.."$T/outside" /proc/self/root"$T/outside"; do
		i=$((i + 1))
		mkdir -p "$T/image/app"
		ln -s "$target" "$T/image/cfg"
		ln -s "$target" "$T/image/app/cfg"
		ln -s "$target/secret" "$T/image/app/one"
		make_image "$P:$i"
		pod <<-YAML
		  volumes: [{name: c, configMap: {name: cfg}}, {name: e, emptyDir: {}}]
		  containers:
		  - name: c
		    image: $P:$i
		    command: [sh, -c, "cat /cfg/a; ln -s $T/outside /e/l; ln -s $T/outside/secret /e/f; echo done; exec sleep 1000"]
		    volumeMounts: [{name: c, mountPath: /cfg}, {name: c, mountPath: /app/cfg/x}, {name: c, mountPath: /app/one, subPath: secret}, {name: e, mountPath: /e}]
		YAML
		run play
		echo "$target: $status: $output"
		unhurt
		[ "$status" != 0 ] || wait_until 5 log_says "$P-c" 'done'
		if [ "$i" = 2 ]; then runpod pod rm -f -t 0 "$P"; else runpod delete pod "$P" --now 2>/dev/null || runpod pod rm -f -i -t 0 "$P"; fi
		unhurt
	done
	[ "$(find "$T/root/pods" "$T/run/pods" -mindepth 1 | wc -l)" = 0 ]
}

# ---- S11 -----------------------------------------------------------------------------------------

# What the kernel says of the container, and its state: the same for hostile words as for plain ones.
standing() {
	local pid
	pid=$(ctr_pid "$P-c")
	grep -E '^(Uid|Gid|Cap...|NoNewPrivs|Seccomp):' "/proc/$pid/status"
	runpod get pod "$P" --no-headers | awk '{ print $2, $3, $4 }'
	runpod exec "$P-c" sh -c 'cat /proc/self/mountinfo | wc -l; env | grep -c do-not-tell; exit 0'
}

@test "S11 CVE-2024-23653: hostile annotations, env and commands in a manifest: the same pod as a plain one" {
	local plain value
	export HOST_SECRET=do-not-tell
	manifest() { # the words, in JSON's quotes
		printf '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","annotations":{"a":%s,"run.oci.privileged":"true","io.podman.annotations.privileged":"TRUE","io.podman.annotations.seccomp/c":"unconfined","io.kubernetes.cri-o.userns-mode":"host"}},
			"spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"c","image":"busybox","command":["sh","-c","exec sleep 1000",%s],"env":[{"name":"V","value":%s}]}]}}' "$P" "$1" "$1" "$1" >"$T/pod.yaml"
	}
	manifest '"plain"'
	play
	plain=$(standing)
	echo "$plain"
	runpod pod rm -f -t 0 "$P"
	for value in '"*"' '"HOST_*"' '"$(HOST_SECRET)"' '"line\nline"' '"\u001b[2J\u001b]0;x\u0007"' '"\",\"privileged\":true,\"x\":\"%s%n{{.Id}}"' '"$(touch /tmp/x)`id`"'; do
		manifest "$value"
		play
		[ "$(standing)" = "$plain" ]
		[ "$(runpod exec "$P-c" sh -c 'printf %s "$V" | od -An -tx1')" = "$(python3 -c 'import json,sys; sys.stdout.write(json.loads(sys.argv[1]))' "$value" | od -An -tx1)" ]
		runpod get pod "$P" -o json | python3 -c 'import json,sys; assert json.load(sys.stdin)["metadata"]["annotations"]["a"] == json.loads(sys.argv[1])' "$value"
		runpod pod rm -f -t 0 "$P"
	done
	# a label is no place for such: refused, with the words shown and not obeyed
	printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {a: "\\e[2Jx"}}\nspec: {containers: [{name: c, image: busybox}]}\n' >"$T/pod.yaml"
	run play
	[ "$status" -eq 125 ]
	[[ $output == *'metadata.labels: Invalid value'* ]]
}

@test "S11 what an image, a manifest or a program says does not write the user's terminal; logs and pipes get it as it is" {
	skip_unless_tool script
	local evil=$'\e]0;owned\a\e[2J\x7f\xc2\x9b31mX' each
	printf '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","annotations":{"a":"\\u001b[2J\\u009b31m\\u0007"}},"spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"c","image":"busybox",
		"command":["sh","-c","exec sleep 1000","\\u001b]0;owned\\u0007"],"env":[{"name":"V","value":"\\u001b[2J\\u009b"}],
		"readinessProbe":{"periodSeconds":1,"exec":{"command":["sh","-c","printf \\"\\\\033[2J\\\\007\\"; exit 1"]}}}]}}' "$P" >"$T/pod.yaml"
	play
	runpod run -d --name "$P-l" --label "k=$evil" --annotation "a=$evil" busybox sh -c 'printf "\033[31mred\n"; exec sleep 1000' "$evil"
	judged() { runpod describe pod "$P" | grep -q Unhealthy; }
	wait_until 10 judged
	for each in "describe pod $P" "get pod $P -o yaml" "get pod $P -o json" "get pods --show-labels" "ps -a --no-trunc" "events --stream=false --since 1h" \
		"inspect $P-l" "pod inspect $P" "top $P-l" "pod ps" "ps -a --format {{.Labels}}" "inspect -f {{.Config.Labels}}{{.Config.Cmd}} $P-l" \
		"inspect -f {{.Config.Annotations}} $P-l" "--explain exec $P-l true" "exec $P-l $evil" "run --rm -w /$evil busybox true" "run --rm busybox /$evil" \
		"inspect $evil" "$evil" "kube generate $P"; do
		# shellcheck disable=SC2086 # words are wanted
		on_terminal $each >"$T/shown" || :
		[ -s "$T/shown" ] || { echo "$each: nothing"; false; }
		[ "$(controls "$T/shown")" = 0 ] || { echo "$each:"; cat -v "$T/shown"; false; }
	done
	on_terminal ps -a --format '{{.Labels}}' | grep -qF '^[]0;owned^G^[[2J^?\u009b31mX'
	runpod ps -a --format '{{.Labels}}' | grep -qF "$evil" # a pipe
	on_terminal logs "$P-l" | grep -qF $'\e[31mred'
}

# ---- Secrets -------------------------------------------------------------------------------------

@test "a Secret is in its files and its program, and nowhere else: no listing, no event, no narration tells it" {
	local word=hush-$P each
	printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: sec}\nstringData: {pw: %s}\n' "$word" >"$T/sec.yaml"
	runpod apply -f "$T/sec.yaml"
	rm "$T/sec.yaml"
	pod <<-'YAML'
	  volumes: [{name: s, secret: {secretName: sec}}]
	  containers:
	  - name: c
	    image: busybox
	    command: [sh, -c, exec sleep 1000]
	    env: [{name: PW, valueFrom: {secretKeyRef: {name: sec, key: pw}}}]
	    envFrom: [{secretRef: {name: sec}}]
	    volumeMounts: [{name: s, mountPath: /s}]
	YAML
	runpod --explain kube play "$T/pod.yaml" >"$T.seen" 2>&1
	[ "$(runpod exec "$P-c" sh -c 'cat /s/pw; echo -$PW-$pw')" = "$word-$word-$word" ]
	for each in "ps -a --no-trunc --format json" "inspect $P-c" "pod inspect $P" "get pods -o yaml" "get pod $P -o json" "describe pod $P" "describe secret sec" \
		"get secrets" "events --stream=false --since 1h" "kube generate $P" "top $P-c" "logs $P-c" "--explain exec $P-c true" "pod logs $P"; do
		# shellcheck disable=SC2086 # words are wanted
		runpod $each >>"$T.seen" 2>&1
	done
	not grep -F "$word" "$T.seen"
	not grep -F "$(printf %s "$word" | base64)" "$T.seen"
	rm "$T.seen"
	runpod get secret sec -o yaml | grep -qF "$(printf %s "$word" | base64)" # asked for, it comes
}

@test "nothing of the store or of what runs is for other users' eyes: no record, no environment, no Secret, no socket" {
	local file
	printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: sec}\nstringData: {pw: hush-%s}\n' "$P" | runpod apply -f -
	printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cfg}\ndata: {a: "1"}\n' | runpod apply -f -
	pod <<-'YAML'
	  volumes: [{name: s, secret: {secretName: sec}}, {name: e, emptyDir: {}}]
	  containers:
	  - {name: c, image: busybox, command: [sleep, "1000"], env: [{name: PW, valueFrom: {secretKeyRef: {name: sec, key: pw}}}], volumeMounts: [{name: s, mountPath: /s}, {name: e, mountPath: /e}]}
	YAML
	(umask 000 && play && runpod run -d --name "$P-l" -e "PW=hush-$P" busybox sh -c 'echo said; exec sleep 1000')
	for file in "$T/root" "$T/run"; do
		[ "$(stat -c %a "$file")" = 700 ] || [ "$(stat -c %a "$file")" = 711 ] || { stat -c '%a %n' "$file"; false; }
	done
	# each by its own mode, should the directory above be opened: state, records, sockets, environments, logs
	# (the file for a container's last words is one that any user in there may write)
	find "$T/root/pods" "$T/root/objects" "$T/run/pods" -type f \( -name '*.json' -o -name environ -o -name '*log*' -o -name control -o -path '*/objects/*' \) \
		! -perm 600 ! -name lock ! -name termination-log -printf '%m %p\n' >"$T/loose" 2>/dev/null || : # overlayfs' own are closed
	find "$T/run/pods" -type s ! -perm 600 -printf '%m %p\n' >>"$T/loose"
	[ -e "$T/loose" ]
	cat "$T/loose"
	[ ! -s "$T/loose" ]
	grep -rlsF "hush-$P" "$T/root/pods" "$T/root/objects" "$T/run" >"$T/holders" || :
	[ "$(wc -l <"$T/holders")" -ge 2 ] # the Secret itself, and an environment
	# and as another user: none of them is found
	[ "$(id -u)" = 0 ] || return 0
	while read -r file; do
		not setpriv --reuid 65534 --regid 65534 --clear-groups cat "$file" 2>/dev/null
	done <"$T/holders"
	[ -z "$(setpriv --reuid 65534 --regid 65534 --clear-groups find "$T/root" "$T/run" -mindepth 1 -readable 2>/dev/null)" ]
}

# ---- too much ------------------------------------------------------------------------------------

# much KIND: a manifest that is small to write and large to read.
much() {
	python3 - "$1" <<-'PY'
		import sys
		kind = sys.argv[1]
		head = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"
		ctr = "  containers:\n  - name: c\n    image: busybox\n"
		if kind == "laughs":
		    print(head + '  l0: &l0 [' + ",".join(['"x"'] * 9) + "]")
		    for i in range(1, 12): print(f"  l{i}: &l{i} [" + ",".join([f"*l{i-1}"] * 9) + "]")
		if kind == "lists": print("apiVersion: v1\nkind: Pod\nspec: " + "[" * 20000 + "]" * 20000)
		if kind == "maps": print("apiVersion: v1\nkind: Pod\nspec: " + "{a: " * 20000 + "1" + "}" * 20000)
		if kind == "bytes": print("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: " + "x" * 3200000)
		if kind == "documents":
		    for i in range(20000): print(f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{i}}}")
		if kind == "containers":
		    print(head + "  containers:")
		    for i in range(10000): print(f"  - {{name: c{i}, image: busybox}}")
		if kind == "ports":
		    print(head + ctr + "    ports:")
		    for i in range(10000): print(f"    - {{containerPort: {i + 1}, hostPort: {i % 5000 + 20000}}}")
		if kind == "doubling":
		    print(head + ctr + "    env:\n    - {name: E0, value: xxxxxxxx}")
		    for i in range(1, 60): print(f"    - {{name: E{i}, value: '$(E{i-1})$(E{i-1})'}}")
		if kind == "arguments":
		    print(head + ctr + "    env: [{name: E, value: '" + "x" * 100000 + "'}]\n    args: ['" + "$(E)" * 100000 + "']")
	PY
}

@test "manifests that are too much: a clear error within seconds, and nothing is made" {
	local each started words
	for each in laughs:'excessive aliasing' lists:'max depth' maps:'max depth' bytes:'too large' documents:'too large' containers:'Too many: 10000' \
		ports:'Duplicate value' doubling:'once the $(NAME) in it are put in' arguments:'once the $(NAME) in it are put in'; do
		words=${each#*:}
		much "${each%%:*}" >"$T/pod.yaml"
		started=${EPOCHREALTIME/./}
		RUNPOD_TIMEOUT=20 run play
		echo "$each: status $status, $(((${EPOCHREALTIME/./} - started) / 1000)) ms: ${output:0:300}"
		[ "$status" -eq 125 ]
		[[ $output == *"$words"* ]]
		[ $((${EPOCHREALTIME/./} - started)) -le 10000000 ]
		[ -z "$(runpod pod ps -q)" ]
		[ -z "$(find "$T/root/pods" "$T/run/pods" -mindepth 1 2>/dev/null)" ]
	done
}
