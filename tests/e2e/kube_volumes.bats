#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; bats sets $stderr
#
# kube_volumes.bats: what a manifest's containers find: variables that are looked up, ConfigMaps
# and Secrets as files and how they change, the pod's volumes, the last words of a container. What a
# mount is like is read in the container's mountinfo, what lies on disk below $T.

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
	cat >"$T/cfg.yaml" <<-YAML
		apiVersion: v1
		kind: ConfigMap
		metadata: {name: cfg}
		data: {a: "1", b: "1", app.conf: "x = 1\n"}
		binaryData: {raw: AP8=}
	YAML
	cat >"$T/sec.yaml" <<-YAML
		apiVersion: v1
		kind: Secret
		metadata: {name: sec}
		stringData: {pw: hush, user: me}
	YAML
}

teardown() {
	runpod delete configmap cfg >/dev/null 2>&1 || :
	runpod delete secret sec >/dev/null 2>&1 || :
	common_teardown
}

# objects: both of them.
objects() { runpod apply -f "$T/cfg.yaml" && runpod apply -f "$T/sec.yaml"; }

# change SED: the ConfigMap, edited.
change() { sed "$1" "$T/cfg.yaml" | runpod apply -f -; }

# pod YAML: writes pod.yaml: the pod $P with this spec (indented by two blanks), restartPolicy Never.
pod() {
	{
		printf 'apiVersion: v1\nkind: Pod\n'
		printf 'metadata: {name: %s, labels: {app: shop, tier: web}, annotations: {note: none}}\n' "$P"
		printf 'spec:\n  restartPolicy: Never\n  terminationGracePeriodSeconds: 0\n'
		cat
	} >"$T/pod.yaml"
}

play() { runpod kube play "$T/pod.yaml"; }

in_a() { runpod exec "$P-a" "$@"; }
in_b() { runpod exec "$P-b" "$@"; }

# mount_at CTR TARGET: the line of its mountinfo.
mount_at() { runpod exec "$1" cat /proc/self/mountinfo | awk -v at="$2" '$5 == at'; }

# says EXPECTED COMMAND…: for wait_until.
says() { [ "$("${@:2}" 2>/dev/null)" = "$1" ]; }

ended() { [ "$(runpod inspect --format '{{.State.Status}}' "$1")" = exited ]; }

# refused TEXT: the pod is, with these words, and nothing of it is there.
refused() {
	run play
	[ "$status" -eq 125 ] || [ "$status" -eq 1 ]
	[[ $output == *"$1"* ]] || { echo "$output"; return 1; }
	[ -z "$(runpod pod ps -q)" ]
	[ -z "$(find "$T/root/pods" "$T/run/pods" -mindepth 1)" ]
}

