#!/usr/bin/env bats
# image.bats: images: the built-in ones, importing, names, removing.

load ../lib/common

# tarball DIRECTORY: a small root file system in $T/root.tar and $T/root.tar.gz.
tarball() {
	mkdir -p "$T/r/bin" "$T/r/etc" "$T/r/dir with space"
	cp "$(command -v busybox)" "$T/r/bin/busybox"
	ln -s busybox "$T/r/bin/sh"
	ln "$T/r/bin/busybox" "$T/r/bin/hard"
	echo "mark $RANDOM" >"$T/r/etc/mark"
	chmod 640 "$T/r/etc/mark"
	touch -d @1000000000 "$T/r/etc/mark"
	tar -C "$T/r" -cf "$T/root.tar" .
	gzip -k "$T/root.tar"
}

repositories() { runpod images --format '{{.Repository}}:{{.Tag}}' | sort | paste -sd' '; }

@test "images: columns, the built-in ones, -q, --no-trunc, --format, --filter" {
	run runpod images
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" =~ ^REPOSITORY\ +TAG\ +IMAGE\ ID\ +CREATED\ +SIZE$ ]]
	[ "$(repositories)" = "localhost/busybox:latest localhost/host:latest localhost/pause:latest" ]
	[ "$(runpod images -q | grep -cxE '[0-9a-f]{12}')" -eq 3 ]
	[ "$(runpod images -q --no-trunc | grep -cxE 'sha256:[0-9a-f]{64}')" -eq 3 ]
	[ "$(runpod images -n | wc -l)" -eq 3 ]
	[ "$(runpod image ls -q | wc -l)" -eq 3 ]
	[ "$(runpod images --filter reference=busybox --format '{{.Repository}}')" = localhost/busybox ]
	[ "$(runpod images busybox --format '{{.Tag}}')" = latest ]
	runpod images --format json | python3 -c '
import json, sys
assert {n for i in json.load(sys.stdin) for n in i["Names"]} == {"localhost/%s:latest" % n for n in ("busybox", "host", "pause")}'
	run runpod images --format '{{.Nope}}'
	[ "$status" -eq 125 ]
	[[ "$output" == *"can't evaluate field Nope"* ]]
	run runpod images --filter nosuch=1
	[ "$status" -eq 125 ]
}

@test "import: a tar, a compressed one, standard input; the files come out as they went in" {
	tarball
	run runpod import "$T/root.tar" mine
	[ "$status" -eq 0 ]
	[[ "${lines[-1]}" =~ ^sha256:[0-9a-f]{64}$ ]]
	id=${lines[-1]#sha256:}
	[ "$(runpod image inspect -f '{{.Id}}' mine)" = "$id" ]
	runpod import "$T/root.tar.gz" mine:zipped
	runpod import - piped:1 <"$T/root.tar"
	for image in mine mine:zipped localhost/mine:latest piped:1 "${id:0:12}" "sha256:$id"; do
		run runpod run --rm --network none "$image" /bin/sh -c 'busybox cat /etc/mark; busybox stat -c "%a %Y %u" /etc/mark; busybox readlink /bin/sh
			busybox stat -c %i /bin/busybox /bin/hard | busybox uniq | busybox wc -l; busybox ls -d "/dir with space"'
		[ "$status" -eq 0 ]
		[ "$output" = "$(cat "$T/r/etc/mark")"$'\n640 1000000000 0\nbusybox\n1\n/dir with space' ]
	done
	[ "$(runpod images mine -q | sort -u | wc -l)" -ge 1 ]
	# what a container writes stays its own
	runpod run --rm --network none mine /bin/sh -c 'echo changed >/etc/mark'
	[ "$(runpod run --rm --network none mine /bin/busybox cat /etc/mark)" = "$(cat "$T/r/etc/mark")" ]
}

@test "import: what is none is refused, and leaves no image" {
	before=$(repositories)
	echo "no archive at all" >"$T/text"
	run runpod import "$T/text" x
	[ "$status" -eq 125 ]
	[[ "$output" == *"$T/text"* ]]
	run runpod import "$T/missing" x
	[ "$status" -eq 125 ]
	[[ "$output" == *"$T/missing"*"o such file or directory"* ]]
	tarball
	run runpod import "$T/root.tar" 'BAD NAME'
	[ "$status" -eq 125 ]
	[[ "$output" == *"invalid reference format"* ]]
	head -c 5000 "$T/root.tar.gz" >"$T/cut.tar.gz"
	run runpod import "$T/cut.tar.gz" x
	[ "$status" -eq 125 ]
	run runpod import
	[ "$status" -eq 125 ]
	[ "$(repositories)" = "$before" ]
	run runpod image exists x
	[ "$status" -eq 1 ]
	[ -z "$(find "$T/root/tmp" -mindepth 1 2>/dev/null)" ]
}

@test "import: an archive that would leave its root cannot" {
	mkdir -p "$T/r"
	ln -s "$T" "$T/r/out"
	tar -C "$T/r" -cf "$T/evil.tar" out
	rm "$T/r/out"
	mkdir "$T/r/out"
	echo evil >"$T/r/out/owned"
	tar -C "$T/r" -rf "$T/evil.tar" out/owned
	tar -C "$T/r/out" -rf "$T/evil.tar" --transform 's|^|../../../../../../../..'"$T"'/dots-|' -P owned
	run runpod import "$T/evil.tar" evil
	echo "$output"
	[ ! -e "$T/owned" ]
	[ ! -e "$T/dots-owned" ]
}

@test "tag and untag: more names for one image, and fewer" {
	tarball
	runpod import "$T/root.tar" mine
	run runpod tag mine other/name:2 third
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(runpod images -q | sort | uniq -c | sort -rn | awk '{ print $1; exit }')" -ge 1 ]
	[ "$(runpod image inspect -f '{{.Id}}' other/name:2)" = "$(runpod image inspect -f '{{.Id}}' mine)" ]
	[ "$(runpod image inspect -f '{{len .RepoTags}}' mine)" = 3 ]
	runpod untag mine other/name:2
	run runpod image exists other/name:2
	[ "$status" -eq 1 ]
	runpod image exists third
	run runpod tag nosuch x
	[ "$status" -eq 125 ]
	[[ "$output" == *"nosuch: image not known"* ]]
	run runpod untag mine not-its-name
	[ "$status" -eq 125 ]
	# a tag that another image had moves to this one
	runpod tag busybox third
	[ "$(runpod image inspect -f '{{.Id}}' third)" = "$(runpod image inspect -f '{{.Id}}' busybox)" ]
	runpod untag busybox third
}

@test "rmi: a name goes, with the last one the image; what is in use stays; -f takes its containers too" {
	tarball
	runpod import "$T/root.tar" mine
	id=$(runpod image inspect -f '{{.Id}}' mine)
	runpod tag mine second
	run runpod rmi second
	[ "$status" -eq 0 ]
	[ "$output" = "Untagged: localhost/second:latest" ]
	name=$(rnd)
	runpod create --name "$name" mine sh
	run runpod rmi mine
	[ "$status" -eq 2 ]
	[[ "$output" == *"image is in use by a container"* ]]
	runpod image exists mine
	runpod rm "$name"
	run runpod image rm mine
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "Untagged: localhost/mine:latest" ]
	[ "${lines[1]}" = "Deleted: $id" ]
	[ ! -e "$T/root/images/$id" ]

	runpod import "$T/root.tar" mine
	runpod run -d --network none --name "$name" mine /bin/busybox sleep 1000
	pid=$(ctr_pid "$name")
	runpod rmi -f mine
	wait_until 5 gone "$pid"
	run runpod container exists "$name"
	[ "$status" -eq 1 ]

	run runpod rmi nosuch
	[ "$status" -eq 1 ]
	[ "$output" = "Error: nosuch: image not known" ]
	run runpod rmi --ignore nosuch
	[ "$status" -eq 0 ]
	run runpod rmi
	[ "$status" -eq 125 ]
	[ "$output" = "Error: image name or ID must be specified" ]
}

