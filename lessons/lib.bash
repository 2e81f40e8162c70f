# lib.bash: what the lessons' tests (test.bats) and hints (hint.sh) share.
#
# They find in the environment, set by `lesson`:
#	LAB	the learner's program, compiled
#	SOURCE	the learner's lab.c
#	BIN	a directory with the programs of all lessons before: nsview, pause, …
# and grade what the kernel says (links in /proc, errno, exit status), never the
# program's text. Everything that waits has an end, and no name is fixed.
# shellcheck shell=bash disable=SC2034 # variables are for those who load this file

LAB_SECONDS=${LAB_SECONDS:-10} # a learner's program gets so long
LAB_KIB=1024		       # and may write so much
LAB_STORM=60		       # and may start so many processes

# --- running the learner's program -----------------------------------------------------------

# lab ARG...: runs the program, within its limits. Sets status, output (both streams) and
# lines, as bats' own run does. To be called directly, not with run.
lab() {
	run_limited "$LAB" "$@"
}

# run_limited COMMAND ARG...: the same for any other command (unshare, a program of $BIN, …).
# Standard input is /dev/null. trouble says what went badly wrong, if anything.
run_limited() {
	local file pid storm='' deadline=$((SECONDS + LAB_SECONDS))
	local -a before=(/proc/[0-9]*) now
	trouble=
	file=$(mktemp "${BATS_TEST_TMPDIR:-${TMPDIR:-/tmp}}/output.XXXXXX")
	# a file and not a pipe: a pipe stays open as long as anything left behind holds it
	limited setsid "$@" </dev/null >"$file" 2>&1 &
	pid=$!
	# no fork in this loop: there may be no process left to be had
	while ! is_dead $pid && [ $SECONDS -le $deadline ]; do
		now=(/proc/[0-9]*)
		if [ $((${#now[@]} - ${#before[@]})) -gt $LAB_STORM ] && [ -n "${LESSON_SANDBOX-}" ]; then
			storm=yes
			break
		fi
		nap
	done
	status=124
	if is_dead $pid; then
		status=0
		wait $pid 2>/dev/null || status=$?
	else
		[ -z "$storm" ] || kill_all_but "${before[@]}"
		kill_group $pid
		wait $pid 2>/dev/null || :
	fi
	case $storm$status in
	yes*) trouble="your program forked without end: stopped at $LAB_STORM processes" ;;
	124) trouble="your program was still running after $LAB_SECONDS seconds: stopped" ;;
	153) trouble="your program wrote more than $LAB_KIB KiB: stopped" ;; # 128 + SIGXFSZ
	139) trouble="your program crashed (SIGSEGV)" ;;
	esac
	output=$(head -c 65536 "$file" | tr -d '\0')
	rm -f "$file"
	mapfile -t lines <<<"$output"
	[ -n "$output" ] || lines=()
}

# limited COMMAND ARG...: becomes the command, with limits; to be run in the background.
limited() {
	exec 3>&- {never}<&-
	ulimit -c 0 -f "$LAB_KIB"
	[ -z "${LESSON_SANDBOX-}" ] || [ "${SANDBOX_KIND-}" = plain ] || ulimit -u $((LAB_STORM + 40))
	exec "$@"
}