@test "variables: whole objects, keys, fields and resources, in Kubernetes' order" {
	objects
	pod <<-'YAML'
	  containers:
	  - name: a
	    image: busybox
	    command: [sh, -c, 'echo "$0 $1"; exec sleep 1000', "$(GREET)", "$$(GREET) $(NONE)"]
	    resources: {limits: {cpu: 500m, memory: 64Mi}}
	    envFrom: [{configMapRef: {name: cfg}}, {secretRef: {name: sec}, prefix: S_}]
	    env:
	    - {name: b, value: "mine $(a)"}
	    - {name: KEY, valueFrom: {secretKeyRef: {name: sec, key: pw}}}
	    - {name: MAYBE, valueFrom: {configMapKeyRef: {name: none, key: x, optional: true}}}
	    - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
	    - {name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
	    - {name: UID_, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
	    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
	    - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
	    - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}
	    - {name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
	    - {name: GREET, value: "$(POD) $(KEY) $(b)"}
	YAML
	# a limit needs a controller, which not every host has
	has_controller memory && has_controller cpu || sed -i '/resources: {limits/d; /name: CPU/d; /name: MEM/d' "$T/pod.yaml"
	play
	wait_until 5 log_says "$P-a" "$P hush mine 1"
	[ "$(runpod logs "$P-a")" = "$P hush mine 1 \$(GREET) \$(NONE)" ]
	# exec gets what the start found, whatever has changed since; and so has the process itself
	change 's/a: "1"/a: "2"/'
	runpod delete secret sec
	for from in "runpod exec $P-a env" "cat /proc/$(ctr_pid "$P-a")/environ"; do
		env=$($from | tr '\0' '\n')
		[ "$(grep -cE '^(a=1|b=mine 1|S_pw=hush|S_user=me|KEY=hush|APP=shop)$' <<<"$env")" -eq 6 ]
		grep -qx "POD=$P" <<<"$env"
		grep -qxE 'UID_=[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}' <<<"$env"
		grep -qxE 'IP=[0-9.]+' <<<"$env"
		grep -qix "NODE=$(uname -n)" <<<"$env"
		not grep -qE '^(MAYBE|raw)=' <<<"$env"
	done
	if grep -q MEM "$T/pod.yaml"; then
		[ "$(in_a sh -c 'echo $CPU $MEM')" = "500 64" ]
	fi
	# the next start sees the change, and that the Secret has gone
	run runpod restart --time 0 "$P-a"
	[ "$status" -ne 0 ]
	[[ $output == *'secret "sec" not found'* ]]
	runpod apply -f "$T/sec.yaml"
	runpod start "$P-a"
	[ "$(in_a sh -c 'echo $b')" = "mine 2" ]
}

@test "what a pod needs and what is not there: nothing is started, and the kubelet's words" {
	container='containers: [{name: a, image: busybox, command: [sleep, "1000"]'
	pod <<<"  $container, env: [{name: X, valueFrom: {configMapKeyRef: {name: cfg, key: k}}}]}]"
	refused 'configmap "cfg" not found'
	runpod apply -f "$T/cfg.yaml"
	refused "couldn't find key k in ConfigMap default/cfg"
	pod <<<"  $container, envFrom: [{secretRef: {name: sec}}]}]"
	refused 'secret "sec" not found'
	pod <<-YAML
	  volumes: [{name: v, configMap: {name: cfg, items: [{key: k, path: k}]}}]
	  $container, volumeMounts: [{name: v, mountPath: /v}]}]
	YAML
	refused 'MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: k'
	pod <<-YAML
	  volumes:
	  - {name: made, hostPath: {path: $T/made, type: DirectoryOrCreate}}
	  - {name: v, hostPath: {path: $T/none, type: Directory}}
	  $container, volumeMounts: [{name: v, mountPath: /v}]}]
	YAML
	refused "hostPath type check failed: $T/none is not a directory"
	[ ! -e "$T/made" ] # what comes before in the list was not made either
}

@test "the step that makes volumes fails, or its supervisor is killed in it: nothing is left, the next try works" {
	objects
	pod <<-'YAML'
	  volumes: [{name: c, configMap: {name: cfg}}, {name: e, emptyDir: {}}]
	  containers: [{name: a, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: c, mountPath: /c}]}]
	YAML
	RUNPOD_FAILPOINT=volumes:error refused "step volumes was made to fail"
	RUNPOD_FAILPOINT=volumes run play
	[ "$status" -ne 0 ]
	runpod pod rm -f -i "$P"
	[ -z "$(find "$T/root/pods" "$T/run/pods" -mindepth 1)" ]
	play
	[ "$(in_a cat /c/a)" = 1 ]
}