@test "image inspect: podman's keys; [] for what is not there" {
	run runpod image inspect busybox
	[ "$status" -eq 0 ]
	python3 -c '
import json, sys
[i] = json.load(sys.stdin)
assert not set("Id RepoTags Created Config Size RootFS".split()) - set(i), i.keys()
assert i["RepoTags"] == ["localhost/busybox:latest"] and i["Config"]["Cmd"] == ["sh"]' <<<"$output"
	run --separate-stderr runpod image inspect nosuch
	[ "$status" -eq 125 ]
	[ "$output" = "[]" ]
	# shellcheck disable=SC2154 # bats sets it
	[ "$stderr" = "Error: nosuch: image not known" ]
}

@test "an image may be removed by its id when it has one name, and a built-in one comes back" {
	tarball
	runpod import "$T/root.tar" mine
	id=$(runpod image inspect -f '{{.Id}}' mine)
	runpod rmi "${id:0:12}"
	run runpod image exists mine
	[ "$status" -eq 1 ]
	runpod run --rm --network none busybox true
	runpod rmi busybox
	[ "$(runpod run --rm --network none busybox echo back)" = back ]
}

@test "two imports of one name at once: one image has it, none is torn" {
	tarball
	for i in 1 2 3 4; do
		runpod import "$T/root.tar" mine >"$T/out.$i" 2>&1 &
		pids[i]=$!
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	[ "$(runpod images mine | wc -l)" -eq 2 ]
	[ "$(runpod run --rm --network none mine /bin/busybox cat /etc/mark)" = "$(cat "$T/r/etc/mark")" ]
}

@test "import --change sets what containers get; another change is another image; a wrong one leaves none" {
	local root=$T/rootfs
	mkdir -p "$root/bin" "$root/srv"
	cp "$(command -v busybox)" "$root/bin/busybox"
	ln -s busybox "$root/bin/sh"
	ln -s busybox "$root/bin/env"
	ln -s busybox "$root/bin/pwd"
	tar -C "$root" -cf "$T/r.tar" .
	one=$(runpod import -q --change 'CMD ["/bin/sh", "-c", "pwd; echo $COLOUR"]' -c 'ENV COLOUR=blue' -c 'WORKDIR /srv' \
		-c LABEL=tier=back -c 'EXPOSE 80' -c STOPSIGNAL=INT -c 'ENTRYPOINT []' "$T/r.tar" one)
	[ "$(runpod run --rm --network none one)" = $'/srv\nblue' ]
	[ "$(runpod inspect --type image --format '{{index .Config.Labels "tier"}} {{.Config.StopSignal}}' one)" = 'back SIGINT' ] ||
		[ "$(runpod inspect --type image --format '{{index .Config.Labels "tier"}} {{.Config.StopSignal}}' one)" = 'back INT' ]
	two=$(runpod import -q -c 'CMD env' "$T/r.tar" two)
	[ "$one" != "$two" ]
	[ "$(runpod inspect --type image --format '{{json .Config.Cmd}}' two)" = '["/bin/sh","-c","env"]' ]
	for wrong in 'RUN true' 'CMD ["unfinished' 'EXPOSE 70000' 'ENV alone' 'WORKDIR srv' STOPSIGNAL=NONE CMD; do
		run runpod import -q --change "$wrong" "$T/r.tar" three
		[ "$status" -eq 125 ]
		[[ $output == *"change ${wrong%% *}"* ]]
	done
	not runpod image exists three
}
