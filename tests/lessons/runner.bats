#!/usr/bin/env bats
# The runner, with learners' programs that are wrong in every way: it says a clear word about each,
# and the next check works. Run: bats tests/lessons/runner.bats
# shellcheck disable=SC2086,SC2116,SC2154 # bats: run, lab and load set what is used here

bats_require_minimum_version 1.5.0

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	base=$(mktemp -d /tmp/runner.XXXXXX) # not in bats' own directory: that is closed to other users
	chmod 755 "$base"
	my=$base/my/00-look/lab.c
	lab_seconds=1 lesson_seconds=120
}

# Processes of a check have its directory in their environment.
left_behind() {
	grep -ls "TMPDIR=$base" /proc/[0-9]*/environ 2>/dev/null || :
}

teardown() {
	[ -z "$(left_behind)" ] || echo "left running: $(left_behind)"
	[ -z "$(left_behind)" ]
	[ -z "$(ls -d "$base"/lesson.* 2>/dev/null)" ]
	rm -rf "$base"
}

# The runner, as it is called from a shell (and not from bats, which exports much).
lesson() {
	env -i PATH="${PATH#*/bats-core:}" TMPDIR="$base" LESSONS_MY="$base/my" LAB_SECONDS=$lab_seconds \
		LESSON_SECONDS=$lesson_seconds "$top/lessons/lesson" "$@"
}

# write PROGRAM: main's body becomes lesson 00's lab.c
write() {
	mkdir -p "${my%/*}"
	printf '%s\n' '#define _GNU_SOURCE' '#include <sched.h>' '#include <signal.h>' '#include <stdio.h>' \
		'#include <stdlib.h>' '#include <sys/mount.h>' '#include <unistd.h>' \
		"int main(void) { $1 return 0; }" >"$my"
}

check() {
	run lesson check 0
}

# The next check works: the right program passes.
next_check_works() {
	mkdir -p "${my%/*}"
	cp "$top/lessons/00-look/solution.c" "$my"
	lab_seconds=10 check
	[ "$status" -eq 0 ]
	[[ $output == *"passed: 00-look"* ]]
}

@test "list: every lesson with its question and my progress" {
	run lesson list
	[ "$status" -eq 0 ]
	[[ $output == *"[ ] 00-look"*"What does a process already belong to?"* ]]
	lesson show 0 >/dev/null
	run lesson list
	[[ $output == *"[.] 00-look"* ]]
	next_check_works
	run lesson list
	[[ $output == *"[x] 00-look"* ]]
}

@test "show: the text, and a place to work in" {
	run --separate-stderr lesson show 3
	[ "$status" -eq 0 ]
	[ "$output" = "$(cat "$top/lessons/03-the-trick/README.md")" ]
	cmp "$base/my/03-the-trick/lab.c" "$top/lessons/03-the-trick/lab.c"
	[ -s "$base/my/03-the-trick/wrong.c" ]
	[ -x "$base/my/bin/nsview" ]
}

@test "a lesson by number, by two digits, by name" {
	for name in 3 03 03-the-trick the-trick; do
		run lesson show "$name"
		[ "$status" -eq 0 ]
	done
	for name in 99 x ""; do
		run lesson show "$name"
		[ "$status" -eq 2 ]
	done
	run lesson dance
	[ "$status" -eq 2 ]
	run lesson check
	[ "$status" -eq 2 ]
}

@test "the stub: not passed, with a hint; and what is there is not overwritten" {
	check
	[ "$status" -eq 1 ]
	[[ $output == *"not yet: 00-look"* ]]
	run lesson hint 0
	[[ $output == "TODO 1"* || $output == *$'\n'"TODO 1"* ]]
	echo '// mine' >>"$my"
	lesson show 0 >/dev/null
	grep -q mine "$my"
}

@test "diff, reset, solution" {
	run lesson diff 0
	[[ $output == *"nothing is changed yet"* ]]
	echo '// mine' >>"$my"
	run lesson diff 0
	[[ $output == *"+// mine"* ]]
	run lesson solution 0
	[ "$status" -eq 1 ]
	[[ $output != *main* ]]
	run lesson solution 0 --give-up
	[ "$output" = "$(cat "$top/lessons/00-look/solution.c")" ]
	lesson reset 0
	cmp "$my" "$top/lessons/00-look/lab.c"
	grep -q mine "$my.old"
	next_check_works
	run lesson solution 0
	[ "$output" = "$(cat "$top/lessons/00-look/solution.c")" ]
}

@test "what I pass is what later lessons use" {
	next_check_works
	printf 'int main(void) { return 42; }\n' >"$my"
	check
	[ "$status" -eq 1 ]
	run "$base/my/bin/nsview" $$
	[ "$status" -eq 0 ]
	[[ $output == *PID*COMMAND*"$$"* ]]
}

@test "a program that does not compile" {
	write 'this is not C'
	check
	[ "$status" -eq 1 ]
	[[ $output == *"does not compile"*lab.c:* ]]
	run lesson hint 0
	[[ $output == *"does not compile"*error* ]]
	next_check_works
}

@test "a program that hangs" {
	write 'for (;;) pause();'
	check
	[ "$status" -eq 1 ]
	[[ $output == *"still running after 1 seconds"* ]]
	next_check_works
}

@test "a program that cannot be asked to end" {
	write 'signal(SIGTERM, SIG_IGN); signal(SIGINT, SIG_IGN); setsid(); for (;;) ;'
	check
	[ "$status" -eq 1 ]
	[[ $output == *"still running"* ]]
	next_check_works
}