@test "files of ConfigMaps and Secrets: the kubelet's layout, modes, items; nobody writes them" {
	objects
	pod <<-'YAML'
	  volumes:
	  - {name: c, configMap: {name: cfg, items: [{key: app.conf, path: etc/app.conf}, {key: raw, path: raw, mode: 0600}]}}
	  - {name: s, secret: {secretName: sec, defaultMode: 0400}}
	  - {name: o, configMap: {name: none, optional: true}}
	  - name: all
	    projected:
	      defaultMode: 0440
	      sources:
	      - configMap: {name: cfg, items: [{key: a, path: a}]}
	      - secret: {name: sec, items: [{key: pw, path: sub/pw}]}
	      - downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}
	  containers:
	  - name: a
	    image: busybox
	    command: [sleep, "1000"]
	    volumeMounts:
	    - {name: c, mountPath: /c}
	    - {name: s, mountPath: /s}
	    - {name: o, mountPath: /o}
	    - {name: all, mountPath: /all}
	YAML
	play
	[ "$(in_a cat /c/etc/app.conf)" = "x = 1" ]
	[ "$(in_a od -An -tx1 /c/raw | tr -d ' ')" = 00ff ]
	[ "$(in_a readlink /c/etc)" = ..data/etc ]
	[ "$(in_a readlink /c/raw)" = ..data/raw ]
	[[ $(in_a readlink /c/..data) =~ ^\.\.20[0-9]{2}(_[0-9]{2}){5}\.[0-9]{9}$ ]]
	[ "$(in_a stat -Lc %a /c/etc/app.conf /c/raw /s/pw /all/a /all/sub/pw | xargs)" = "644 600 400 440 440" ]
	[ "$(in_a ls -A /o)" = "..data"$'\n'"$(in_a readlink /o/..data)" ] || [ "$(in_a ls /o)" = "" ]
	[ "$(in_a cat /all/sub/pw)" = hush ]
	[ "$(in_a cat /all/labels)" = $'app="shop"\ntier="web"' ]
	for dir in c s o all; do
		run in_a sh -c "echo x >/$dir/new"
		[ "$status" -ne 0 ]
		[[ $output == *"Read-only file system"* ]]
	done
	# what is projected goes with the run, and comes with the next
	runpod pod stop --time 0 "$P"
	[ -z "$(find "$T/run/pods" -name pw)" ]
	runpod pod start "$P"
	[ "$(in_a cat /s/pw)" = hush ]
}

@test "a Secret's files are memory where the run directory is" {
	skip_unless_root
	mkdir "$T/run"
	mount -t tmpfs run "$T/run"
	objects
	pod <<-'YAML'
	  volumes: [{name: s, secret: {secretName: sec}}]
	  containers: [{name: a, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: s, mountPath: /s}]}]
	YAML
	play
	[[ $(mount_at "$P-a" /s) == *" - tmpfs "* ]]
	not grep -rqs hush "$T/root/pods"
	not grep -q SecretOnDisk "$T"/run/pods/*/events
	runpod pod rm -f "$P"
	wait_until 5 umount "$T/run" # the supervisor is about to leave
	play # and where it is not, it is said
	grep -q SecretOnDisk "$T"/run/pods/*/events
}

@test "a changed ConfigMap reaches the files of running containers, and only those" {
	objects
	pod <<-'YAML'
	  volumes: [{name: c, configMap: {name: cfg}}]
	  containers:
	  - name: a
	    image: busybox
	    command: [sleep, "1000"]
	    env: [{name: A, valueFrom: {configMapKeyRef: {name: cfg, key: a}}}]
	    volumeMounts: [{name: c, mountPath: /c}, {name: c, mountPath: /one, subPath: a}]
	YAML
	play
	pid=$(ctr_pid "$P-a")
	before=$(in_a readlink /c/..data)
	[ "$(in_a cat /one)" = 1 ]
	[[ $(runpod apply -f "$T/cfg.yaml") == *unchanged* ]]
	[ "$(in_a readlink /c/..data)" = "$before" ]
	change 's/a: "1"/a: "2"/; s/b: "1", /new: "n", /'
	[ "$(in_a cat /c/a /c/new)" = 2n ] # apply is done when the files are there
	[ "$(in_a ls /c | xargs)" = "a app.conf new raw" ]
	[ "$(in_a cat /one)" = 1 ] # a subPath stays, as in Kubernetes
	[ "$(in_a sh -c 'echo $A')" = 1 ]
	[ "$(ctr_pid "$P-a")" = "$pid" ]
	[ "$(in_a ls -A /c | grep -c '^\.\.2')" -eq 1 ] # of the old one nothing is left
	runpod delete configmap cfg
	[ "$(in_a cat /c/a)" = 2 ] # it had them, it keeps them
}

