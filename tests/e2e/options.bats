#!/usr/bin/env bats
# options.bats: options of run, exec and pod create that are more than a value in a record: descriptors,
# devices, mounts of others, requirements; and those that are left out, which say so.

load ../lib/common

quick() { runpod run --rm --network none "$@"; }

# The same without closing descriptor 3, which bats itself waits for.
bare() { timeout -k 5 60 "$RUNPOD" --root "$T/root" --runroot "$T/run" "$@"; }

@test "--preserve-fds: run, run -d and exec hand descriptors on, and nobody keeps them" {
	echo hello >"$T/in"
	bare run --rm --network none --preserve-fds 2 busybox sh -c 'cat <&4; echo out >&3' 3>"$T/out" 4<"$T/in" >"$T/stdout"
	[ "$(cat "$T/stdout" "$T/out")" = $'hello\nout' ]
	# with an init in front, whose own descriptor must make way
	[ "$(bare run --rm --network none --init --preserve-fds 1 busybox sh -c 'cat <&3' 3<"$T/in")" = hello ]
	name=$(rnd)
	bare run -d --network none --preserve-fds 1 --name "$name" busybox sh -c 'cat <&3; sleep 1000' 3<"$T/in"
	wait_until 5 log_says "$name" hello
	supervisor=$(runpod inspect --format '{{.State.ConmonPid}}' "$name")
	not grep -qx "$T/in" < <(readlink /proc/"$supervisor"/fd/*)
	[ "$(bare exec --preserve-fds 1 "$name" sh -c 'cat <&3' 3<"$T/in")" = hello ]
	# no other is handed on
	run bare run --rm --network none busybox sh -c 'cat <&3' 3<"$T/in"
	[ "$status" -ne 0 ]
	run bare run --rm --network none --preserve-fds 2 busybox true 3<"$T/in" 4<&-
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: file descriptor 4 is not available"* ]]
	run quick --preserve-fds 99 busybox true
	[ "$status" -eq 125 ]
}

@test "exec -d prints the session's id, and inspect lists those that run" {
	name=$(rnd)
	runpod run -d --network none --name "$name" busybox sleep 1000
	id=$(runpod exec -d "$name" sh -c 'until [ -e /end ]; do sleep 0.05; done')
	[[ "$id" =~ ^[0-9a-f]{64}$ ]]
	[ "$(runpod inspect --format '{{.ExecIDs}}' "$name")" = "[$id]" ]
	runpod exec "$name" touch /end
	none() { [ "$(runpod inspect --format '{{len .ExecIDs}}' "$name")" = 0 ]; }
	wait_until 5 none
}

@test "output that nobody reads ends the command as every program of a pipeline; the container goes on" {
	name=$(rnd)
	runpod run --network none --name "$name" busybox yes | head -n 1 >"$T/out" || :
	[ "$(cat "$T/out")" = y ]
	[ "$(runpod inspect --format '{{.State.Status}}' "$name")" = running ]
	run bash -c "'$RUNPOD' --root '$T/root' --runroot '$T/run' attach $name | head -n 1; echo \${PIPESTATUS[0]}"
	[ "${lines[1]}" = 141 ]
}

@test "--read-only leaves places to write in, unless told otherwise" {
	quick --read-only busybox sh -c 'touch /tmp/a /run/b /var/tmp/c /dev/shm/d && ! touch /x'
	run quick --read-only --read-only-tmpfs=false busybox touch /tmp/a
	[ "$status" -eq 1 ]
	[[ "$output" == *"Read-only file system"* ]]
	# what was asked for there comes first
	quick --read-only -v "$T:/tmp" busybox touch /tmp/mine
	[ -f "$T/mine" ]
	[ "$(quick --read-only busybox stat -c %a /run)" = 755 ]
}

@test "--device: the node itself, under the same or another name below /dev" {
	skip_unless_root
	[ "$(quick --device /dev/zero:/dev/some/name busybox stat -c '%t:%T' /dev/some/name)" = 1:5 ]
	[ "$(quick --device /dev/zero:/dev/some/name:rwm busybox head -c 4 /dev/some/name | od -An -tx1 | tr -d ' \n')" = 00000000 ]
	mknod "$T/node" c 1 7
	chmod 640 "$T/node"
	[ "$(quick --device "$T/node:/dev/mine" busybox stat -c '%t:%T %a' /dev/mine)" = "1:7 640" ]
	# a pod's device is in all of its containers
	pod=$(rnd)
	runpod pod create --name "$pod" --network none --device /dev/zero:/dev/ours
	[ "$(runpod run --rm --pod "$pod" busybox stat -c '%t:%T' /dev/ours)" = 1:5 ]
	refused() { # TEXT ARG…
		local text=$1
		shift
		run quick "$@" busybox true
		[ "$status" -ne 0 ]
		[[ "$output" == *"$text"* ]]
	}
	refused "open device /dev/nothing: No such file or directory" --device /dev/nothing
	refused "invalid device specification: x" --device x
	refused 'access cannot be limited to "r"' --device /dev/zero:r
	refused "devices are put below /dev" --device /dev/zero:/etc/zero
	refused "is no device" --device /dev/shm:/dev/x
}

@test "--device for an ordinary user: the host's own node, bound in" {
	[ "$(quick --device /dev/zero:/dev/mine busybox stat -c '%t:%T' /dev/mine)" = 1:5 ]
}

@test "--privileged: the host's devices, but not its terminals" {
	skip_unless_root
	run quick --privileged busybox ls /dev
	mapfile -t host < <(find /dev -mindepth 1 -maxdepth 1 '(' -type c -o -type b ')' ! -name console ! -name ptmx ! -name '.*' -printf '%f\n')
	[ "${#host[@]}" -gt 5 ]
	for name in "${host[@]}"; do
		grep -qx "$name" <<<"$output"
	done
	run quick busybox sh -c 'ls /dev | grep -c .'
	[ "$output" -lt 20 ]
}

@test "security options of a pod hold for its containers" {
	pod=$(rnd)
	runpod pod create --name "$pod" --network none --security-opt no-new-privileges=false --security-opt mask=/etc/passwd
	[ "$(runpod run --rm --pod "$pod" busybox awk '/NoNewPrivs/ { print $2 }' /proc/self/status)" = 0 ]
	[ -z "$(runpod run --rm --pod "$pod" busybox cat /etc/passwd)" ]
	[ "$(quick busybox awk '/NoNewPrivs/ { print $2 }' /proc/self/status)" = 1 ]
}

@test "--volumes-from: the mounts of another container, which keep what is in them" {
	name=$(rnd)
	mkdir "$T/data"
	runpod run -d --network none --name "$name" -v /anonymous -v "$T/data:/data" --tmpfs /scratch busybox sleep 1000
	runpod exec "$name" sh -c 'echo one >/anonymous/file; echo two >/data/file'
	[ "$(quick --volumes-from "$name" busybox cat /anonymous/file /data/file | paste -sd' ')" = "one two" ]
	run quick --volumes-from "$name:ro" busybox touch /anonymous/x
	[ "$status" -eq 1 ]
	not quick --volumes-from "$name" busybox ls /scratch
	# --rm removes anonymous volumes, but not one that somebody else has too
	[ "$(runpod exec "$name" cat /anonymous/file)" = one ]
	[ "$(quick -v "$T:/data" --volumes-from "$name" busybox ls /data | grep -cx data)" = 1 ]
	run quick --volumes-from nobody busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *'no container with name or ID "nobody" found: no such container' ]]
	pod=$(rnd)
	runpod pod create --name "$pod" --network none --volumes-from "$name"
	[ "$(runpod run --rm --pod "$pod" busybox cat /data/file)" = two ]
}

@test "--requires: what is needed starts first, and cannot be removed alone" {
	one=$(rnd) two=$(rnd) three=$(rnd)
	runpod create --network none --name "$one" busybox sleep 1000
	runpod create --network none --name "$two" --requires "$one" busybox sleep 1000
	runpod run -d --network none --name "$three" --requires "$two" busybox sleep 1000
	[ "$(runpod ps --format '{{.Names}}' --sort created | paste -sd' ')" = "$one $two $three" ]
	[ "$(runpod inspect --format '{{.Dependencies}}' "$three")" = "[$(runpod inspect --format '{{.Id}}' "$two")]" ]
	run runpod rm -f "$one"
	[ "$status" -eq 125 ]
	[[ "$output" == *"has dependent containers which must be removed before it"* ]]
	[ "$(runpod inspect --format '{{.State.Status}}' "$one")" = running ]
	runpod stop -t 0 -a
	runpod start "$two"
	[ "$(runpod ps --format '{{.Names}}' --sort created | paste -sd' ')" = "$one $two" ]
	runpod rm -f --depend "$one"
	[ -z "$(runpod ps -aq)" ]
	run runpod create --requires nobody busybox true
	[ "$status" -eq 125 ]
	# in a pod only among its containers
	runpod create --network none --name "$one" busybox true
	runpod pod create --name "$three" --network none
	run runpod create --pod "$three" --requires "$one" busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *"is not in pod"* ]]
}

@test "--env-host: the caller's environment, under what is set besides" {
	[ "$(MINE=1 OTHER=2 quick --env-host -e OTHER=3 busybox sh -c 'echo $MINE $OTHER')" = "1 3" ]
	[ -z "$(MINE=1 quick busybox sh -c 'echo $MINE')" ]
}

@test "options that are left out say what to do instead, and are in no help" {
	run runpod run --ip 10.88.0.9 busybox true
	[ "$status" -eq 125 ]
	[ "$output" = "Error: --ip is left out on purpose: addresses are leased from the bridge's network; inspect shows which one" ]
	run runpod pod create --infra-image=other
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: --infra-image is left out on purpose: "* ]]
	run runpod ps --watch 1
	[ "$status" -eq 125 ]
	not grep -q -- "--ip " < <(runpod run --help)
	[ -z "$(runpod ps -aq)" ]
	[ -z "$(runpod pod ps -q)" ]
}

@test "pasta is an ordinary user's: root is told so before anything is made" {
	skip_unless_root
	run runpod run --network pasta busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: pasta networking is only supported for rootless mode"* ]]
	run runpod pod create --network pasta
	[ "$status" -eq 125 ]
	[ -z "$(ls "$T/root/pods" 2>/dev/null)" ]
}

@test "a bridge without nft: the pod starts, and the user is told what is missing" {
	skip_unless_root
	[ -n "${RUNPOD_TEST_ISOLATED-}" ] # the mount below is in the test's own mount namespace
	nft=$(readlink -f "$(command -v nft)") || skip "host: no nft to take away"
	mount --bind /dev/null "$nft"
	run --separate-stderr runpod run --rm busybox echo here
	umount "$nft"
	[ "$status" -eq 0 ]
	[ "$output" = here ]
	# shellcheck disable=SC2154 # bats sets it
	[[ "$stderr" == *"pods have no way out: "*nft* ]]
}

@test "/etc/hosts of a container alone: address, short id, name" {
	skip_unless_root
	name=$(rnd)
	line=$(runpod run --rm --name "$name" busybox grep -w "$name" /etc/hosts)
	[[ "$line" =~ ^10\.88\.[0-9]+\.[0-9]+[[:blank:]][0-9a-f]{12}\ $name$ ]]
	line=$(runpod run --rm --name "$name" --hostname web busybox grep -w "$name" /etc/hosts)
	[[ "$line" =~ ^10\.88\.[0-9]+\.[0-9]+[[:blank:]]web\ $name$ ]]
}

@test "inspect: what of the host a container was given" {
	name=$(rnd)
	runpod create --name "$name" --read-only -v vol:/v:ro -v "$T:/t" --tmpfs /scratch:size=1m --device /dev/null --sysctl net.ipv4.ip_forward=1 busybox true
	show() { runpod inspect --format "{{$1}}" "$name"; }
	[ "$(show .HostConfig.Tmpfs)" = "map[/run:rw,nosuid,nodev,mode=755 /scratch:rw,nosuid,nodev,size=1048576 /tmp:rw,nosuid,nodev /var/tmp:rw,nosuid,nodev]" ]
	[ "$(show .HostConfig.Binds)" = "[vol:/v:ro $T:/t:rw]" ]
	[ "$(show .HostConfig.Devices)" = "[/dev/null]" ]
	[ "$(show .HostConfig.Sysctls)" = "map[net.ipv4.ip_forward:1]" ]
	[ "$(show .GraphDriver.Name)" = overlay ]
	[[ "$(show .GraphDriver.Data.UpperDir)" == "$(show .StaticDir)/upper" ]]
}