@test "a program that forks without end" {
	write 'for (;;) fork();'
	check
	[ "$status" -eq 1 ]
	[[ $output == *"forked without end"* ]]
	next_check_works
}

@test "a program that forks without end, each child in a session of its own" {
	write 'for (;;) if (fork() == 0) setsid();'
	lesson_seconds=20 check
	[ "$status" -eq 1 ]
	[[ $output == *"forked without end"* || $output == *"cut off"* ]]
	next_check_works
}

@test "a program that prints megabytes" {
	write 'for (;;) puts("all work and no play makes Jack a dull boy");'
	check
	[ "$status" -eq 1 ]
	[[ $output == *"wrote more than"* ]]
	[ "${#output}" -lt 30000 ]
	next_check_works
}

@test "a program that crashes" {
	write 'raise(SIGSEGV);'
	check
	[ "$status" -eq 1 ]
	[[ $output == *"crashed (SIGSEGV)"* ]]
	next_check_works
}

@test "a program that leaves mounts and the process that holds them" {
	before=$(cat /proc/self/mountinfo)
	write 'if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) mount("left", "/mnt", "tmpfs", 0, "");
		if (fork() == 0) { setsid(); sleep(600); }'
	check
	[ "$status" -eq 1 ]
	[[ $output == *"left running"* ]]
	[ "$before" = "$(cat /proc/self/mountinfo)" ]
	next_check_works
}

@test "a program that leaves files in /dev/shm and queues" {
	name=lesson-$RANDOM$RANDOM
	write "FILE *file = fopen(\"/dev/shm/$name\", \"w\"); if (file) fputs(\"left\", file);"
	queues=$(cat /proc/sysvipc/msg)
	check
	[ "$status" -eq 1 ]
	[ ! -e "/dev/shm/$name" ]
	[ "$queues" = "$(cat /proc/sysvipc/msg)" ]
	next_check_works
}

@test "a program that kills everybody" {
	write 'kill(-1, SIGKILL);'
	check
	[ "$status" -eq 1 ]
	[[ $output == *"cut off"* ]]
	next_check_works
}

@test "a program that looks for the learner's own files finds them closed to writing" {
	write "FILE *file = fopen(\"$top/lessons/00-look/test.bats\", \"a\"); if (file) fputs(\"exit 0\", file);"
	[ "$(id -u)" -eq 0 ] || skip "host: an ordinary user's program may write to his files"
	sum=$(sha256sum <"$top/lessons/00-look/test.bats")
	check
	[ "$status" -eq 1 ]
	[ "$sum" = "$(sha256sum <"$top/lessons/00-look/test.bats")" ]
}

@test "grade: a class, as text, TAP and JSON, with a status" {
	class=$base/class lab_seconds=10
	mkdir -p "$class/ada/00-look" "$class/bob \"b\"/00-look" "$class/eve/00-look"
	cp "$top/lessons/00-look/solution.c" "$class/ada/00-look/lab.c"
	echo 'int' >"$class/bob \"b\"/00-look/lab.c"
	my=$class/eve/00-look/lab.c write 'raise(SIGSEGV);'
	run lesson grade "$class"
	[ "$status" -eq 1 ]
	[[ $output == *ada*passed* && $output == *bob*no-compile* && $output == *eve*failed* && $output == *"1 of 3 passed"* ]]
	run lesson grade --tap "$class" 0
	[ "$status" -eq 1 ]
	grep -q '^ok 1 - ada 00-look' <<<"$output"
	grep -q '^not ok 2 - bob' <<<"$output"
	grep -q '^1\.\.3$' <<<"$output"
	run --separate-stderr lesson grade --json "$class"
	[ "$status" -eq 1 ]
	[ "$(jq -r '[.[] | select(.passed)] | map(.student) | join(" ")' <<<"$output")" = ada ]
	[ "$(jq length <<<"$output")" -eq 3 ]
	rm -r "$class/bob \"b\"" "$class/eve"
	run lesson grade "$class"
	[ "$status" -eq 0 ]
	run lesson grade "$class" 0 1
	[ "$status" -eq 1 ]
	[[ $output == *"01-pause"*missing* ]]
	run lesson grade "$base/nonsense"
	[ "$status" -eq 2 ]
}

@test "doctor names what it found" {
	run lesson doctor
	[[ $output == *"Linux $(uname -r)"* && $output == *"user namespaces"* && $output == *gcc* ]]
}

@test "doctor names what is missing, and the cure" {
	mkdir "$base/bin"
	for tool in sh dirname uname awk head id cat unshare setpriv true; do
		ln -s "$(command -v $tool)" "$base/bin/$tool"
	done
	PATH=$base/bin run "$top/lessons/doctor"
	[ "$status" -eq 1 ]
	[[ $output == *"MISSING  bats is not installed"*install* ]]
}

@test "doctor names the headers that are missing, and the package that has them" {
	printf '#!/bin/sh\nexit 1\n' >"$base/cc" # a compiler that finds no header at all
	chmod +x "$base/cc"
	CC=$base/cc run "$top/lessons/doctor"
	[ "$status" -eq 1 ]
	[[ $output == *"the headers of libcap (lesson 18) are missing"*install* ]]
	[[ $output == *"the headers of libyaml (lesson 21) are missing"*install* ]]
}