@test "a reader never sees half an update" {
	objects
	pod <<-'YAML'
	  volumes: [{name: c, configMap: {name: cfg}}]
	  containers:
	  - name: a
	    image: busybox
	    command:
	    - sh
	    - -c
	    - |
	      n=0
	      while [ ! -e /c/stop ]; do
	        cd -P /c/..data 2>/dev/null || continue
	        a=$(cat a 2>/dev/null) && b=$(cat b 2>/dev/null) || continue
	        [ "$a" = "$b" ] || { echo "half: $a $b"; exit 1; }
	        n=$((n + 1))
	      done
	      echo "read $n times"
	    volumeMounts: [{name: c, mountPath: /c}]
	YAML
	play
	for i in $(seq 30); do
		change "s/a: \"1\", b: \"1\"/a: \"$i\", b: \"$i\"/" >/dev/null
	done
	change 's/a: "1"/stop: "", a: "1"/' >/dev/null
	[ "$(runpod wait "$P-a")" = 0 ]
	[[ $(runpod logs "$P-a") =~ ^read\ [1-9][0-9]*\ times$ ]]
}

@test "a supervisor that was killed: the next one brings the files up to date" {
	objects
	pod <<-'YAML'
	  volumes: [{name: c, configMap: {name: cfg}}]
	  containers: [{name: a, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: c, mountPath: /c}]}]
	YAML
	play
	supervisor=$(jq .supervisor_pid "$T"/run/pods/*/state.json)
	kill -KILL "$supervisor"
	wait_until 5 gone "$supervisor"
	# as by a command that was killed before it could tell anybody
	jq '.data.a = "2"' "$T/root/objects/configmap/cfg.json" >"$T/new.json"
	mv "$T/new.json" "$T/root/objects/configmap/cfg.json"
	[ "$(in_a cat /c/a)" = 2 ]
	# and who changes it while nobody is there starts the next one
	supervisor=$(jq .supervisor_pid "$T"/run/pods/*/state.json)
	kill -KILL "$supervisor"
	wait_until 5 gone "$supervisor"
	change 's/a: "1"/a: "3"/'
	[ "$(cat "$T"/run/pods/*/volumes/c/a)" = 3 ]
}

@test "emptyDir: shared, kept while the pod is there, gone with it" {
	pod <<-'YAML'
	  volumes: [{name: e, emptyDir: {sizeLimit: 1Gi}}]
	  containers:
	  - {name: a, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: e, mountPath: /e}]}
	  - {name: b, image: busybox, command: [sleep, "1000"], securityContext: {runAsUser: 1}, volumeMounts: [{name: e, mountPath: /e, readOnly: true}]}
	YAML
	play
	[ "$(in_a stat -c %a /e)" = 777 ]
	in_a sh -c 'echo kept >/e/file'
	[ "$(in_b cat /e/file)" = kept ]
	run in_b touch /e/x
	[[ $output == *"Read-only file system"* ]]
	runpod restart --time 0 "$P-a"
	[ "$(in_a cat /e/file)" = kept ]
	runpod pod stop --time 0 "$P"
	runpod pod start "$P"
	[ "$(in_a cat /e/file)" = kept ]
	[ "$(find "$T/root/pods" -path '*/volumes/e/file' | wc -l)" -eq 1 ]
	runpod pod rm -f "$P"
	[ -z "$(find "$T/root/pods" -name file)" ]
}

@test "emptyDir in memory: one tmpfs for all containers, as large as it says" {
	pod <<-'YAML'
	  volumes: [{name: m, emptyDir: {medium: Memory, sizeLimit: 1Mi}}]
	  containers:
	  - {name: a, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: m, mountPath: /m}]}
	  - {name: b, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: m, mountPath: /n, subPath: sub/dir}]}
	YAML
	play
	line=$(mount_at "$P-a" /m)
	[[ $line == *" - tmpfs "* && $line == *size=1024k* ]]
	[ "$(mount_at "$P-a" /m | awk '{ print $3 }')" = "$(mount_at "$P-b" /n | awk '{ print $3 }')" ]
	in_a sh -c 'echo shared >/m/sub/dir/file'
	[ "$(in_b cat /n/file)" = shared ]
	run in_a dd if=/dev/zero of=/m/big bs=64k count=32
	[ "$status" -ne 0 ]
	[[ $output == *"No space left on device"* ]]
	not grep -q "$P" /proc/self/mountinfo # nothing is mounted on the host
	in_a rm /m/big
	runpod restart --time 0 "$P-a"
	[ "$(in_a cat /m/sub/dir/file)" = shared ]
}

