#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets output
#
# pull.bats: images from a registry of our own on loopback (Debian's docker-registry), and the
# pull policies of run and create.

load ../lib/common

setup() {
	common_setup
	skip_unless_tool python3
	skip_unless_tool skopeo
	skip_unless_tool docker-registry
	umask 022
	mkdir -p "$T/a/bin" "$T/a/etc"
	cp "$(command -v busybox)" "$T/a/bin/busybox"
	for applet in sh cat ls; do ln -s busybox "$T/a/bin/$applet"; done
	start_registry
}

teardown() {
	stop_registry
	common_teardown
}

start_registry() {
	PORT=${PORT:-$(free_port)}
	HERE=localhost:$PORT
	printf 'version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: %s/registry}, maintenance: {uploadpurging: {enabled: false}}}\nhttp: {addr: "127.0.0.1:%s"}\n' \
		"$T" "$PORT" >"$T/registry.yml"
	docker-registry serve "$T/registry.yml" >"$T/registry.log" 2>&1 3>&- &
	REGISTRY=$!
	wait_until 20 curl -sfo /dev/null "http://127.0.0.1:$PORT/v2/"
}

stop_registry() {
	[ -n "${REGISTRY-}" ] || return 0
	kill -KILL "$REGISTRY" 2>/dev/null
	wait "$REGISTRY" 2>/dev/null || :
	REGISTRY=
}

# publish NAME TEXT [DIRECTORY...]: an image that prints the text, under $HERE/NAME; sets $id
publish() {
	echo "$2" >"$T/a/etc/text"
	rm -rf "$T/oci"
	id=$("$TREE/tests/e2e/ociimage" -n it -c '{"Cmd": ["/bin/cat", "/etc/text"], "Env": ["PATH=/bin"]}' "$T/oci" "$T/a" "${@:3}")
	skopeo --insecure-policy copy -q --dest-tls-verify=false "oci:$T/oci:it" "docker://$HERE/$1"
}

@test "pull: the image's id on standard output, nothing on standard error; digest and name are the registry's" {
	publish my/web:1 hello
	run --separate-stderr runpod pull "$HERE/my/web:1"
	echo "$stderr"
	[ "$status" -eq 0 ]
	[ "$output" = "$id" ]
	[ -z "$stderr" ]
	digest=$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$HERE/my/web:1")
	[ "$(runpod image inspect -f '{{.Digest}} {{.RepoDigests}}' "$HERE/my/web:1")" = "$digest [$HERE/my/web@$digest]" ]
	[ "$(runpod run --rm --network none "$HERE/my/web:1")" = hello ]
	# what is here is found by its short name too
	[ "$(runpod run --rm --network none my/web:1)" = hello ]
	# several, one of them from 127.0.0.1, which is as good
	publish other two
	run runpod image pull -q "$HERE/my/web:1" "127.0.0.1:$PORT/other"
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "$id" ]
	[ "$(runpod images --format '{{.Repository}}' | grep -c "$PORT")" -eq 2 ]
}

@test "pull: of an image for several platforms ours comes" {
	mkdir "$T/b"
	"$TREE/tests/e2e/ociimage" -p -a s390x "$T/oci" "$T/b" >/dev/null
	id=$("$TREE/tests/e2e/ociimage" -p "$T/oci" "$T/a")
	python3 - "$T/oci" <<'P'
import hashlib, json, sys
data = open(sys.argv[1] + "/index.json", "rb").read().replace(b'{"schemaVersion": 2', b'{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json"')
hex = hashlib.sha256(data).hexdigest()
open(sys.argv[1] + "/blobs/sha256/" + hex, "wb").write(data)
json.dump({"schemaVersion": 2, "manifests": [{"mediaType": "application/vnd.oci.image.index.v1+json", "digest": "sha256:" + hex,
	   "size": len(data), "annotations": {"org.opencontainers.image.ref.name": "all"}}]}, open(sys.argv[1] + "/index.json", "w"))
P
	skopeo --insecure-policy copy -q --all --dest-tls-verify=false "oci:$T/oci:all" "docker://$HERE/multi"
	[ "$(runpod pull "$HERE/multi")" = "$id" ]
}

@test "run and create: --pull=missing, never, always, newer" {
	publish web one
	# missing is the default
	[ "$(runpod run --rm --network none "$HERE/web")" = one ]
	publish web two
	[ "$(runpod run --rm --network none "$HERE/web")" = one ]
	[ "$(runpod run --rm --network none --pull=never "$HERE/web")" = one ]
	[ "$(runpod run --rm --network none --pull=always "$HERE/web")" = two ]
	publish web three
	[ "$(runpod run --rm --network none --pull newer "$HERE/web")" = three ]
	publish web four
	# by its short name, what is here tells from where
	[ "$(runpod run --rm --network none --pull always web)" = four ]
	[ "$(runpod pull --policy missing "$HERE/web")" = "$id" ]
	# the older ones have lost their name, and nothing else
	[ "$(runpod images -q -f dangling=true | wc -l)" -eq 3 ]

	run runpod run --rm --pull=never "$HERE/absent"
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: $HERE/absent: image not known"* ]]
	run runpod create --pull=sometimes "$HERE/web"
	[ "$status" -eq 125 ]
	[[ "$output" == *'unsupported pull policy "sometimes"'* ]]
	stop_registry
	[ "$(runpod run --rm --network none --pull newer "$HERE/web")" = four ]
	run runpod run --rm --network none --pull always "$HERE/web"
	[ "$status" -eq 125 ]
	[[ "$output" == *"connection refused"* ]]
	name=$(rnd)
	run runpod create --name "$name" "$HERE/absent"
	[ "$status" -eq 125 ]
	run runpod container exists "$name"
	[ "$status" -eq 1 ]
	# a built-in image is nobody's
	runpod run --rm --network none --pull always busybox true
}

