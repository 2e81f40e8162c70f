#!/usr/bin/env bats
# Two containers from one image; what each does is looked for in the layers.

# shellcheck disable=SC2154 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

setup() {
	need_userns
	need_tool busybox
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir -p image/bin image/etc
	cp "$(command -v busybox)" image/bin/busybox
	ln -s busybox image/bin/sh
	echo base >image/etc/name
	echo old >image/etc/old
	unshare --user --map-root-user --mount sh -c 'mkdir l u w m && mount -t overlay -o lowerdir=l,upperdir=u,workdir=w,userxattr x m' 2>/dev/null ||
		skip "no overlay in a user namespace here (see: lesson doctor)"
}

# Overlay leaves work/work with no permissions at all: nobody could remove it.
teardown() {
	stop_all
	chmod -R u+rwX "$BATS_TEST_TMPDIR"
}

box() {
	name=$1
	shift
	lab run "$name" "${IMAGE:-$PWD/image}" /bin/busybox "$@"
}

@test "the container sees the image" {
	box a cat /etc/name
	[ "$output" = base ] || fail "/etc/name should read: base"
}

@test "what one container writes, neither the other nor the image has" {
	text=$(random_name text)
	box a sh -c "echo $text >/etc/name; echo $text >/new; busybox cat /etc/name /new"
	[ "$output" = "$text"$'\n'"$text" ] || fail "the container should see what it wrote"
	box b sh -c 'busybox cat /etc/name; busybox ls /'
	[[ $output == base* ]] || fail "the other container should see the image's /etc/name"
	[[ $output != *new* ]] || fail "the other container should not see /new"
	[ "$(cat image/etc/name)" = base ] && [ ! -e image/new ] || fail "the image was changed"
	[ "$(cat a/upper/etc/name 2>/dev/null)" = "$text" ] || fail "the change should lie in a/upper/etc/name"
}

@test "a file of the image that is only read is not copied" {
	box a cat /etc/name
	[ ! -e a/upper/etc ] || fail "nothing was written, so a/upper should be empty"
}

@test "a removed file is a whiteout: a character device 0:0" {
	box a rm /etc/old
	[ "$status" -eq 0 ] || fail "rm should succeed"
	[ "$(stat -c '%F %t:%T' a/upper/etc/old 2>/dev/null)" = "character special file 0:0" ] ||
		fail "a/upper/etc/old should be a character device with number 0:0"
	box a ls /etc
	[ "$output" = name ] || fail "ls /etc should show only: name"
	[ -e image/etc/old ] || fail "the image lost the file"
}

@test "the container finds its changes again" {
	box a sh -c 'echo kept >/etc/name'
	box a cat /etc/name
	[ "$output" = kept ] || fail "the second run should see what the first wrote"
}

@test "an image may have several layers, the first on top" {
	mkdir -p top/etc
	echo top >top/etc/name
	IMAGE=$PWD/top:$PWD/image
	box a sh -c 'busybox cat /etc/name /etc/old'
	[ "$output" = top$'\n'old ] || fail "/etc/name is in both layers and should be the upper one's; /etc/old is only in the lower"
}

@test "diff tells changed from removed" {
	box a sh -c 'echo x >/etc/name; busybox rm /etc/old; echo x >/etc/new'
	lab diff a
	[ "$(sort <<<"$output")" = $'C /etc/name\nC /etc/new\nD /etc/old' ] ||
		fail "expected: C /etc/name, C /etc/new, D /etc/old"
}

@test "the mount is the container's, not ours" {
	start_lab run a "$PWD/image" /bin/busybox sleep 60
	wait_for 5 eval 'grep -q "^sleep\|^busybox" "/proc/$lab_pid/comm" 2>/dev/null' || fail "the command does not run"
	wait_for 5 grep -q ' / .* overlay ' "/proc/$lab_pid/mountinfo" || fail "its / should be an overlay"
	! grep -q "$PWD/a/root" /proc/self/mountinfo || fail "the overlay is mounted here, too"
}