@test "hostPath: checked, made, used; read-only below too" {
	mkdir "$T/dir"
	echo there >"$T/file"
	pod <<-YAML
	  volumes:
	  - {name: d, hostPath: {path: $T/dir}}
	  - {name: f, hostPath: {path: $T/file, type: File}}
	  - {name: new, hostPath: {path: $T/new/dir, type: DirectoryOrCreate}}
	  - {name: g, hostPath: {path: $T/new.file, type: FileOrCreate}}
	  - {name: zero, hostPath: {path: /dev/zero, type: CharDevice}}
	  containers:
	  - name: a
	    image: busybox
	    command: [sleep, "1000"]
	    volumeMounts:
	    - {name: d, mountPath: /d}
	    - {name: d, mountPath: /ro, readOnly: true, recursiveReadOnly: IfPossible}
	    - {name: f, mountPath: /f}
	    - {name: new, mountPath: /n}
	    - {name: g, mountPath: /g}
	YAML
	play
	in_a sh -c 'echo in >/d/x; echo in >/n/y; echo in >/g; echo more >>/f'
	[ "$(cat "$T/dir/x" "$T/new/dir/y" "$T/new.file" | xargs)" = "in in in" ]
	[ "$(xargs <"$T/file")" = "there more" ]
	[ "$(stat -c %a "$T/new/dir" "$T/new.file" | xargs)" = "755 644" ]
	run in_a touch /ro/x
	[[ $output == *"Read-only file system"* ]]
	runpod pod rm -f "$P"
	[ -e "$T/new/dir/y" ] # the host's stays the host's
}

@test "a claim is a named volume: made when missing, kept when the pod goes" {
	pod <<-YAML
	  volumes: [{name: v, persistentVolumeClaim: {claimName: $P-data}}]
	  containers: [{name: a, image: busybox, command: [sleep, "1000"], volumeMounts: [{name: v, mountPath: /v}]}]
	YAML
	play
	in_a sh -c 'echo kept >/v/file'
	[ "$(runpod volume ls -q)" = "$P-data" ]
	run runpod volume rm "$P-data"
	[ "$status" -eq 2 ] || [ "$status" -eq 125 ] || [ "$status" -eq 1 ]
	[[ $output == *"is being used"* ]]
	runpod pod rm -f "$P"
	[ "$(runpod run --rm -v "$P-data:/v" busybox cat /v/file)" = kept ]
	runpod volume rm "$P-data"
}

@test "subPath and subPathExpr: made below the volume, and no link leads out of it" {
	mkdir "$T/vol" "$T/secret"
	echo secret >"$T/secret/file"
	ln -s "$T/secret" "$T/vol/out"
	ln -s ../secret "$T/vol/up"
	pod <<-YAML
	  volumes: [{name: d, hostPath: {path: $T/vol}}]
	  containers:
	  - name: a
	    image: busybox
	    command: [sleep, "1000"]
	    env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
	    volumeMounts:
	    - {name: d, mountPath: /one, subPath: a/b}
	    - {name: d, mountPath: /two, subPathExpr: logs/\$(POD)}
	YAML
	play
	in_a sh -c 'echo 1 >/one/x; echo 2 >/two/x'
	[ "$(cat "$T/vol/a/b/x" "$T/vol/logs/$P/x" | xargs)" = "1 2" ]
	runpod pod rm -f "$P"
	for path in out up out/new up/new; do
		sed "s#subPath: a/b#subPath: $path#" "$T/pod.yaml" >"$T/other.yaml"
		run runpod kube play "$T/other.yaml"
		[ "$status" -ne 0 ]
		[[ $output == *"symbolic link"* ]]
		[ -z "$(runpod pod ps -q)" ]
	done
	[ "$(ls "$T/secret")" = file ]
	# a variable that is not there
	sed 's#logs/$(POD)#logs/$(NONE)#' "$T/pod.yaml" >"$T/other.yaml"
	run runpod kube play "$T/other.yaml"
	[ "$status" -ne 0 ]
	[[ $output == *'missing value for "NONE"'* ]]
}

