#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test runs in a subshell of its own: that is wanted
#
# pause.bats: the two programs without a C library, pause and init (lessons 01 and 10).
# Run after `make -f pause/pause.mk`; BUILD says where the programs are.
#
# Every wait polls with a deadline. Teardown fails the test if a process of it is left.

bats_require_minimum_version 1.5.0

setup() {
	BUILD=$(realpath "${BUILD:-build}")
	PAUSE=$BUILD/pause
	INIT=$BUILD/init
	STARTED=()
	TMP=$(mktemp -d)
	export PAUSE_TEST=$TMP
	# A new PID namespace needs privilege, or a user namespace around it.
	NEWUSER=()
	ENTER=(nsenter)
	if [ "$(id -u)" != 0 ]; then
		NEWUSER=(--map-root-user)
		ENTER+=(--user --preserve-credentials)
	fi
}

teardown() {
	local pid left=0

	for pid in "${STARTED[@]}" $(descendants); do
		if running "$pid"; then
			echo "left behind: $pid $(tr '\0' ' ' <"/proc/$pid/cmdline")"
			kill -KILL "$pid"
			left=1
		fi
	done
	rm -rf "$TMP"
	return $left
}

# What the programs started in their turn is known by the mark in its environment.
descendants() {
	env -u PAUSE_TEST grep -lsF "PAUSE_TEST=$TMP" /proc/[0-9]*/environ | cut -d/ -f3
}

# until_true COMMAND…: polls for ten seconds.
until_true() {
	local deadline=$((SECONDS + 10))

	until "$@"; do
		if [ $SECONDS -ge $deadline ]; then
			echo "not within 10 s: $*"
			return 1
		fi
		sleep 0.02
	done
}

