#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2030,SC2031 # bats sets output; each test is a shell of its own
#
# load.bats: images from archives: what is loaded, shared, honoured and refused (S14 in
# docs/SECURITY.md), and what is left when a load is killed or has no room (R10).

load ../lib/common

setup() {
	common_setup
	skip_unless_tool python3
	umask 022
	# two layers: busybox and some files, then changes to those
	mkdir -p "$T/a/bin" "$T/a/etc" "$T/a/opt/full/sub" "$T/a/gone" "$T/a/again" "$T/b/etc" "$T/b/opt/full" "$T/b/again"
	cp "$(command -v busybox)" "$T/a/bin/busybox"
	for applet in sh cat ls env id sleep stat touch readlink; do ln -s busybox "$T/a/bin/$applet"; done
	printf 'root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/sh\n' >"$T/a/etc/passwd"
	echo one >"$T/a/etc/text"
	echo secret >"$T/a/etc/secret"
	touch "$T/a/opt/full/old" "$T/a/opt/full/sub/old" "$T/a/gone/file" "$T/a/again/old"
	echo two >"$T/b/etc/text"
	touch "$T/b/etc/.wh.secret" "$T/b/.wh.gone" "$T/b/opt/full/.wh..wh..opq" "$T/b/opt/full/new" "$T/b/.wh.again" "$T/b/again/new"
}

ociimage() { "$TREE/tests/e2e/ociimage" "$@"; }

# the layout of two layers under $T/oci, called NAME
two_layers() { ociimage -n "$1" -c '{"Cmd": ["cat", "/etc/text"], "Env": ["PATH=/bin"]}' "${@:2}" "$T/oci" "$T/a" "$T/b"; }

layers() { find "$T/root/layers" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l; }

# nothing of any load is in the store, which the next command has seen
empty_store() {
	# (a program that the killed one had just started may hold its lock until its execve)
	wait_until 5 pruned || { find "$T/root" -maxdepth 3; false; }
}

pruned() {
	runpod image prune -af >/dev/null
	[ "$(find "$T/root/images" "$T/root/layers" "$T/root/tmp" -mindepth 1 | wc -l)" -eq 0 ]
}

# refused WHY FILE: not loaded, with that reason, and nothing left.
refused() {
	run runpod load -i "$2"
	echo "$output"
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: load $2: "*"$1"* ]]
	[ "$(find "$T/root/images" "$T/root/layers" "$T/root/tmp" -mindepth 1 | wc -l)" -eq 0 ]
}

@test "load: an oci-archive and a directory; deleted files are gone, changed ones are new" {
	id=$(two_layers quay.io/my/web:1 -z gzip,zstd)
	tar -C "$T/oci" -cf "$T/oci.tar" .
	run --separate-stderr runpod load -i "$T/oci.tar"
	[ "$status" -eq 0 ]
	[ "$output" = "Loaded image: quay.io/my/web:1" ]
	[ -z "$stderr" ]
	[ "$(runpod image inspect -f '{{.Id}}' quay.io/my/web:1)" = "$id" ]
	[ "$(runpod run --rm --network none my/web:1)" = two ]
	run runpod run --rm --network none my/web:1 sh -c 'ls /etc/secret /gone; ls /opt/full /again; ls -d /bin/cat'
	[[ "$output" == *"/etc/secret: No such file"*"/gone: No such file"* ]]
	[ "${output#*such file*such file or directory$'\n'}" = $'/again:\nnew\n\n/opt/full:\nnew\n/bin/cat' ]
	# the same from a directory: the same image
	[ "$(runpod load -q --input "$T/oci")" = "Loaded image: quay.io/my/web:1" ]
	[ "$(runpod images -q web | wc -l)" -eq 1 ]
	[ "$(runpod images -q eb | wc -l)" -eq 0 ]
	[ "$(runpod images -q quay.io/my/web | wc -l)" -eq 1 ]
	[ "$(layers)" -eq 2 ]
}

