# shellcheck shell=bash
# common: what every bats file of runpod's stands on. Use:
#
#	load ../lib/common
#	@test "…" { run runpod pod create --name "$(rnd)"; … }
#
# setup makes $T, a directory of the test's own, in which runpod keeps its state; teardown
# removes what lives and fails the test if a process, mount, cgroup, interface, listening port
# or record is left. A file that has its own setup or teardown calls common_setup and
# common_teardown from there.
#
# As root these files run through tests/run, which gives them PID, mount, network, IPC and
# cgroup namespaces of their own: then whatever is new inside is theirs.

bats_require_minimum_version 1.5.0

TREE=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
BUILD=$(realpath -m "${BUILD:-$TREE/build}")
RUNPOD=$BUILD/runpod
LOCAL_TOOLS=$BUILD/tests/bin # the programs made of tests/{e2e,security,faults}/*.c
export TREE BUILD RUNPOD LOCAL_TOOLS

setup() { common_setup; }
teardown() { common_teardown; }

common_setup() {
	if [ "$(id -u)" = 0 ] && [ -z "${RUNPOD_TEST_ISOLATED-}" ]; then
		echo "as root run this through tests/run: it would touch the machine's network" >&2
		return 1
	fi
	T=$(mktemp -d /tmp/rp.XXXXXX) # short: unix socket paths end at 108 bytes
	export T
	list_processes >"$T.before"
	list_interfaces >"$T.links"
	list_ports >"$T.ports"
}

common_teardown() {
	local left=0

	remove_all >"$T.removal" 2>&1 || :
	# The last of a container may take a moment to leave: bounded, and only when needed.
	wait_until 5 nothing_left 2>/dev/null || { left=1; report_left; }
	rm -rf "$T" || left=1
	rm -f "$T".*
	return "$left"
}

# ---- running -----------------------------------------------------------------------------

# runpod ARG...: the binary under test with state of its own, cut off after a minute. bats
# waits for descriptor 3 to be closed by all, so nothing that lives longer may hold it.
runpod() {
	timeout -k 5 "${RUNPOD_TIMEOUT:-60}" "$RUNPOD" --root "$T/root" --runroot "$T/run" "$@" 3>&-
}

# client ARG...: the same without timeout(1) around it, in place of this shell: `client run … &`
# makes $! the command's own number.
client() {
	exec "$RUNPOD" --root "$T/root" --runroot "$T/run" "$@" 3>&-
}

# log_says NAME TEXT: whether the container's output has it by now.
log_says() {
	[[ "$(runpod logs "$1" 2>&1)" == *"$2"* ]]
}

# not COMMAND...: it must fail. (`! command` would not end a test: see errexit in bash(1).)
not() {
	if "$@"; then
		echo "should have failed: $*" >&2
		return 1
	fi
}

# rnd: a name that no other test uses.
rnd() {
	printf 't%04x%04x\n' "$RANDOM" "$RANDOM"
}

# free_port: one that nobody listens on now, TCP or UDP, below the range that the kernel
# gives out by itself.
free_port() {
	local port
	while :; do
		port=$((10000 + RANDOM % 20000))
		list_ports | grep -q ":$port\$" || break
	done
	echo "$port"
}

# wait_until SECONDS COMMAND...: polls until it succeeds; says what it waited for if not.
wait_until() {
	local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000))
	shift
	until "$@"; do
		if [ "${EPOCHREALTIME/./}" -ge "$deadline" ]; then
			echo "waited in vain for: $*" >&2
			return 1
		fi
		sleep 0.02
	done
}

# skip_unless KIND REASON COMMAND...: skips the test unless COMMAND succeeds. KIND says who could
# cure it: "host" (the kernel or its set-up: nothing to be done), "data" (../shared is not
# there), "tool" (something to be installed: where the tests must work, that is a failure).
skip_unless() {
	local kind=$1 reason=$2
	shift 2
	"$@" >/dev/null 2>&1 && return 0
	if [ "$kind" = tool ] && must_work; then
		echo "missing: $reason (make setup installs it)" >&2
		return 1
	fi
	skip "$kind: $reason"
}

skip_unless_tool() { skip_unless tool "no $1 here" command -v "$1"; }
skip_unless_root() { skip_unless host "needs root" [ "$(id -u)" = 0 ]; }
skip_unless_controller() { skip_unless host "cgroup v2 has no $1 controller here" has_controller "$1"; }

must_work() { [ "${CI-}" = true ] || [ -n "${RUNPOD_MUST_WORK-}" ]; }

# ---- the kernel's state ------------------------------------------------------------------

# ns_inode PID NAME: the number of its namespace: ns_inode 1 net → 4026531840.
ns_inode() {
	stat -L -c %i "/proc/$1/ns/$2"
}

# same_ns PID PID NAME..., differ_ns PID PID NAME...: both processes in the same namespaces, or in none.
same_ns() {
	local a=$1 b=$2 name
	shift 2
	for name; do
		[ "$(ns_inode "$a" "$name")" = "$(ns_inode "$b" "$name")" ] ||
			{ echo "$a and $b differ in $name" >&2; return 1; }
	done
}