@test "pull: what cannot be pulled, and why" {
	run --separate-stderr runpod pull "$HERE/nothing:7"
	[ "$status" -eq 125 ]
	[ -z "$output" ]
	[[ "$stderr" == "Error: pull $HERE/nothing:7: "*"manifest unknown"* ]]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	run runpod pull nothing
	[ "$status" -eq 125 ]
	[[ "$output" == *'short-name "nothing" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"'* ]]
	run runpod pull localhost/nothing
	[ "$status" -eq 125 ]
	[[ "$output" == *"localhost/nothing: image not known"* ]]
	run runpod pull "$HERE/NOTHING"
	[ "$status" -eq 125 ]
	[[ "$output" == *"repository name must be lowercase"* ]]
	run runpod pull --policy sometimes x
	[ "$status" -eq 125 ]
	[[ "$output" == *'unsupported pull policy "sometimes"'* ]]
	run runpod pull
	[ "$status" -eq 125 ]
	# this registry speaks no TLS
	publish web one
	run runpod pull --tls-verify=true "$HERE/web"
	[ "$status" -eq 125 ]
	[[ "$output" == *"HTTP"* ]]
	run runpod run --rm --tls-verify "$HERE/web"
	[ "$status" -eq 125 ]
	[ "$(runpod pull --tls-verify=false "$HERE/web")" = "$id" ]
	[ "$(find "$T/root/tmp" -mindepth 1 | wc -l)" -eq 0 ]
}

@test "pull: without skopeo a word on what to install" {
	skip_unless_root # to hide it
	publish web one
	runpod pull -q "$HERE/web"
	touch "$T/none"
	mount --bind "$T/none" "$(command -v skopeo)"
	run runpod pull "$HERE/other"
	umount "$(command -v skopeo)"
	[ "$status" -eq 125 ]
	[[ "$output" == *"find the program skopeo"*"apt-get install skopeo"* ]]
}

@test "a pull that is killed takes skopeo with it and leaves nothing" {
	publish web one
	stop_registry
	# whoever answers now never says anything
	python3 -c '
import socket, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
held = [s.accept()]
print("called", flush=True)
while True: held.append(s.accept())' "$PORT" >"$T/called" 2>/dev/null 3>&- &
	REGISTRY=$!
	wait_until 10 sh -c "grep -q ' 0100007F:$(printf %04X "$PORT") .* 0A ' /proc/net/tcp"
	client pull "$HERE/web" >/dev/null 2>&1 &
	pid=$!
	wait_until 10 grep -q called "$T/called"
	skopeo=$(pgrep -P "$pid")
	kill -KILL "$pid"
	wait "$pid" || :
	wait_until 5 gone "$skopeo"
	runpod image prune -f
	[ "$(find "$T/root/images" "$T/root/layers" "$T/root/tmp" -mindepth 1 | wc -l)" -eq 0 ]
	stop_registry
	start_registry
	[ "$(runpod pull "$HERE/web")" = "$id" ]
}

@test "a blob that the registry exchanged is refused" {
	publish web one
	layer=$(find "$T/registry" -name data -size +100k)
	printf X | dd of="$layer" bs=1 seek=5000 conv=notrunc status=none
	run runpod pull "$HERE/web"
	echo "$output"
	[ "$status" -eq 125 ]
	not runpod image exists "$HERE/web"
	[ "$(find "$T/root/images" "$T/root/layers" "$T/root/tmp" -mindepth 1 | wc -l)" -eq 0 ]
}

@test "on a terminal a pull shows how far it is" {
	publish web one
	# script(1) makes a terminal without a width
	script -qec "stty cols 100; $RUNPOD --root $T/root --runroot $T/run pull $HERE/web" /dev/null >"$T/seen"
	cat -v "$T/seen"
	grep -q "Trying to pull $HERE/web:latest..." "$T/seen"
	grep -q "Copying blob" "$T/seen"
	grep -q "Unpacking \[" "$T/seen"
	[[ "$(tail -n 1 "$T/seen")" == *"$id"* ]]
	runpod rmi "$HERE/web"
	script -qec "$RUNPOD --root $T/root --runroot $T/run run --rm -q --network none $HERE/web" /dev/null >"$T/seen"
	[ "$(tr -d '\r' <"$T/seen")" = one ]
}
