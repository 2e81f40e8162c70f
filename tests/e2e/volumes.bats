#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; bats sets $stderr
#
# volumes.bats: bind mounts, named and anonymous volumes, tmpfs, and the volume verbs. What a
# mount is like is read in /proc/self/mountinfo of the container (see proc_pid_mountinfo(5)).

load ../lib/common

setup() {
	common_setup
	NAME=$(rnd)
	mkdir "$T/host"
	echo outside >"$T/host/file"
}

# in_ctr OPTION… -- COMMAND…: in a busybox container that goes at once.
in_ctr() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	runpod run --rm "${options[@]}" busybox "$@"
}

# options_of TARGET OPTION…: the options of the mount there, as words between commas.
options_of() {
	local target=$1
	shift
	in_ctr "$@" -- cat /proc/self/mountinfo | awk -v at="$target" '$5 == at { print "," $6 "," }'
}

has() { [[ $1 == *,$2,* ]] || { echo "no $2 in $1"; return 1; }; }
lacks() { [[ $1 != *,$2,* ]] || { echo "$2 in $1"; return 1; }; }

refused() { # TEXT ARG…: run does, and says so
	local text=$1
	shift
	run runpod run --name "$NAME" "$@" busybox true
	[ "$status" -eq 125 ] || { echo "$*: status $status: $output"; return 1; }
	[[ $output == "Error: "*"$text"* ]] || { echo "$*: $output"; return 1; }
	run ! runpod container exists "$NAME"
}

volume_dir() { runpod volume inspect --format '{{.Mountpoint}}' "$1"; }

# ---- bind --------------------------------------------------------------------------------

@test "-v DIR:DIR: the same inode on both sides, writable" {
	[ "$(in_ctr -v "$T/host:/data" -- stat -c %i /data)" = "$(stat -c %i "$T/host")" ]
	in_ctr -v "$T/host:/data" -- sh -c 'cat /data/file; echo inside >/data/new' | grep -qx outside
	[ "$(cat "$T/host/new")" = inside ]
}

@test "a file can be bound, also where there is none in the image; a relative source is of here" {
	[ "$(in_ctr -v "$T/host/file:/some/where/new" -- cat /some/where/new)" = outside ]
	cd "$T"
	[ "$(in_ctr -v ./host:/data -- cat /data/file)" = outside ]
}

@test "ro: every write is EROFS, in mounts below too" {
	run in_ctr -v "$T/host:/data:ro" -- sh -c 'echo x >/data/file; echo x >/data/new; rm /data/file; touch /data/file'
	[ "$status" -ne 0 ]
	[ "$(grep -c 'Read-only file system' <<<"$output")" -eq 4 ]
	[ "$(cat "$T/host/file")" = outside ]
	has "$(options_of /data -v "$T/host:/data:ro")" ro

	skip_unless host "an ordinary user cannot mount here" [ "$(id -u)" = 0 ]
	mkdir "$T/host/below"
	mount -t tmpfs tmpfs "$T/host/below"
	run in_ctr -v "$T/host:/data:ro" -- touch /data/below/x
	umount "$T/host/below"
	[ "$status" -ne 0 ]
	[[ $output == *'Read-only file system'* ]]
}

@test "noexec, nosuid, nodev: in mountinfo, and in what happens" {
	local all
	cp "$(command -v busybox)" "$T/host/busybox"
	all=$(options_of /data -v "$T/host:/data:noexec,nosuid,nodev")
	has "$all" noexec
	has "$all" nosuid
	has "$all" nodev
	has "$all" rw
	run -126 in_ctr -v "$T/host:/data:noexec" -- /data/busybox true
	[[ $output == *'Permission denied'* ]]
	in_ctr -v "$T/host:/data:exec" -- /data/busybox true
	lacks "$(options_of /data -v "$T/host:/data")" noexec
}

@test "z, Z, U, rbind, rprivate and the rest are accepted; what excludes each other is not" {
	local word
	for word in z Z rw ro rbind bind rprivate private rslave exec suid z,ro; do
		[ "$(in_ctr -v "$T/host:/data:$word" -- cat /data/file)" = outside ]
	done
	refused 'can only specify 1' -v "$T/host:/data:ro,rw"
	refused 'invalid option type "bogus"' -v "$T/host:/data:bogus"
}

@test "U: the tree belongs to the container's user" {
	in_ctr -u 1000:1000 -v "$T/host:/data:U" -- sh -c 'echo mine >/data/file'
	[ "$(cat "$T/host/file")" = mine ]
	in_ctr -v "$T/host:/data:U" -- true # back to root, so that it can be removed
}