@test "load: a file of one layer that comes back, a directory that becomes a file and the other way round" {
	mkdir -p "$T/c/etc" "$T/c/opt" "$T/c/again" "$T/d/etc/text"
	echo back >"$T/c/etc/secret"
	echo file >"$T/c/opt/full"
	touch "$T/d/etc/text/inside" "$T/d/.wh.again"
	ociimage -n it -c '{"Env": ["PATH=/bin"]}' "$T/oci" "$T/a" "$T/b" "$T/c" "$T/d" >/dev/null
	runpod load -i "$T/oci"
	run runpod run --rm --network none it sh -c 'cat /etc/secret /opt/full; ls /etc/text; ls -d /again; ls -d /etc/passwd'
	[ "$output" = $'back\nfile\ninside\nls: /again: No such file or directory\n/etc/passwd' ]
}

@test "load: standard input; plain, gzip, bzip2, xz and zstd, outside and inside" {
	for press in none gzip bzip2 xz zstd; do
		rm -rf "$T/oci"
		id=$(two_layers "x:$press" -z "$press")
		tar -C "$T/oci" -c . | if [ $press = none ]; then cat; else $press; fi >"$T/in"
		[ "$(runpod load <"$T/in")" = "Loaded image: localhost/x:$press" ]
		[ "$(runpod image inspect -f '{{.Id}}' "x:$press")" = "$id" ]
	done
	# one content, one place, however it was compressed
	[ "$(layers)" -eq 2 ]
	[ "$(runpod images -q x | sort -u | wc -l)" -eq 1 ]
	[ "$(runpod image inspect -f '{{len .RepoTags}}' x:xz)" -eq 5 ]
}