@test "mountPropagation: what the host mounts later shows with HostToContainer alone" {
	skip_unless_root
	mkdir "$T/vol"
	mount -t tmpfs vol "$T/vol"
	mount --make-shared "$T/vol"
	mkdir "$T/vol/late"
	pod <<-YAML
	  volumes: [{name: d, hostPath: {path: $T/vol}}]
	  containers:
	  - name: a
	    image: busybox
	    command: [sleep, "1000"]
	    volumeMounts: [{name: d, mountPath: /slave, mountPropagation: HostToContainer}, {name: d, mountPath: /none}]
	YAML
	play
	mount -t tmpfs late "$T/vol/late"
	echo late >"$T/vol/late/file"
	[ "$(in_a cat /slave/late/file)" = late ]
	run in_a cat /none/late/file
	[ "$status" -ne 0 ]
	[[ $(mount_at "$P-a" /slave) == *" master:"* ]]
	runpod pod rm -f "$P"
	umount "$T/vol/late" "$T/vol"
}

@test "fsGroup: the pod's volumes belong to it" {
	skip_unless_root # an ordinary user's one-id map has no other group
	objects
	pod <<-'YAML'
	  securityContext: {fsGroup: 4242, runAsUser: 1000, runAsGroup: 1000}
	  volumes:
	  - {name: e, emptyDir: {}}
	  - {name: m, emptyDir: {medium: Memory}}
	  - {name: s, secret: {secretName: sec, defaultMode: 0400}}
	  containers:
	  - name: a
	    image: busybox
	    command: [sleep, "1000"]
	    volumeMounts: [{name: e, mountPath: /e}, {name: m, mountPath: /m}, {name: s, mountPath: /s}]
	YAML
	play
	[ "$(in_a stat -c '%g %a' /e /m | xargs)" = "4242 2777 4242 2777" ]
	[ "$(in_a cat /s/pw)" = hush ] # 0400 of root's, but the group may read
	in_a touch /e/x /m/x
	[ "$(in_a stat -c '%u %g' /e/x /m/x | xargs)" = "1000 4242 1000 4242" ]
}

@test "the last words: the termination log, or the end of the output when asked for" {
	pod <<-'YAML'
	  containers:
	  - name: a
	    image: busybox
	    command: [sh, -c, 'echo output; echo "why it ended" >/dev/termination-log; exit 3']
	  - name: b
	    image: busybox
	    command: [sh, -c, 'echo one; echo two >&2; exit 3']
	    terminationMessagePolicy: FallbackToLogsOnError
	    terminationMessagePath: /tmp/words
	  - name: c
	    image: busybox
	    command: [sh, -c, 'yes 0123456 | head -c 5000 >/dev/termination-log; echo -n END >>/dev/termination-log']
	  - name: d
	    image: busybox
	    command: [sh, -c, 'echo output; exit 3']
	  - name: e
	    image: busybox
	    command: [sh, -c, 'echo output']
	    terminationMessagePolicy: FallbackToLogsOnError
	YAML
	play
	message() { jq -r --arg n "$P-$1" '.ctrs[] | select(.name == $n).message' "$T"/run/pods/*/state.json; }
	for name in a b c d e; do
		wait_until 5 ended "$P-$name"
	done
	[ "$(message a)" = "why it ended" ]
	[ "$(message b | sort | xargs)" = "one two" ]
	[ "$(message c | wc -c)" -eq 4097 ] # jq adds a newline to the last 4096 bytes
	[[ $(message c | tail -n 1) == *END ]]
	[ "$(message d)" = null ]
	[ "$(message e)" = null ]
}

@test "runAsNonRoot: a container that would be root is not started" {
	pod <<-'YAML'
	  containers: [{name: a, image: busybox, command: ["true"], securityContext: {runAsNonRoot: true}}]
	YAML
	run play
	[ "$status" -ne 0 ]
	[[ $output == *"container has runAsNonRoot and image will run as root"* ]]
}