# kill_all_but /proc/PID...: for a storm. Everything younger is stopped first, until nothing new
# appears, and killed then: a stopped process cannot fork away from us.
kill_all_but() {
	local keep=" $* " process round fresh
	local -A stopped=()
	for ((round = 0; round < 50; round++)); do
		fresh=
		for process in /proc/[0-9]*; do
			[[ $keep != *" $process "* && -z ${stopped[$process]-} ]] || continue
			kill -STOP "${process#/proc/}" 2>/dev/null && fresh=yes
			stopped[$process]=yes
		done
		[ -n "$fresh" ] || break
	done
	for process in "${!stopped[@]}"; do
		kill -KILL "${process#/proc/}" 2>/dev/null
	done
	for ((round = 0; round < 100; round++)); do # they need a moment to be gone
		local -a now=(/proc/[0-9]*)
		[ ${#now[@]} -gt $(($# + 5)) ] || break
		nap
	done
}

# nap: a fiftieth of a second, without a process for it: nobody ever writes to this pipe.
nap() {
	read -rt 0.02 -u "$never" || :
}
never_path=$(mktemp -u "${TMPDIR:-/tmp}/never.XXXXXX")
mkfifo "$never_path"
exec {never}<>"$never_path"
rm -f "$never_path"

# start_lab ARG...: starts the program and leaves it running; lab_pid is its PID and
# lab_output the file that it writes to. It ends with the test (see teardown).
start_lab() {
	start "$LAB" "$@"
	lab_pid=$started lab_output=$started_output
}

# start COMMAND ARG...: the same for any command: started, started_output. Standard input is
# a pipe that the program itself holds open, so that `cat` is something that waits.
start() {
	local pipe
	pipe=$(mktemp -u "${BATS_TEST_TMPDIR:-${TMPDIR:-/tmp}}/input.XXXXXX")
	mkfifo "$pipe"
	started_output=$(mktemp "${BATS_TEST_TMPDIR:-${TMPDIR:-/tmp}}/output.XXXXXX")
	limited setsid "$@" 0<>"$pipe" >"$started_output" 2>&1 &
	started=$!
	started_all+=("$started")
}
started_all=()

# stop PID: ends one that was started, with everything in its process group, and collects it.
stop() {
	kill_group "$1"
	wait "$1" 2>/dev/null || :
}

kill_group() {
	kill -KILL -- "-$1" "$1" 2>/dev/null || kill -KILL "$1" 2>/dev/null || :
}

# Every test ends with this. A test.bats with a teardown of its own calls stop_all in it.
stop_all() {
	local pid
	for pid in "${started_all[@]}"; do
		stop "$pid"
	done
	started_all=()
}
teardown() {
	stop_all
}

# --- waiting, always with an end -------------------------------------------------------------

# wait_for SECONDS COMMAND...: until COMMAND succeeds; fails when the time is up. WAIT_SECONDS
# overrules the number: tests/lessons/check knows whether success or failure is to be expected.
wait_for() {
	local deadline=$((SECONDS + ${WAIT_SECONDS:-$1}))
	shift
	until "$@"; do
		[ $SECONDS -le $deadline ] || return 1
		nap
	done
}

# wait_line FILE PATTERN: until the file has a line that matches (grep -E).
wait_line() {
	wait_for 5 grep -Eq -- "$2" "$1"
}

# helper NAME: compiles NAME.c from the lesson's README, and prints the path of the program.
helper() {
	local program=${BATS_RUN_TMPDIR:-$TMPDIR}/$1
	[ -x "$program" ] || "${CC:-gcc}" -I"${SOURCE%/*/*}" -o "$program" "${SOURCE%/*}/$1.c" || return 1
	echo "$program"
}

# --- what the kernel says --------------------------------------------------------------------

# ns PID KIND: the identity of a namespace, as "net:[4026531840]".
ns() {
	readlink "/proc/$1/ns/$2"
}

# same_ns KIND PID PID / other_ns KIND PID PID
same_ns() {
	local one
	one=$(ns "$2" "$1") && [ -n "$one" ] && [ "$one" = "$(ns "$3" "$1")" ]
}
other_ns() {
	local one two
	one=$(ns "$2" "$1") && two=$(ns "$3" "$1") && [ -n "$one" ] && [ -n "$two" ] && [ "$one" != "$two" ]
}

# process_state PID: R, S, Z, …; nothing when it is gone.
process_state() {
	sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null
}

# is_dead PID: gone, or a zombie that only waits to be collected.
is_dead() {
	local line
	read -r line 2>/dev/null <"/proc/$1/stat" || return 0
	line=${line##*) }
	[ "${line%% *}" = Z ]
}

# children PID: the PIDs of its children, one a line.
children() {
	local stat line rest
	for stat in /proc/[0-9]*/stat; do
		read -r line 2>/dev/null <"$stat" || continue
		rest=${line##*) } # behind the name: state, parent, …
		rest=${rest#* }
		[ "${rest%% *}" != "$1" ] || echo "${line%% *}"
	done
}

# child PID: its first child, for which it waits up to five seconds.
child() {
	wait_for 5 has_child "$1" && children "$1" | head -n 1
}
has_child() {
	[ -n "$(children "$1")" ]
}

# --- names that nobody else has --------------------------------------------------------------

random_name() {
	printf '%s-%04x%04x\n' "${1:-lesson}" $RANDOM $RANDOM
}

# A port that nobody listens on, above the range from which the kernel gives out its own.
free_port() {
	local port
	while :; do
		port=$((61000 + RANDOM % 4500))
		grep -qi ":$(printf %04X $port) " /proc/net/tcp /proc/net/tcp6 2>/dev/null || break
	done
	echo $port
}

# --- saying what is wrong --------------------------------------------------------------------

# fail TEXT...: ends the test; the learner reads TEXT and what the program printed.
fail() {
	printf '%s\n' "$@" ${trouble:+"$trouble"} >&2
	if [ -n "${output-}" ]; then
		echo "it printed:" >&2
		printf '%s\n' "$output" | head -n 20 | cut -c -200 | sed 's/^/    /' >&2
	fi
	return 1
}

# need_tool NAME...: skips the test where a tool is missing, and says so.
need_tool() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || skip "$tool is not installed (see: lesson doctor)"
	done
}

# need_userns: skips the test where an ordinary user gets no user namespace.
need_userns() {
	unshare --user --map-root-user --net true 2>/dev/null || skip "no user namespaces here (see: lesson doctor)"
}

# --- for hint.sh -----------------------------------------------------------------------------

# trace ARG...: runs the program as lab does, under strace(1); did and did_not look at it.
# Without strace there is nothing to look at: then traced is empty.
trace() {
	traced=
	lab "$@"
	command -v strace >/dev/null || return 0
	traced=$(mktemp "${TMPDIR:-/tmp}/trace.XXXXXX")
	# the program's own limits hold for strace's file too, hence the second run
	run_limited strace -f -s 64 -o "$traced" "$LAB" "$@"
}

# did PATTERN: whether a line of the trace matches (grep -E). did_not: whether none does.
did() {
	[ -n "$traced" ] && grep -Eq -- "$1" "$traced"
}
did_not() {
	[ -n "$traced" ] && ! grep -Eq -- "$1" "$traced"
}

# hint TEXT...: prints it and ends: one hint at a time, the first thing that is missing.
hint() {
	printf '%s\n' "$@"
	rm -f "${traced-}"
	exit 0
}