@test "load: what docker save writes: several images, names of docker.io, none, a layer that is a link" {
	one=$(ociimage -d -n web:1 "$T/docker" "$T/a")
	two=$(ociimage -d -n reg.io/web:2 "$T/docker" "$T/a" "$T/b")
	three=$(ociimage -d -c '{"Labels": {"a": "b"}}' "$T/docker" "$T/a")
	# docker writes a layer that comes twice once, and a link
	layer=$(cd "$T/docker" && ls -d ./*/ | head -n 1)
	mkdir "$T/docker/copy"
	ln -s "../$layer/layer.tar" "$T/docker/copy/layer.tar"
	sed -i "s|\"${layer//.\//}layer.tar\"|\"copy/layer.tar\"|" "$T/docker/manifest.json"
	tar -C "$T/docker" -czf "$T/docker.tar.gz" .
	run runpod load -i "$T/docker.tar.gz"
	[ "$status" -eq 0 ]
	[ "$output" = "Loaded image: docker.io/library/web:1
Loaded image: reg.io/web:2
Loaded image: sha256:$three" ]
	[ "$(runpod image inspect -f '{{.Id}}' docker.io/library/web:1)" = "$one" ]
	[ "$(runpod image inspect -f '{{.Id}}' reg.io/web:2)" = "$two" ]
	[ "$(runpod images --filter dangling=true -q)" = "${three:0:12}" ]
	[ "$(runpod images | grep -c '^<none> *<none>')" -eq 1 ]
	[ "$(runpod run --rm --network none reg.io/web:2 /bin/cat /etc/text)" = two ]
	[ "$(runpod run --rm --network none "$three" /bin/cat /etc/text)" = one ]
}

@test "load: of an index with several platforms ours is taken" {
	ociimage -p -a s390x "$T/oci" "$T/b" >/dev/null
	run runpod load -i "$T/oci"
	[ "$status" -eq 125 ]
	[[ "$output" == *"no image found in image index for architecture "*" OS \"linux\""* ]]
	ours=$(ociimage -p "$T/oci" "$T/a")
	[ "$(runpod load -i "$T/oci")" = "Loaded image: sha256:$ours" ]
	# an index in the index, as registries and buildx have it
	python3 - "$T/oci" <<'P'
import hashlib, json, sys
data = open(sys.argv[1] + "/index.json", "rb").read()
hex = hashlib.sha256(data).hexdigest()
open(sys.argv[1] + "/blobs/sha256/" + hex, "wb").write(data)
top = {"schemaVersion": 2, "manifests": [{"mediaType": "application/vnd.oci.image.index.v1+json", "digest": "sha256:" + hex,
       "size": len(data), "annotations": {"io.containerd.image.name": "docker.io/library/multi:3", "org.opencontainers.image.ref.name": "3"}}]}
json.dump(top, open(sys.argv[1] + "/index.json", "w"))
P
	[ "$(runpod load -i "$T/oci")" = "Loaded image: docker.io/library/multi:3" ]
	[ "$(runpod image inspect -f '{{.Id}}' multi:3)" = "$ours" ]
}

@test "layers are shared: unpacked once, removed with their last image" {
	ociimage -n one "$T/oci" "$T/a" >/dev/null
	ociimage -n two "$T/oci" "$T/a" "$T/b" >/dev/null
	ociimage -n three -c '{"User": "web"}' "$T/oci" "$T/a" "$T/b" "$T/a" >/dev/null
	runpod load -i "$T/oci"
	[ "$(runpod images -q --filter 'reference=localhost/t*' | wc -l)" -eq 2 ]
	[ "$(layers)" -eq 2 ]
	marker=$(find "$T/root/layers" -path '*/root/etc/passwd' -printf '%i')
	[ "$(runpod image inspect -f '{{len .RootFS.Layers}}' three)" -eq 3 ]
	# the layer that comes twice is mounted once, on top
	[ "$(runpod run --rm --network none three /bin/cat /etc/text)" = one ]
	runpod rmi one
	runpod rmi two
	[ "$(layers)" -eq 2 ]
	[ "$(find "$T/root/layers" -path '*/root/etc/passwd' -printf '%i')" = "$marker" ]
	name=$(rnd)
	runpod run -d --network none --name "$name" three /bin/sleep 1000
	run runpod rmi three
	[ "$status" -eq 2 ]
	[[ "$output" == *"image is in use by a container"* ]]
	[ "$(layers)" -eq 2 ]
	runpod rmi -f three
	[ "$(layers)" -eq 0 ]
	run runpod container exists "$name"
	[ "$status" -eq 1 ]
}

@test "loads and removals at the same time: every load ends with a whole image or a clear word" {
	for i in 1 2 3 4; do ociimage -n "r$i" -c "{\"Labels\": {\"n\": \"$i\"}}" "$T/oci$i" "$T/a" "$T/b" >/dev/null; done
	for i in 1 2 3 4; do
		(for _ in 1 2 3 4; do runpod load -qi "$T/oci$i" && runpod rmi "r$i" || exit 1; done) >"$T/out.$i" 2>&1 &
		pids[i]=$!
	done
	for i in 1 2 3 4; do wait "${pids[i]}" || { cat "$T/out.$i"; false; }; done
	empty_store
	runpod load -qi "$T/oci1"
	[ "$(runpod run --rm --network none r1 /bin/cat /etc/text)" = two ]
}

@test "the configuration: Entrypoint, Cmd, Env, User, WorkingDir, StopSignal, Labels" {
	ociimage -n full -c '{"Entrypoint": ["/bin/sh", "-c"], "Cmd": ["env; id -u; readlink /proc/self/cwd"], "Env": ["PATH=/bin", "COLOUR=red", "EMPTY="],
		"User": "web", "WorkingDir": "/opt/full", "StopSignal": "SIGUSR1", "Labels": {"a.b": "c d", "e": ""}}' "$T/oci" "$T/a" >/dev/null
	runpod load -qi "$T/oci"
	run runpod run --rm --network none full
	[ "$status" -eq 0 ]
	[[ $'\n'"$output"$'\n' == *$'\nCOLOUR=red\n'* ]]
	[[ $'\n'"$output"$'\n' == *$'\nEMPTY=\n'* ]]
	[ "${lines[-2]} ${lines[-1]}" = "33 /opt/full" ]
	# a command replaces Cmd, --entrypoint both, -e and -u and -w what they say
	[ "$(runpod run --rm --network none full 'echo mine')" = mine ]
	[ "$(runpod run --rm --network none --entrypoint id full -u)" = 33 ]
	[ "$(runpod run --rm --network none -e COLOUR=blue -u 0 -w / full 'echo $COLOUR; id -u; readlink /proc/self/cwd' | paste -sd' ')" = "blue 0 /" ]
	[ "$(runpod image inspect -f '{{index .Labels "a.b"}}|{{.Config.StopSignal}}|{{.Config.User}}|{{.Config.WorkingDir}}' full)" = "c d|SIGUSR1|web|/opt/full" ]
	[ "$(runpod images -q --filter label=a.b='c d' | wc -l)" -eq 1 ]
	[ "$(runpod images -q --filter label=a.b=other | wc -l)" -eq 0 ]
	name=$(rnd)
	runpod run -d --network none --name "$name" full 'trap "echo usr1; exit 3" USR1; echo ready; while :; do sleep 0.05; done'
	wait_until 10 log_says "$name" ready
	runpod stop "$name"
	[ "$(runpod wait "$name")" = 3 ]
	log_says "$name" usr1
}