differ_ns() {
	local a=$1 b=$2 name
	shift 2
	for name; do
		[ "$(ns_inode "$a" "$name")" != "$(ns_inode "$b" "$name")" ] ||
			{ echo "$a and $b share $name" >&2; return 1; }
	done
}

# ctr_pid NAME: the host's number of a container's first process.
ctr_pid() {
	runpod inspect --format '{{.State.Pid}}' "$1"
}

# alive PID: it is there, no zombie and no thread of the kernel (PF_KTHREAD, see proc_pid_stat(5)).
alive() {
	local line state flags
	{ read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
	read -r state _ _ _ _ _ flags _ <<<"${line##*) }"
	[ "$state" != Z ] && [ $((flags & 0x200000)) -eq 0 ]
}

gone() { ! alive "$1"; }

cgroup_root() {
	awk '$(NF-2) == "cgroup2" { dir = $5 } END { print dir }' /proc/self/mountinfo
}

has_controller() {
	grep -qw "$1" "$(cgroup_root)/cgroup.controllers"
}

# ---- what may be left --------------------------------------------------------------------

list_processes() { # the numbers of all that is no zombie
	local dir
	for dir in /proc/[0-9]*; do
		alive "${dir#/proc/}" && echo "${dir#/proc/}"
	done | sort
}

list_interfaces() { ip -o link | sed 's/^[0-9]*: \([^:@]*\).*/\1/' | sort; }

list_ports() { # protocol:port in decimal of every listening TCP and every bound UDP socket
	local protocol port
	awk 'FNR > 1 && ($4 == "0A" || FILENAME ~ /udp/) {
		split($2, at, ":"); p = FILENAME; sub(/.*\//, "", p); sub(/6$/, "", p); print p, at[length(at)] }' \
		/proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 2>/dev/null | sort -u |
		while read -r protocol port; do
			echo "$protocol:$((16#$port))"
		done
}

# remove_all: everything that runpod knows of, through runpod.
remove_all() {
	[ -d "$T/root" ] || [ -d "$T/run" ] || return 0
	runpod pod rm --all --force --time 0
	runpod rm --all --force --time 0
	runpod volume rm --all --force
}

# ours PID: inside the tests' own namespaces every process is; else one that carries $T with it,
# or that runpod's own cgroup holds.
ours() {
	[ -n "${RUNPOD_TEST_ISOLATED-}" ] || grep -aqsF "$T" "/proc/$1/environ" "/proc/$1/cmdline" "/proc/$1/mountinfo"
}

# below PID ANCESTOR: whether it descends from it.
below() {
	local pid=$1 line
	while [ "$pid" -gt 1 ]; do
		[ "$pid" != "$2" ] || return 0
		{ read -r line <"/proc/$pid/stat"; } 2>/dev/null || return 1
		line=${line##*) }
		read -r _ pid _ <<<"$line"
	done
	return 1
}

left_processes() { # to be called in $(…): what that starts itself is not counted
	local pid
	for pid in $(comm -13 "$T.before" <(list_processes)); do
		if alive "$pid" && ours "$pid" && ! below "$pid" "$BASHPID"; then
			echo "process $pid: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"
		fi
	done
}

left_mounts() { grep -F "$T" /proc/self/mountinfo; }

left_cgroups() { # of runpod's, where the whole hierarchy is ours
	[ -z "${RUNPOD_TEST_ISOLATED-}" ] || find "$(cgroup_root)" -mindepth 1 -path '*/runpod/*' -type d 2>/dev/null
}

left_interfaces() { # the bridge itself stays: it belongs to the machine, as docker0 does
	comm -13 "$T.links" <(list_interfaces) | grep -v '^runpod0$'
}

left_ports() { # only in a network of our own can nobody else have opened one
	[ -z "${RUNPOD_TEST_ISOLATED-}" ] || comm -13 "$T.ports" <(list_ports)
}

left_records() { # pods, containers, names, leases; empty directories and images may stay
	find "$T/root" "$T/run" -mindepth 2 ! -type d ! -path '*/images/*' ! -path '*/layers/*' ! -path '*/storage/*' ! -path '*/objects/version' ! -name '*lock' 2>/dev/null
}

all_left() {
	left_processes
	left_mounts
	left_cgroups
	left_interfaces
	left_ports
	left_records
}

nothing_left() { [ -z "$(all_left)" ]; }

report_left() {
	local left
	left=$(all_left)
	{
		echo "left behind:"
		echo "$left"
		echo "what the removal said:"
		cat "$T.removal"
	} >&2
	# the next test starts clean
	sed -n 's/^process \([0-9]*\):.*/\1/p' <<<"$left" | xargs -r kill -KILL 2>/dev/null
	awk -v dir="$T" 'index($5, dir) { print $5 }' /proc/self/mountinfo | sort -r | xargs -r umount -l 2>/dev/null
	left_cgroups | sort -r | xargs -r rmdir 2>/dev/null
	return 0
}
