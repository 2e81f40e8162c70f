#!/usr/bin/env bats
# A root directory with nothing but busybox in it.

# shellcheck disable=SC2154 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

setup() {
	need_userns
	need_tool busybox
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/bin" "$root/proc"
	cp "$(command -v busybox)" "$root/bin/busybox"
	for name in sh ls cat sleep stat readlink mount; do
		ln -s busybox "$root/bin/$name"
	done
	mark=$(random_name mark)
	: >"$root/$mark"
}

start_inside() {
	start_lab "$root" /bin/sleep 60
	wait_for 5 eval 'inside=$(children $lab_pid); grep -qx sleep "/proc/${inside:-0}/comm" 2>/dev/null' || {
		output=$(cat "$lab_output")
		fail "the command does not run"
	}
}

@test "the directory is / for the command" {
	lab "$root" /bin/ls /
	[ "$(tr '\n' ' ' <<<"$output")" = "bin $mark proc " ] || fail "ls / should show: bin $mark proc"
}

@test "it is a mount of its own, the only one but proc" {
	start_inside
	mounts=$(awk '{ print $5 }' "/proc/$inside/mountinfo" | tr '\n' ' ')
	[ "$mounts" = "/ /proc " ] || fail "the mounts of the command should be / and /proc, and they are: $mounts"
	other_ns mnt $$ "$inside" || fail "the command should be in a mount namespace of its own"
}

@test "there is no way back" {
	# who is outside a changed root, or holds something outside, could climb: cd .., and look
	lab "$root" /bin/sh -c 'cd ../../../../..; ls .'
	[[ $output == *"$mark"* ]] || fail "cd .. from / should stay in /"
	cat >"$BATS_TEST_TMPDIR/escape.c" <<-'END'
		#include <sys/stat.h>
		#include <unistd.h>
		#include <stdlib.h>
		int main(int argc, char **argv)
		{
			mkdir("/hole", 0755);
			if (chroot("/hole") < 0)
				return 2;
			for (int i = 0; i < 64; i++)
				if (chdir("..") < 0)
					return 3;
			return access(argv[1] + 1, F_OK) == 0;
		}
	END
	gcc -static -o "$root/escape" "$BATS_TEST_TMPDIR/escape.c"
	lab "$root" /escape "$root"
	[ "$status" -eq 0 ] || fail "a program inside got out, by a second chroot (status $status)"
}

@test "proc shows the processes of the new namespace" {
	lab "$root" /bin/sh -c 'echo "I am $$"; for p in /proc/[0-9]*; do echo "$p"; done'
	[[ $output == *"I am 1"* ]] || fail "the command should be process 1"
	[ "$(grep -c '^/proc/' <<<"$output")" -eq 1 ] || fail "there is one process in the namespace, so /proc should show one"
}

@test "proc is mounted so that nothing can be run from it" {
	start_inside
	options=$(awk '$5 == "/proc" { print $6 }' "/proc/$inside/mountinfo")
	for word in nosuid nodev noexec; do
		[[ ,$options, == *,$word,* ]] || fail "proc should be mounted $word, and its options are $options"
	done
}

@test "nothing of it is seen outside" {
	start_inside
	! grep -q "$root" /proc/self/mountinfo || fail "the mount of $root is in our table, too"
}

@test "it ends as the command ended, and says what failed" {
	lab "$root" /bin/sh -c 'exit 5'
	[ "$status" -eq 5 ] || fail "the command ended with 5, and newroot with $status"
	lab "$root/not-there" /bin/true
	[ "$status" -ne 0 ] && [[ $output == *ENOENT* ]] || fail "there is no such directory: it should end with ENOENT"
}