@test "the configuration: Volumes become anonymous volumes, filled from all layers, and go with the container" {
	mkdir -p "$T/a/data" "$T/b/data"
	echo low >"$T/a/data/low"
	touch "$T/a/data/deleted" "$T/b/data/.wh.deleted"
	echo high >"$T/b/data/high"
	ociimage -n vol -c '{"Volumes": {"/data": {}, "/../new": {}}, "Cmd": ["/bin/ls", "/data", "/new"]}' "$T/oci" "$T/a" "$T/b" >/dev/null
	runpod load -qi "$T/oci"
	[ "$(runpod run --rm --network none vol)" = $'/data:\nhigh\nlow\n\n/new:' ]
	[ "$(runpod volume ls -q | wc -l)" -eq 0 ]
	name=$(rnd)
	runpod create --name "$name" vol
	[ "$(runpod volume ls -q | wc -l)" -eq 2 ]
	[ "$(runpod inspect -f '{{range .Mounts}}{{.Destination}} {{end}}' "$name")" = "/data /new " ]
	runpod rm -v "$name"
	[ "$(runpod volume ls -q | wc -l)" -eq 0 ]
	# a mount of the user's takes the place of the image's
	mkdir "$T/mine"
	touch "$T/mine/own"
	[ "$(runpod run --rm --network none -v "$T/mine:/data" vol /bin/ls /data)" = own ]
}

@test "the configuration: -P publishes ExposedPorts and --expose on ports that the kernel chooses" {
	ociimage -n exposed -c '{"ExposedPorts": {"80/tcp": {}, "53/udp": {}}, "Cmd": ["/bin/sleep", "1000"]}' "$T/oci" "$T/a" >/dev/null
	runpod load -qi "$T/oci"
	name=$(rnd)
	runpod run -d --network none --name "$name" -P --expose 81 -p 127.0.0.1::80 exposed
	run runpod port "$name"
	echo "$output"
	[ "${#lines[@]}" -eq 3 ]
	[[ "$output" =~ 80/tcp\ -\>\ 127.0.0.1:[1-9] ]]
	[[ "$output" =~ 81/tcp\ -\>\ 0.0.0.0:[1-9] ]]
	[[ "$output" =~ 53/udp\ -\>\ 0.0.0.0:[1-9] ]]
	port=$(runpod port "$name" 81 | sed 's/.*://')
	list_ports | grep -qx "tcp:$port"
	runpod rm -f "$name"
	# without -P they are only told
	name=$(rnd)
	runpod create --name "$name" exposed
	[ -z "$(runpod port "$name")" ]
}

