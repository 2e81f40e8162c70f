#!/usr/bin/env bats
# What the kernel says of the process (/proc/PID/status), and what it still may do.

# shellcheck disable=SC2154 # status, output, lines, started and lab_pid are set by lib.bash
load ../lib

setup() {
	need_userns
}

# field NAME: a line of the command's own /proc/self/status.
field() {
	lab cat /proc/self/status
	sed -n "s/^$1:[[:space:]]*//p" <<<"$output"
}

eleven=00000000800405fb

@test "it is uid 0, with eleven capabilities and no way to more" {
	[ "$(field Uid | cut -f 1)" = 0 ] || fail "the command should be uid 0"
	for set in CapPrm CapEff CapBnd; do
		[ "$(field $set)" = $eleven ] || fail "$set should be $eleven, and is $(field $set)"
	done
	for set in CapInh CapAmb; do
		[ "$(field $set)" = 0000000000000000 ] || fail "$set should be 0, and is $(field $set)"
	done
}

@test "no_new_privs is set, and one filter" {
	[ "$(field NoNewPrivs)" = 1 ] || fail "NoNewPrivs should be 1"
	[ "$(field Seccomp)" = 2 ] || fail "Seccomp should be 2 (filter)"
}

# Makes a program that does one thing and prints the errno's number.
probe() {
	{
		printf '#define _GNU_SOURCE\n#include <errno.h>\n#include <sched.h>\n#include <stdio.h>\n'
		printf '#include <sys/mount.h>\n#include <sys/ptrace.h>\n#include <sys/syscall.h>\n#include <sys/socket.h>\n#include <unistd.h>\n'
		printf 'int main(void)\n{\n\tlong result = %s;\n\tprintf("%%d\\n", result < 0 ? errno : 0);\n}\n' "$1"
	} >"$BATS_TEST_TMPDIR/probe.c"
	gcc -w -o "$BATS_TEST_TMPDIR/probe" "$BATS_TEST_TMPDIR/probe.c"
	lab "$BATS_TEST_TMPDIR/probe"
}

@test "refused calls fail with EPERM" {
	while read -r call; do
		probe "$call"
		[ "$output" = 1 ] || fail "$call should fail with EPERM (1)"
	done <<-'END'
		syscall(SYS_unshare, 0)
		syscall(SYS_setns, -1, 0)
		syscall(SYS_mount, 0, 0, 0, 0, 0)
		syscall(SYS_pivot_root, 0, 0)
		syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0)
		syscall(SYS_bpf, 0, 0, 0)
		syscall(SYS_keyctl, 0, -3, 0, 0, 0)
		syscall(SYS_open_by_handle_at, -1, 0, 0)
	END
}

@test "clone3 does not exist (ENOSYS), and the C library helps itself" {
	probe 'syscall(SYS_clone3, 0, 0)'
	[ "$output" = 38 ] || fail "clone3 should fail with ENOSYS (38)"
	lab sh -c 'ls / | head -n 1'
	[ "$status" -eq 0 ] || fail "a shell should be able to make processes"
}

@test "other numbers for the same calls do not get past the filter" {
	[ "$(uname -m)" = x86_64 ] || skip "only x86-64 has a second table of calls"
	probe 'syscall(0x40000000 + SYS_unshare, 0)'
	[ "$output" = 38 ] || fail "unshare by its x32 number should fail with ENOSYS (38)"
	probe '({ long r; __asm__ volatile("int $0x80" : "=a"(r) : "a"(20)); r; })'
	[ "$status" -ne 0 ] || fail "a 32-bit call (int 0x80) should end the process"
}

@test "ordinary calls work" {
	probe 'socket(AF_INET, SOCK_STREAM, 0)'
	[ "$output" = 0 ] || fail "socket should work"
	lab sh -c "echo yes >'$BATS_TEST_TMPDIR/file'; chmod 600 '$BATS_TEST_TMPDIR/file'; cat '$BATS_TEST_TMPDIR/file'"
	[ "$output" = yes ] || fail "a shell should be able to write files"
}

@test "it is not got back by a child" {
	lab sh -c 'unshare --user --map-root-user cat /proc/self/status; sh -c "cat /proc/self/status"'
	[ "$(grep -c "^CapEff:[[:space:]]*$eleven" <<<"$output")" -eq 1 ] || fail "a new user namespace should be refused, and a child have the same eleven"
}