# Whether the process exists and is not a zombie.
running() {
	[ -n "$1" ] && [ -r "/proc/$1/stat" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}
gone() { ! running "$1"; }

# Whether a process sleeps in rt_sigtimedwait: the kernel shows the call's number (see proc(5)).
waits() {
	local number

	[ "$(uname -m)" = x86_64 ] && number=128 || number=137
	[ "$(cut -d' ' -f1 "/proc/$1/syscall" 2>/dev/null)" = $number ]
}

children_of() { cat "/proc/$1/task/$1/children"; }
has_children() { [ "$(children_of "$1" | wc -w)" = "$2" ]; }
has_lines() { [ "$(grep -c . "$1" 2>/dev/null)" = "$2" ]; }

# start COMMAND…: in the background; sets PID.
start() {
	"$@" <&0 3>&- & # without <&0 the shell would give it /dev/null
	PID=$!
	STARTED+=("$PID")
}

# Waits, bounded, for the process and puts its exit code in CODE.
exit_of() {
	CODE=0
	until_true gone "$1"
	wait "$1" || CODE=$?
}

start_pause() {
	start "$PAUSE"
	until_true waits "$PID"
}

# start_pid1: pause as PID 1 of a PID namespace. PID is unshare's, ONE is pause's as seen from here.
start_pid1() {
	start unshare "${NEWUSER[@]}" --pid --fork --mount-proc --kill-child=KILL "$PAUSE"
	until_true has_children "$PID" 1
	ONE=$(children_of "$PID" | tr -d ' ')
	STARTED+=("$ONE")
	until_true waits "$ONE"
}

inside() { "${ENTER[@]}" --target "$ONE" --pid --mount "$@"; }

@test "pause and init are under 1024 bytes" {
	for program in "$PAUSE" "$INIT"; do
		run stat -c %s "$program"
		echo "$program: $output bytes"
		[ "$output" -lt 1024 ]
		[ "$output" -gt 176 ] # more than its headers
	done
}

@test "one segment, read and execute; no stack that can be executed" {
	for program in "$PAUSE" "$INIT"; do
		run env LC_ALL=C readelf -lW "$program"
		[ "$status" = 0 ]
		[ "$(grep -c ' LOAD ' <<<"$output")" = 1 ]
		grep -Eq ' LOAD .* R E ' <<<"$output"
		grep -Eq ' GNU_STACK .* RW ' <<<"$output"
	done
}

@test "pause has at most 8 KiB resident, whatever environment it was given, and keeps its name" {
	for size in 0 700 1900 3000 3900 60000; do
		start env -i FILL="$(head -c $size /dev/zero | tr '\0' x)" "$PAUSE"
		until_true waits "$PID"
		rss=$(awk '/^Rss:/ { print $2 }' "/proc/$PID/smaps_rollup")
		echo "environment of $size bytes: $rss KiB"
		[ "$rss" -ge 4 ]
		[ "$rss" -le 8 ]
		[ "$(tr -d '\0' <"/proc/$PID/cmdline")" = "$PAUSE" ]
		kill "$PID"
		exit_of "$PID"
	done
}

@test "pause calls itself pause, whatever its file is called" {
	cp "$PAUSE" "$TMP/5"
	start "$TMP/5"
	until_true waits "$PID"
	[ "$(cat "/proc/$PID/comm")" = pause ]
	kill "$PID"
	exit_of "$PID"
}

@test "pause exits 0 on SIGTERM and on SIGINT" {
	for signal in TERM INT; do
		start_pause
		kill -$signal "$PID"
		exit_of "$PID"
		[ $CODE = 0 ]
	done
}

@test "pause ignores every other signal" {
	start_pause
	for signal in HUP QUIT USR1 USR2 PIPE ALRM CHLD CONT TSTP WINCH RTMIN RTMAX; do
		kill -$signal "$PID"
	done
	# Taken, not just blocked: none is pending any more.
	none_pending() { grep -q '^ShdPnd:.0000000000000000$' "/proc/$PID/status"; }
	until_true none_pending
	until_true waits "$PID"
	kill "$PID"
	exit_of "$PID"
	[ $CODE = 0 ]
}

@test "pause sleeps on after SIGSTOP and SIGCONT" {
	start_pause
	kill -STOP "$PID"
	until_true grep -q '^State:.T' "/proc/$PID/status"
	kill -CONT "$PID"
	until_true waits "$PID"
	kill "$PID"
	exit_of "$PID"
	[ $CODE = 0 ]
}

@test "pause as PID 1 obeys SIGTERM from inside its namespace, where an ordinary PID 1 would not hear it" {
	start_pid1
	run inside sh -c 'kill -TERM 1' # which kills this shell as well: PID 1 takes its namespace along
	exit_of "$PID"
	[ $CODE = 0 ]
}

@test "pause as PID 1 reaps 1000 orphans that die at once" {
	start_pid1
	mkfifo "$TMP/gate"
	# Each subshell waits for the gate to open. Their parent exits: they become children of PID 1.
	# shellcheck disable=SC2016 # for the inner shell
	inside sh -c 'i=0; while [ $i -lt 1000 ]; do (read -r line <"$1") & i=$((i + 1)); done' sh "$TMP/gate" 3>&-
	until_true has_children "$ONE" 1000
	# No child at all is left, so no zombie either. Who came late finds the gate open the next time.
	all_reaped() {
		# shellcheck disable=SC2016
		timeout 1 sh -c ': >"$1"' sh "$TMP/gate"
		has_children "$ONE" 0
	}
	until_true all_reaped
	until_true waits "$ONE"
	kill "$ONE"
	exit_of "$PID"
	[ $CODE = 0 ]
}

@test "pause -v says what it is on stdout and exits 0" {
	run sh -c '"$1" -v 2>/dev/null' sh "$PAUSE"
	[ "$status" = 0 ]
	[[ "$output" =~ ^pause\ [0-9]+\.[0-9]+:\ [^$'\n']+$ ]]
}

@test "a wrong argument gets one line of usage on stderr and exit code 2, not a sleep for ever" {
	for arguments in -x -vv -- v "" "-v -v" "-- /bin/true"; do
		# shellcheck disable=SC2086 # words are wanted
		run timeout 5 sh -c '"$@" 2>&1 >/dev/null' sh "$PAUSE" ${arguments:-""}
		[ "$status" = 2 ]
		[ "$output" = "usage: pause [-v]" ]
	done
	for arguments in "" -- -x "/bin/true -- x" "-v -- x"; do
		# shellcheck disable=SC2086
		run timeout 5 sh -c '"$@" 2>&1 >/dev/null' sh "$INIT" $arguments
		[ "$status" = 2 ]
		[ "$output" = "usage: init -- COMMAND [ARG...]" ]
	done
}

@test "the whole strace of pause is nine lines" {
	command -v strace >/dev/null || skip "strace is not installed"
	start strace -o "$TMP/trace" "$PAUSE"
	until_true grep -q rt_sigtimedwait "$TMP/trace"
	until_true has_children "$PID" 1
	kill "$(children_of "$PID" | tr -d ' ')"
	exit_of "$PID"
	cat "$TMP/trace"
	[ "$(sed 's/(.*//' "$TMP/trace" | paste -sd' ')" = \
		"execve prctl rt_sigprocmask madvise madvise wait4 rt_sigtimedwait exit_group +++ exited with 0 +++" ]
	# It sleeps for every signal, with no time limit, and was woken by the one we sent.
	grep -Eq '^rt_sigtimedwait\(~\[\], NULL, NULL, 8\) += 15 \(SIGTERM\)$' "$TMP/trace"
}

@test "init exits as its command does: 0, 7, 128+15, 126, 127" {
	: >"$TMP/plain"
	run "$INIT" -- /bin/sh -c 'exit 0'
	[ "$status" = 0 ]
	run "$INIT" -- /bin/sh -c 'exit 7'
	[ "$status" = 7 ]
	run "$INIT" -- /bin/sh -c 'kill -TERM $$'
	[ "$status" = 143 ]
	run "$INIT" -- "$TMP/plain"
	[ "$status" = 126 ]
	[ "$output" = "init: run $TMP/plain: not executable (chmod +x?)" ]
	run -127 "$INIT" -- "$TMP/missing" argument
	[ "$status" = 127 ]
	[ "$output" = "init: run $TMP/missing: No such file or directory (or interpreter)" ]
}

@test "init hands on arguments, environment and signal mask, and knows the exit code where SIGCHLD is ignored" {
	run "$INIT" -- /bin/echo "a b" -v --
	[ "$output" = "a b -v --" ]
	run env -i A=1 B=2 "$INIT" -- /usr/bin/env
	[ "$output" = $'A=1\nB=2' ]
	run env --block-signal=USR1 "$INIT" -- /bin/grep SigBlk /proc/self/status
	[ "$output" = $'SigBlk:\t0000000000000200' ]
	run timeout -s KILL 5 env --ignore-signal=CHLD "$INIT" -- /bin/sh -c 'exit 7'
	[ "$status" = 7 ]
}

# A command that notes each signal as a line in the file $1, and ends with 9 on TERM.
# shellcheck disable=SC2016
NOTE='for s in HUP INT QUIT USR1 USR2 WINCH CONT RTMIN+1; do trap "echo $s >>\"$1\"" $s; done
trap "exit 9" TERM
echo ready >>"$1"
while :; do sleep 0.02; done'

@test "init forwards signals to its command" {
	start env --default-signal=INT,QUIT "$INIT" -- /bin/bash -c "$NOTE" bash "$TMP/notes"
	until_true has_lines "$TMP/notes" 1
	expected=ready
	count=1
	for signal in HUP INT QUIT USR1 USR2 WINCH CONT RTMIN+1; do
		kill -$signal "$PID"
		count=$((count + 1))
		until_true has_lines "$TMP/notes" $count
		expected+=" $signal"
	done
	[ "$(paste -sd' ' "$TMP/notes")" = "$expected" ]
	kill "$PID"
	exit_of "$PID"
	[ $CODE = 9 ]
}

@test "init does not repeat a Ctrl-C that the terminal already gave to its command" {
	command -v script >/dev/null || skip "script (util-linux, bsdutils) is not installed"
	mkfifo "$TMP/keys"
	printf -v quoted '%q ' "$INIT" -- /bin/bash -c "echo \$PPID >'$TMP/pid'; $NOTE" bash "$TMP/notes"
	exec 8<>"$TMP/keys" # both ends, so that opening waits for nobody
	start env SHELL=/bin/bash script -qec "env --default-signal=INT,QUIT $quoted; exit \$?" /dev/null <"$TMP/keys" >/dev/null
	until_true has_lines "$TMP/notes" 1
	one=$(cat "$TMP/pid")
	STARTED+=("$one")
	# With init stopped, the command gets its INT first, and a second one could not merge with it.
	kill -STOP "$one"
	until_true grep -q '^State:.T' "/proc/$one/status"
	printf '\003' >&8
	until_true has_lines "$TMP/notes" 2
	# Lower signals are taken first: once CONT is through, a repeated INT would be too.
	kill -CONT "$one"
	until_true grep -q CONT "$TMP/notes"
	[ "$(paste -sd' ' "$TMP/notes")" = "ready INT CONT" ]
	kill "$one"
	exec 8>&-
	exit_of "$PID"
	[ $CODE = 9 ]
}

@test "init reaps orphans of its command, without being PID 1 too" {
	mkfifo "$TMP/gate"
	# shellcheck disable=SC2016
	start "$INIT" -- /bin/sh -c '
		sh -c "i=0; while [ \$i -lt 100 ]; do (read -r line <\"$1\") & i=\$((i + 1)); done" sh "$1"
		while [ ! -e "$2" ]; do sleep 0.02; done
		exit 5' sh "$TMP/gate" "$TMP/end" 2>/dev/null
	until_true has_children "$PID" 101
	only_command() {
		# shellcheck disable=SC2016
		timeout 1 sh -c ': >"$1"' sh "$TMP/gate"
		has_children "$PID" 1
	}
	until_true only_command
	: >"$TMP/end"
	exit_of "$PID"
	[ $CODE = 5 ]
}

@test "init as PID 1: SIGTERM from inside reaches the command, whose exit code comes out" {
	start unshare "${NEWUSER[@]}" --pid --fork --mount-proc --kill-child=KILL \
		"$INIT" -- /bin/bash -c "$NOTE" bash "$TMP/notes"
	until_true has_lines "$TMP/notes" 1
	ONE=$(children_of "$PID" | tr -d ' ')
	STARTED+=("$ONE")
	inside sh -c 'kill -USR2 1'
	until_true has_lines "$TMP/notes" 2
	[ "$(tail -n1 "$TMP/notes")" = USR2 ]
	run inside sh -c 'kill -TERM 1' # which kills this shell as well: PID 1 takes its namespace along
	exit_of "$PID"
	[ $CODE = 9 ]
}

@test "aarch64: pause and init are under 1024 bytes, and run under qemu" {
	[ -e "$PAUSE.aarch64" ] || skip "not built: no aarch64-linux-gnu-gcc"
	[ "$(stat -c %s "$PAUSE.aarch64")" -lt 1024 ]
	[ "$(stat -c %s "$INIT.aarch64")" -lt 1024 ]
	command -v qemu-aarch64 >/dev/null || skip "built and measured, but there is no qemu-aarch64 (package qemu-user)"
	run qemu-aarch64 "$PAUSE.aarch64" -v
	[ "$status" = 0 ]
	[[ "$output" =~ ^pause ]]
	run timeout 10 qemu-aarch64 "$PAUSE.aarch64" -x
	[ "$status" = 2 ]
	run timeout 10 qemu-aarch64 "$INIT.aarch64" -- /bin/sh -c 'exit 7'
	[ "$status" = 7 ]
	run -127 timeout 10 qemu-aarch64 "$INIT.aarch64" -- /nonexistent
	[ "$status" = 127 ]
	start qemu-aarch64 "$PAUSE.aarch64"
	until_true waits "$PID"
	kill -HUP "$PID"
	kill "$PID"
	exit_of "$PID"
	[ $CODE = 0 ]
}