@test "inspect and images: the keys that scripts use" {
	two_layers quay.io/my/web:1 >/dev/null
	runpod load -qi "$T/oci"
	runpod image inspect quay.io/my/web:1 | python3 -c '
import hashlib, json, sys
[i] = json.load(sys.stdin)
digest = "sha256:" + hashlib.sha256(open(sys.argv[1] + "/blobs/sha256/" + i["Digest"][7:], "rb").read()).hexdigest()
assert i["Digest"] == digest and i["RepoDigests"] == ["quay.io/my/web@" + digest], i
assert i["RepoTags"] == ["quay.io/my/web:1"] and i["Created"] == "2024-05-06T07:08:09.5Z", i
assert i["Os"] == "linux" and i["Architecture"] in ("amd64", "arm64") and i["Author"] == "tests", i
assert i["RootFS"]["Type"] == "layers" and len(i["RootFS"]["Layers"]) == 2 and i["Size"] > 100000, i
assert i["ManifestType"] == "application/vnd.oci.image.manifest.v1+json", i
config = json.load(open(sys.argv[1] + "/blobs/sha256/" + i["Id"]))
assert i["RootFS"]["Layers"] == config["rootfs"]["diff_ids"]' "$T/oci"
	digest=$(runpod image inspect -f '{{.Digest}}' quay.io/my/web:1)
	run runpod images --digests quay.io/my/web
	[[ "${lines[0]}" =~ ^REPOSITORY\ +TAG\ +DIGEST\ +IMAGE\ ID\ +CREATED\ +SIZE$ ]]
	[[ "${lines[1]}" =~ ^quay.io/my/web\ +1\ +$digest\ +[0-9a-f]{12}\ +.*ago\ +[0-9.]+\ MB$ ]]
	runpod images --format json | python3 -c '
import json, sys
[i] = [i for i in json.load(sys.stdin) if i["RepoTags"] == ["quay.io/my/web:1"]]
assert not set("Id ParentId RepoDigests Size VirtualSize SharedSize Labels Names Digest Created CreatedAt".split()) - set(i)'
}

@test "images: filters, sort; prune takes what has no name, with -a what nobody uses" {
	ociimage -n one -c '{"Labels": {"k": "1"}}' "$T/1" "$T/b" >/dev/null
	ociimage -n two:5 -c '{"Labels": {"k": "2"}}' "$T/2" "$T/a" >/dev/null
	runpod load -qi "$T/1"
	runpod load -qi "$T/2"
	first=$(runpod image inspect -f '{{.Id}}' one)
	rm -rf "$T/1"
	ociimage -n one -c '{"Labels": {"k": "3"}}' "$T/1" "$T/b" >/dev/null
	runpod load -qi "$T/1" # takes the name
	[ "$(runpod images -q --no-trunc -f dangling=true)" = "sha256:$first" ]
	[ "$(runpod images -q -f dangling=false | wc -l)" -eq 5 ]
	[ "$(runpod images -f label=k --sort size --format '{{.Tag}}' | tail -n 1)" = 5 ]
	[ "$(runpod images -f label=k --sort repository --format '{{.Repository}}' | paste -sd' ')" = "<none> localhost/one localhost/two" ]
	[ "$(runpod images -f label=k --sort tag --format '{{.Tag}}' | tail -n 1)" = latest ]
	[ "$(runpod images -f 'reference=t*' --format '{{.Repository}}')" = localhost/two ]
	[ "$(runpod images -q -f since=two:5 | wc -l)" -eq "$(runpod images -q -f after=two:5 | wc -l)" ]
	[ "$(runpod images -q -f before=two:5 | wc -l)" -eq 0 ]
	[ "$(runpod images -q -f until=2024-05-07T00:00:00Z | wc -l)" -eq 3 ]
	run runpod images --sort nose
	[ "$status" -eq 125 ]
	[[ "$output" == *"is not a valid field for sorting"* ]]
	run runpod images --filter since=nobody
	[ "$status" -eq 125 ]

	run runpod image prune <<<n
	[[ "$output" == "WARNING! This command removes all dangling images."* ]]
	[ "$(runpod images -q -f dangling=true | wc -l)" -eq 1 ]
	[ "$(runpod image prune -f --filter label=k=9)" = "" ]
	[ "$(runpod image prune -f)" = "$first" ]
	name=$(rnd)
	runpod create --name "$name" two:5 /bin/sh
	run runpod image prune -a <<<y
	[[ "$output" == *"all images without at least one container associated with them."*"$(runpod image inspect -f '{{.Id}}' one 2>/dev/null)"* ]]
	runpod image exists two:5
	run runpod image exists one
	[ "$status" -eq 1 ]
	# rmi -a stops at what is in use, -f goes on
	run runpod rmi -a
	[ "$status" -eq 2 ]
	runpod container exists "$name"
	runpod rmi -af
	run runpod container exists "$name"
	[ "$status" -eq 1 ]
	[ "$(layers)" -eq 0 ]
}