@test "bind leaves out mounts below, rbind takes them along" {
	skip_unless_root
	mkdir "$T/host/below"
	mount -t tmpfs tmpfs "$T/host/below"
	echo deep >"$T/host/below/file"
	run in_ctr -v "$T/host:/data" -- cat /data/below/file
	[ "$output" = deep ]
	run in_ctr -v "$T/host:/data:bind" -- cat /data/below/file
	[ "$status" -ne 0 ]
	run in_ctr --mount "type=bind,src=$T/host,dst=/data,bind-nonrecursive" -- cat /data/below/file
	[ "$status" -ne 0 ]
	umount "$T/host/below"
}

@test "mounts made on the host later do not come in" {
	skip_unless_root
	mkdir "$T/host/below"
	mount --bind "$T/host" "$T/host"
	mount --make-shared "$T/host"
	runpod run -d --name "$NAME" -v "$T/host:/data" busybox sleep 1000
	mount -t tmpfs tmpfs "$T/host/below"
	touch "$T/host/below/late"
	run runpod exec "$NAME" ls /data/below
	umount "$T/host/below"
	umount "$T/host"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "a source that is not there, a target that is not absolute, a target twice: refused, nothing made" {
	refused "mount $T/missing on /data: No such file or directory" -v "$T/missing:/data"
	refused 'must be an absolute path' -v "$T/host:data"
	refused '/data: duplicate mount destination' -v "$T/host:/data" -v "$NAME:/data"
	refused '/data: duplicate mount destination' -v "$T/host:/data" --tmpfs /data
	refused 'incorrect volume format' -v a:b:c:d
	refused 'container directory cannot be empty' -v "$T/host:"
	refused 'the root itself cannot be mounted on' -v "$T/host:/"
	refused 'names must match' -v 'bad*name:/data'
	[ ! -e "$T/missing" ]
	run ! runpod volume exists "$NAME"
}

@test "a mount over another's place: the inner one is seen inside, order does not matter" {
	mkdir "$T/inner"
	echo deep >"$T/inner/file"
	run in_ctr -v "$T/inner:/data/sub" -v "$T/host:/data" -- cat /data/file /data/sub/file
	[ "$output" = $'outside\ndeep' ]
}

@test "a target that is a symlink in the image stays inside the root" {
	mkdir -p "$T/root2/bin" "$T/root2/etc"
	cp "$(command -v busybox)" "$T/root2/bin/sh"
	ln -s "$T/host" "$T/root2/trap"
	run runpod run --rm --rootfs -v "$T/host/file:/trap/file" "$T/root2" sh -c 'echo ok'
	[ ! -e "$T/host/new" ]
	[ "$(cat "$T/host/file")" = outside ]
	[ "$(find "$T/host" -mindepth 1 | wc -l)" -eq 1 ]
}

# ---- --mount -----------------------------------------------------------------------------

@test "--mount: bind, volume, tmpfs and their keys by every name" {
	local key
	for key in 'src=H,dst=/data' 'source=H,destination=/data' 'source=H,target=/data'; do
		[ "$(in_ctr --mount "type=bind,${key//H/$T/host}" -- cat /data/file)" = outside ]
	done
	for key in ro readonly ro=true readonly=true; do
		has "$(options_of /data --mount "type=bind,src=$T/host,dst=/data,$key")" ro
	done
	has "$(options_of /data --mount "type=bind,src=$T/host,dst=/data,ro=false")" rw

	in_ctr --mount "type=volume,src=$NAME,dst=/data" -- sh -c 'echo kept >/data/x; mkdir /data/sub; echo deep >/data/sub/y'
	[ "$(cat "$(volume_dir "$NAME")/x")" = kept ]
	[ "$(in_ctr --mount "src=$NAME,dst=/data" -- cat /data/x)" = kept ] # volume is the default
	[ "$(in_ctr --mount "type=volume,src=$NAME,dst=/data,volume-subpath=sub" -- cat /data/y)" = deep ]

	[[ $(in_ctr --mount type=tmpfs,dst=/data,tmpfs-size=1m,tmpfs-mode=700 -- sh -c 'df -k /data; stat -c %a /data') == *' 1024 '*700 ]]
}

@test "--mount: what makes no sense is refused" {
	refused 'invalid filesystem type "nfs"' --mount type=nfs,dst=/data
	refused 'must set volume destination' --mount "type=bind,src=$T/host"
	refused 'must provide an argument for option' --mount type=bind,src=,dst=/data
	refused 'option more than once' --mount "type=bind,src=$T/host,dst=/data,dst=/data2"
	refused '"src" option not supported for "tmpfs" mount types' --mount type=tmpfs,src=x,dst=/data
	refused 'invalid option type "bogus"' --mount "type=bind,src=$T/host,dst=/data,bogus"
	refused 'No such file or directory' --mount "type=bind,src=$T/missing,dst=/data"
	refused 'invalid tmpfs size' --mount type=tmpfs,dst=/data,tmpfs-size=lots
}

@test "a subpath cannot lead out of its volume" {
	local path
	runpod volume create "$NAME"
	ln -s "$T/host" "$(volume_dir "$NAME")/link"
	ln -s ../../../../../../../../etc "$(volume_dir "$NAME")/etc"
	for path in ../.. link etc; do
		run runpod run --rm --mount "type=volume,src=$NAME,dst=/data,volume-subpath=$path" busybox ls /data
		[ "$status" -ne 0 ] || { echo "$path: $output"; return 1; }
		[[ $output != *file* && $output != *passwd* ]]
	done
}

# ---- tmpfs -------------------------------------------------------------------------------

@test "--tmpfs: fresh, nosuid, nodev, with size and mode; gone with the container" {
	local all
	all=$(options_of /data --tmpfs /data)
	has "$all" nosuid
	has "$all" nodev
	lacks "$all" noexec
	run in_ctr --tmpfs /data:size=2m,mode=1770,ro=false -- sh -c 'df -k /data | tail -n 1; stat -c %a /data; dd if=/dev/zero of=/data/big bs=1M count=3'
	[[ ${lines[0]} == *' 2048 '* ]]
	[ "${lines[1]}" = 1770 ]
	[[ $output == *'No space left on device'* ]]
	has "$(options_of /data --tmpfs /data:ro,noexec)" ro
	has "$(options_of /data --tmpfs /data:ro,noexec)" noexec
}

@test "a read-only root with tmpfs and volumes: they are writable, the rest is EROFS" {
	run in_ctr --read-only --tmpfs /scratch -v "$NAME:/data" -- \
		sh -c 'touch /scratch/x /data/x && echo both; touch /x'
	[ "$status" -ne 0 ]
	[ "${lines[0]}" = both ]
	[[ ${lines[1]} == *'Read-only file system'* ]]
}

# ---- named volumes -----------------------------------------------------------------------

@test "a named volume is made at its first use, keeps what is in it, and is shared" {
	in_ctr -v "$NAME:/data" -- sh -c 'echo one >/data/x'
	runpod volume exists "$NAME"
	[ "$(cat "$(volume_dir "$NAME")/x")" = one ]
	runpod run -d --name "$NAME-a" -v "$NAME:/data" busybox sleep 1000
	in_ctr -v "$NAME:/data" -- sh -c 'echo two >/data/x'
	[ "$(runpod exec "$NAME-a" cat /data/x)" = two ]
	run in_ctr -v "$NAME:/data:ro" -- touch /data/y
	[[ $output == *'Read-only file system'* ]]
}

@test "copy-up: an empty volume starts with the image's files there, with their modes; once, and not with nocopy" {
	in_ctr -v "$NAME:/etc" -- true
	grep -q '^root:' "$(volume_dir "$NAME")/passwd"
	[ "$(in_ctr -- stat -c %a /etc/passwd)" = "$(stat -c %a "$(volume_dir "$NAME")/passwd")" ]
	in_ctr -v "$NAME:/etc" -- rm /etc/passwd
	in_ctr -v "$NAME:/etc" -- true
	[ ! -e "$(volume_dir "$NAME")/passwd" ] # not filled again

	in_ctr -v "$NAME-2:/etc:nocopy" -- true
	[ ! -e "$(volume_dir "$NAME-2")/passwd" ]
}

@test "anonymous volumes: made for the container, gone with it" {
	runpod run -d --name "$NAME" -v /data busybox sleep 1000
	[ "$(runpod volume ls -q | wc -l)" -eq 1 ]
	[[ $(runpod volume ls -q) =~ ^[0-9a-f]{64}$ ]]
	runpod exec "$NAME" touch /data/x
	[ -e "$(volume_dir "$(runpod volume ls -q)")/x" ]
	runpod rm -f -t 0 -v "$NAME"
	[ -z "$(runpod volume ls -q)" ]

	in_ctr -v /data -- touch /data/x # --rm
	[ -z "$(runpod volume ls -q)" ]

	runpod run --name "$NAME" -v "$NAME:/data" busybox true
	runpod rm -v "$NAME"
	runpod volume exists "$NAME" # a named one stays
}

@test "the volumes of a pod reach every container of it, before and after" {
	runpod pod create --name "$NAME" -v "$T/host:/data" -v "$NAME:/shared" -v "$T/host/file:/ro/file:ro"
	runpod run -d --pod "$NAME" --name "$NAME-a" busybox sleep 1000
	[ "$(runpod exec "$NAME-a" cat /data/file /ro/file)" = $'outside\noutside' ]
	runpod exec "$NAME-a" sh -c 'echo hello >/shared/note'
	[ "$(runpod run --rm --pod "$NAME" busybox cat /shared/note)" = hello ]
	run runpod exec "$NAME-a" sh -c 'echo x >/ro/file'
	[[ $output == *'Read-only file system'* ]]
	run runpod volume rm "$NAME"
	[ "$status" -eq 2 ]
	[[ $output == *"volume $NAME is being used by the following container(s)"* ]]
	# a container's own mount there wins
	mkdir "$T/other"
	echo own >"$T/other/file"
	[ "$(runpod run --rm --pod "$NAME" -v "$T/other:/data" busybox cat /data/file)" = own ]
}

# ---- the verbs ---------------------------------------------------------------------------

@test "volume create: the name, a made-up one, labels; a second one of the name is refused" {
	[ "$(runpod volume create --label a=b -l c=d "$NAME")" = "$NAME" ]
	[ "$(runpod volume inspect --format '{{.Name}} {{.Driver}} {{.Labels}} {{.Scope}}' "$NAME")" = "$NAME local map[a:b c:d] local" ]
	[[ $(runpod volume create) =~ ^[0-9a-f]{64}$ ]]
	run runpod volume create "$NAME"
	[ "$status" -eq 125 ]
	[[ $output == *"volume with name $NAME already exists"* ]]
	[ "$(runpod volume create --ignore "$NAME")" = "$NAME" ]
	run runpod volume create ../x
	[ "$status" -eq 125 ]
	run runpod volume create --driver nfs
	[ "$status" -eq 125 ]
	run runpod volume create a b
	[ "$status" -eq 125 ]
	[[ $output == *'accepts at most 1 arg(s), received 2'* ]]
	[ -d "$(volume_dir "$NAME")" ]
}

@test "volume ls: headers, --quiet, --filter, --format; list is the same" {
	runpod volume create --label tier=db "$NAME-a"
	runpod volume create "$NAME-b"
	run runpod volume ls
	[[ ${lines[0]} =~ ^DRIVER\ +VOLUME\ NAME$ ]]
	[[ ${lines[1]} =~ ^local\ +$NAME-a$ ]]
	[ "$(runpod volume ls -q)" = "$NAME-a"$'\n'"$NAME-b" ]
	[ "$(runpod volume list -q -f name="$NAME-b")" = "$NAME-b" ]
	[ "$(runpod volume ls -q -f label=tier=db)" = "$NAME-a" ]
	[ "$(runpod volume ls -n | wc -l)" -eq 2 ]
	runpod create --name "$NAME" -v "$NAME-a:/data" busybox true
	[ "$(runpod volume ls -q -f dangling=true)" = "$NAME-b" ]
	[ "$(runpod volume ls -q -f dangling=false)" = "$NAME-a" ]
	[ "$(runpod volume ls --format '{{.Name}}|{{.Driver}}' -f name="$NAME-a")" = "$NAME-a|local" ]
	[ "$(runpod volume ls --format json | jq -r '.[0].Name')" = "$NAME-a" ]
	run runpod volume ls -f bogus=1
	[ "$status" -eq 125 ]
}

@test "volume inspect, exists, and what is not there" {
	runpod volume create "$NAME"
	[ "$(runpod volume inspect "$NAME" | jq -r '.[0] | [.Name, .Driver, .Anonymous] | join(" ")')" = "$NAME local false" ]
	[ "$(runpod volume inspect --all | jq length)" -eq 1 ]
	[ "$(runpod inspect --type volume --format '{{.Name}}' "$NAME")" = "$NAME" ]
	runpod volume exists "$NAME"
	run runpod volume exists nothing
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	run runpod volume inspect nothing
	[ "$status" -eq 125 ]
	[ "${lines[0]}" = '[]' ]
	[[ $output == *'no such volume'* ]]
	run runpod volume rm nothing
	[ "$status" -eq 1 ]
	[[ $output == *'no volume with name "nothing" found: no such volume' ]]
	runpod volume rm -f nothing
}

@test "volume rm: refused while a container has it (2), by whom; also while that one is stopped" {
	local id
	id=$(runpod create --name "$NAME" -v "$NAME:/data" busybox true)
	run runpod volume rm "$NAME"
	[ "$status" -eq 2 ]
	[[ $output == *"volume $NAME is being used by the following container(s): $id"* ]]
	runpod volume exists "$NAME"
	runpod rm "$NAME"
	[ "$(runpod volume rm "$NAME")" = "$NAME" ]
	[ ! -e "$T/root/volumes/$NAME" ]
	runpod volume create "$NAME-a"
	runpod volume create "$NAME-b"
	runpod volume rm --all
	[ -z "$(runpod volume ls -q)" ]
}

@test "volume prune: those that nobody uses" {
	runpod create --name "$NAME" -v "$NAME:/data" busybox true
	runpod volume create "$NAME-a"
	run runpod volume prune -f
	[ "$status" -eq 0 ]
	[ "$output" = "$NAME-a" ]
	[ "$(runpod volume ls -q)" = "$NAME" ]
	run runpod volume prune <<<n
	[ "$(runpod volume ls -q)" = "$NAME" ]
}

@test "inspect names the mounts" {
	runpod create --name "$NAME" -v "$T/host:/data:ro" -v "$NAME:/vol" --tmpfs /scratch busybox true
	run runpod inspect "$NAME"
	[ "$(jq -r '.[0].Mounts[] | select(.Destination == "/data") | "\(.Type) \(.Source) \(.RW)"' <<<"$output")" = "bind $T/host false" ]
	[ "$(jq -r '.[0].Mounts[] | select(.Destination == "/vol") | "\(.Type) \(.Name) \(.RW)"' <<<"$output")" = "volume $NAME true" ]
}

# ---- what shows of the host --------------------------------------------------------------

@test "mountinfo of a container names no path of the host but what the user bound" {
	local lines
	run runpod run --rm --name "$NAME" busybox cat /proc/self/mountinfo
	[ "$status" -eq 0 ]
	[[ $output != *"$T"* ]]
	# root of the mount within its file system: / but for what is bound from devtmpfs, proc and our own tmpfs
	lines=$(awk '$4 != "/" && $4 !~ "^/(null|zero|full|random|urandom|tty|bus|fs|irq|sys|sysrq-trigger|asound|etc/(hosts|hostname|resolv[.]conf))$"' <<<"$output")
	[ -z "$lines" ]

	runpod pod create --name "$NAME"
	run runpod run --rm --pod "$NAME" busybox cat /proc/self/mountinfo
	[[ $output != *"$T"* ]]
	run runpod run --rm --pod "$NAME" host cat /proc/self/mountinfo
	[ "$status" -eq 0 ]
	[[ $output != *"$T/run"* && $output != *" $T"* ]]
}

@test "the standard mounts: what they are, and their options" {
	run runpod run --rm busybox cat /proc/self/mountinfo
	mounted() { # TARGET TYPE OPTION…
		local line all option target=$1 type=$2
		shift 2
		line=$(awk -v at="$target" '$5 == at' <<<"$output")
		[[ $line == *" - $type "* ]] || { echo "$target: $line"; return 1; }
		all=$(awk '{ print "," $6 "," }' <<<"$line")
		for option; do
			has "$all" "$option" || return 1
		done
	}
	mounted / overlay rw
	mounted /proc proc nosuid nodev noexec
	mounted /dev tmpfs nosuid noexec
	mounted /dev/pts devpts nosuid noexec
	mounted /dev/shm tmpfs nosuid nodev noexec
	mounted /dev/mqueue mqueue nosuid nodev noexec
	mounted /sys sysfs ro nosuid nodev noexec
	mounted /sys/fs/cgroup cgroup2 ro nosuid nodev noexec
	run runpod run --rm busybox sh -c 'ls /dev | xargs; for name in fd stdin stdout stderr; do readlink /dev/$name; done'
	[ "${lines[0]}" = 'fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero' ]
	[ "${lines[*]:1}" = '/proc/self/fd /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2' ]
}