@test "S14: wrong digests, cut or exchanged blobs, links, ids that lead elsewhere: refused, nothing outside the store" {
	mkdir "$T/outside"
	echo secret >"$T/outside/secret"
	before=$(cd "$T/outside" && find . -printf '%p %s %T@ %m\n')
	two_layers web >/dev/null
	layer=$(python3 -c 'import json,sys; i=json.load(open(sys.argv[1]+"/index.json"))["manifests"][0]["digest"][7:]
m=json.load(open(sys.argv[1]+"/blobs/sha256/"+i)); print(m["layers"][1]["digest"][7:], m["config"]["digest"][7:], i)' "$T/oci")
	read -r layer config manifest <<<"$layer"
	blobs=$T/x/blobs/sha256
	broken() { rm -rf "$T/x"; cp -r "$T/oci" "$T/x"; }

	broken; truncate -s 100 "$blobs/$layer"
	refused "has 100 bytes where" "$T/x"
	broken; size=$(stat -c %s "$blobs/$layer"); printf 'X' | dd of="$blobs/$layer" bs=1 seek=$((size - 9)) conv=notrunc status=none
	refused "layer 2 of 2" "$T/x"
	broken; size=$(stat -c %s "$blobs/$layer"); printf 'X' | dd of="$blobs/$layer" bs=1 seek=4 conv=notrunc status=none # gzip's time: only the blob's digest sees it
	refused "its digest is sha256:" "$T/x"
	broken; rm "$blobs/$layer"
	refused "No such file or directory" "$T/x"
	broken; printf ' ' >>"$blobs/$config"
	refused "bytes where" "$T/x"
	broken; sed -i 's/tests/stets/' "$blobs/$config"
	refused "has the digest sha256:" "$T/x"
	broken; sed -i 's/linux/xunil/; s/schemaVersion/schemaversion/' "$blobs/$manifest"
	refused "has the digest sha256:" "$T/x"
	broken; mv "$blobs/$layer" "$T/outside/layer"; ln -s "$T/outside/layer" "$blobs/$layer"
	refused "is a symbolic link" "$T/x"
	mv "$T/outside/layer" "$blobs/moved"
	broken; rm "$blobs/$layer"; mkfifo "$blobs/$layer"
	refused "is no file" "$T/x"
	broken; sed -i "s/sha256:$manifest/sha256:..\/..\/..\/outside\/secret/" "$T/x/index.json"
	refused "without a valid sha256 digest" "$T/x"
	broken; sed -i "s/sha256:$manifest/sha512:$manifest/" "$T/x/index.json"
	refused "without a valid sha256 digest" "$T/x"
	broken; sed -i 's/"web"/"..\/..\/x"/' "$T/x/index.json"
	refused "invalid reference format" "$T/x"
	broken; echo '{"manifests": [' >"$T/x/index.json"
	refused "index.json: line" "$T/x"
	broken; rm "$T/x/index.json"
	refused "payload does not match any of the supported image formats" "$T/x"
	broken; tar -C "$T/x" -c . | head -c 5000 >"$T/cut.tar"
	refused "" "$T/cut.tar"
	echo "no archive" >"$T/text"
	refused "Unrecognized archive format" "$T/text"
	refused "No such file or directory" "$T/missing"
	[ "$(cd "$T/outside" && find . -printf '%p %s %T@ %m\n' | grep -v '^\. ')" = "$(grep -v '^\. ' <<<"$before")" ]
}

@test "S14: what docker save never writes is refused" {
	ociimage -d -n web "$T/docker" "$T/a" >/dev/null
	good=$(cat "$T/docker/manifest.json")
	mkdir "$T/outside"
	echo '{}' >"$T/outside/config.json"
	config=$(python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["Config"])' <<<"$good")
	layer=$(python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["Layers"][0])' <<<"$good")
	with() { sed "s|$1|$2|" <<<"$good" >"$T/docker/manifest.json"; }

	with "$config" "../outside/config.json"
	refused "leads out of the image" "$T/docker"
	with "$config" "$T/outside/config.json"
	refused "leads out of the image" "$T/docker"
	with "$layer" "../../../../etc/passwd"
	refused "leads out of the image" "$T/docker"
	with "\"$layer\"" ""
	refused "0 layers, its configuration 1 diff_ids" "$T/docker"
	with "\"$layer\"" "\"$layer\", \"$layer\""
	refused "2 layers, its configuration 1 diff_ids" "$T/docker"
	with "$layer" "$config"
	refused "layer 1 of 1" "$T/docker"
	with '"web"' '"WEB"'
	refused "invalid reference format" "$T/docker"
	with '"web"' '"localhost/busybox"'
	refused "built-in image" "$T/docker"
	with "\"$config\"" 7
	refused "without Config" "$T/docker"
	# another layer than the configuration promises
	with XX XX
	tar -C "$T/b" -cf "$T/docker/$layer" .
	refused "uncompressed, its digest is sha256:" "$T/docker"
	# a configuration that is not called by its digest
	sed -i 's/tests/stets/' "$T/docker/$config"
	refused "has the digest sha256:" "$T/docker"
	# one of wrong types
	for wrong in '{"Env": "A=b"}' '{"Labels": []}' '{"Cmd": [1]}' '{"Volumes": "x"}' '{"User": 0}'; do
		rm -rf "$T/docker"
		ociimage -d -n web -c "$wrong" "$T/docker" "$T/b" >/dev/null
		refused "configuration: " "$T/docker"
	done
}

@test "S14: a layer that would leave its root is refused, whole" {
	python3 - "$T/evil.tar" "$T" <<'P'
import sys, tarfile, io
with tarfile.open(sys.argv[1], "w") as tar:
    link = tarfile.TarInfo("out"); link.type = tarfile.SYMTYPE; link.linkname = sys.argv[2]; tar.addfile(link)
    file = tarfile.TarInfo("out/owned"); file.size = 4; tar.addfile(file, io.BytesIO(b"evil"))
P
	ociimage -n evil "$T/oci" "$T/a" "$T/evil.tar" >/dev/null
	refused "layer 2 of 2" "$T/oci"
	[ ! -e "$T/owned" ]
}

@test "many layers: a hundred work; more than overlayfs takes are refused" {
	layers=()
	for i in $(seq 100); do
		mkdir -p "$T/n/$i/n"
		touch "$T/n/$i/n/$i"
		layers+=("$T/n/$i")
	done
	ociimage -n many -z none "$T/oci" "$T/a" "${layers[@]}" >/dev/null
	runpod load -qi "$T/oci"
	[ "$(runpod run --rm --network none many /bin/ls /n | wc -l)" -eq 100 ]
	rm -rf "$T/oci"
	python3 - "$T/oci" <<'P'
import hashlib, json, os, sys
os.makedirs(sys.argv[1])
name = lambda i: "%d.tar" % i
config = json.dumps({"rootfs": {"diff_ids": ["sha256:%064x" % i for i in range(501)]}})
hex = hashlib.sha256(config.encode()).hexdigest()
open(sys.argv[1] + "/config", "w").write(config)
json.dump([{"Config": "config", "RepoTags": ["x"], "Layers": [name(i) for i in range(501)]}], open(sys.argv[1] + "/manifest.json", "w"))
P
	run runpod load -i "$T/oci"
	[ "$status" -eq 125 ]
	[[ "$output" == *"it has 501 layers: an overlay needs one and takes no more than 500"* ]]
}

@test "R10: a load that is killed leaves nothing, wherever it is; the same load works afterwards" {
	head -c 3000000 /dev/urandom >"$T/a/random"
	two_layers web >/dev/null
	tar -C "$T/oci" -cf "$T/oci.tar" .
	started=${EPOCHREALTIME/./}
	runpod load -qi "$T/oci.tar"
	took=$((${EPOCHREALTIME/./} - started))
	for i in $(seq 20); do
		runpod rmi -a >/dev/null 2>&1
		client load -qi "$T/oci.tar" >/dev/null 2>&1 &
		pid=$!
		python3 -c "import time; time.sleep($took * $i / 20 / 1e6)"
		kill -KILL "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
		if runpod image exists web; then
			[ "$(runpod run --rm --network none web)" = two ]
		fi
		empty_store
	done
	for point in layer-unpacked layer-placed image-placed; do
		RUNPOD_FAILPOINT=$point runpod load -qi "$T/oci.tar" || :
		[ $point = image-placed ] || not runpod image exists web
		empty_store
		run env RUNPOD_FAILPOINT=$point:error "$RUNPOD" --root "$T/root" --runroot "$T/run" load -qi "$T/oci.tar"
		[ "$status" -eq 125 ]
		empty_store
	done
	runpod load -qi "$T/oci.tar"
	[ "$(runpod run --rm --network none web)" = two ]
}

@test "R10: a load without room is refused and leaves nothing; with room it works" {
	skip_unless_root
	two_layers web -z none >/dev/null
	tar -C "$T/oci" -cf "$T/oci.tar" .
	kib=$(($(stat -c %s "$T/oci.tar") / 1024))
	mkdir "$T/root"
	for part in 1 3 5 7 9; do
		mount -t tmpfs -o "size=$((kib * part / 5))k" tmpfs "$T/root"
		run runpod load -i "$T/oci.tar"
		echo "$part: $output"
		[ "$status" -eq 125 ]
		[[ "$output" == *"No space left on device"* ]]
		empty_store
		mount -o remount,size=$((kib * 3))k "$T/root"
		runpod load -i "$T/oci.tar"
		[ "$(runpod run --rm --network none web)" = two ]
		runpod rmi -a
		umount "$T/root"
	done
}

@test "a bar on a terminal, nothing elsewhere" {
	skip_unless_tool tmux
	head -c 30000000 /dev/urandom >"$T/a/random"
	two_layers web -z none >/dev/null
	tar -C "$T/oci" -cf "$T/oci.tar" .
	run --separate-stderr runpod load -i "$T/oci.tar"
	[ -z "$stderr" ]
	runpod rmi -a
	unset TMUX
	tmux -S "$T/tmux" new-session -d -x 100 -y 30 \
		"stty -echo; script -qc '$RUNPOD --root $T/root --runroot $T/run load -i $T/oci.tar' $T/seen; : >$T/done; cat" 3>&-
	wait_until 20 [ -e "$T/done" ]
	tmux -S "$T/tmux" capture-pane -p >"$T/pane"
	tmux -S "$T/tmux" kill-server
	cat "$T/pane"
	grep -aq 'Reading \[=*' "$T/seen"
	grep -aq 'Unpacking \[=\{30\}\]' "$T/seen"
	# the bar is gone when it is over: only the name stays
	[ "$(grep -c . "$T/pane")" -eq 1 ]
	grep -qx 'Loaded image: localhost/web:latest' "$T/pane"
}

@test "load: wrong use" {
	run runpod load -i
	[ "$status" -eq 125 ]
	[[ "$output" == *"flag needs an argument"* ]]
	run runpod load extra
	[ "$status" -eq 125 ]
	run runpod load </dev/null
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: load -: "* ]]
	run script -qec "$RUNPOD --root $T/root --runroot $T/run load" /dev/null
	[[ "$output" == *"cannot read from terminal, use command-line redirection or the --input flag"* ]]
}
