#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test runs in a subshell of its own: that is wanted
# faults.bats: whatever breaks, at whatever moment, nothing is jammed and nothing is left: steps
# that fail, processes that are killed, disks that are full, records that lie. The rows of
# docs/SECURITY.md that begin with R; those about limits are in tests/lab/limits.bats.
#
# Every test ends with the leak check of ../lib/common.

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
	chmod 755 "$T"
}

root() { [ "$(id -u)" = 0 ]; }

supervisor() { # CONTAINER: its process number
	runpod inspect --format '{{.State.ConmonPid}}' "$1"
}

state_files() { find "$T/run/pods" -name state.json; }
state_number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$(state_files)"; } # of the only pod

exit_code_of() { runpod inspect --format '{{.State.ExitCode}}' "$1"; }

# ---- R1: every step, killed and failing ----------------------------------------------------

# The steps as the source has them: the plan's operations, and what commands pass on their way.
plan_steps() { sed -n '/names\[OP_KINDS\] = {/,/};/s/"\([a-z-]*\)",/\1 /gp' "$TREE/runpod/pod/plan.c" | tr -s '[:space:]' '\n' | grep .; }
command_steps() { grep -rhoE 'failpoint\("[a-z-]+"' "$TREE/runpod" | sed 's/.*"\(.*\)"/\1/'; }

network_for() { # STEP: one whose plan has that step
	case $1 in
	lo | pasta) echo pasta ;;
	local) echo none ;;
	lease | bridge | attach) echo bridge ;;
	*) root && echo bridge || echo none ;;
	esac
}

none_of_it_runs() { [ -z "$(left_processes; left_mounts; left_cgroups; left_interfaces; left_ports)" ]; }

# broken WISH COMMAND...: with the wish as its failpoint. If it fails, nothing of what it did may run
# and the same command without the wish succeeds.
broken() {
	local wish=$1
	shift
	run env RUNPOD_FAILPOINT="$wish" timeout -k 5 60 "$RUNPOD" --root "$T/root" --runroot "$T/run" "$@" 3>&-
	[ "$status" -ne 0 ] || return 0
	hits=$((hits + 1))
	echo "$wish at: $*: status $status: $output" >>"$T.said"
	case $wish in *:error) grep -q "step ${wish%:error} was made to fail" <<<"$output" || { cat "$T.said"; return 1; } ;; esac
}

# break_step STEP WISH: a pod's whole life with that wish at every command of it.
break_step() {
	local step=$1 wish=$2 pod hits=0 before port limit=()
	[ "$step" != limit ] || limit=(--pids-limit 64) # not every host has the controller, so here alone
	pod=$(rnd)
	port=$(free_port)
	: >"$T.said"
	broken "$wish" pod create --name "$pod" --network "$(network_for "$step")" -p "$port:80"
	[ "$hits" = 0 ] || runpod pod rm -f -i -t 0 "$pod" || return 1
	[ "$hits" = 0 ] || [ -z "$(left_records)" ] || { left_records; return 1; }
	runpod pod exists "$pod" || runpod pod create --name "$pod" --network "$(network_for "$step")" -p "$port:80" || return 1
	before=$hits
	broken "$wish" run -d --pod "$pod" --name "$pod-c" "${limit[@]}" busybox sleep 1000
	if [ "$hits" != "$before" ]; then
		# the infra stays, if it was not the one that failed: the pod has started, its container has not
		case $wish in *:error)
			[[ "$(left_processes)" != *'sleep 1000'* ]] || return 1
			runpod pod stop -t 0 "$pod" || return 1
			wait_until 5 none_of_it_runs || return 1
			;;
		esac
		runpod rm -f -i -t 0 "$pod-c" || return 1
	fi
	# not every host has /dev/net/tun for pasta
	runpod container exists "$pod-c" || runpod run -d --pod "$pod" --name "$pod-c" busybox sleep 1000 ||
		[ "$(network_for "$step")" = pasta ] || return 1
	broken "$wish" pod stop -t 0 "$pod"
	before=$hits
	broken "$wish" pod start "$pod"
	if [ "$hits" != "$before" ]; then
		case $wish in *:error) wait_until 5 none_of_it_runs || return 1 ;; esac
	fi
	before=$hits
	broken "$wish" pod rm -f -t 0 "$pod"
	[ "$hits" = "$before" ] || runpod pod rm -f -i -t 0 "$pod" || return 1
	wait_until 5 nothing_left || { all_left; return 1; }
	[ "$hits" -gt 0 ] || { echo "$step was never passed"; return 1; }
}

steps() {
	local found
	found=$(plan_steps; command_steps)
	# as many as the header declares, or the command above no longer finds them
	[ "$(plan_steps | wc -l)" = "$(sed -n '/^enum op_kind {/,/OP_KINDS/p' "$TREE/runpod/pod/plan.h" | grep -c '^	OP_[A-Z]*,.*/\*')" ] || return 1
	# others break these: only a manifest has volumes (kube_volumes.bats), only images have layers (load.bats)
	found=$(grep -vxE 'volumes|layer-.*|image-placed' <<<"$found")
	if root; then # pasta is an ordinary user's
		grep -vxE 'lo|pasta' <<<"$found"
	else # who has no bridge
		grep -vxE 'lease|bridge|attach' <<<"$found"
	fi
}

@test "R1 every step fails once: the error names it, nothing of it is left, and the next try works" {
	local step list
	list=$(steps)
	for step in $list; do
		break_step "$step" "$step:error"
	done
}

@test "R1 SIGKILL at every step: rm -f works the first time, and nothing is left" {
	local step list
	list=$(steps)
	for step in $list; do
		break_step "$step" "$step"
	done
}

# ---- R2: the supervisor is killed ------------------------------------------------------------

@test "R2 the supervisor killed at 30 random moments: the container runs on, its log has no line twice" {
	local pid before now lines
	runpod run -d --name "$P" busybox sh -c 'i=0; while :; do i=$((i+1)); echo line $i; usleep 2000; done'
	pid=$(ctr_pid "$P")
	for _ in $(seq 30); do
		before=$(supervisor "$P")
		runpod exec "$P" true 2>/dev/null 3>&- &
		read -rt "0.0$((RANDOM % 4))$((RANDOM % 10))" <> <(:) || : # somewhere within it
		kill -KILL "$before" 2>/dev/null || :
		wait $! || :
		wait_until 5 gone "$before"
		alive "$pid"
		now=$(RUNPOD_TIMEOUT=2 supervisor "$P") # the next command adopts it, within two seconds
		[ "$now" != "$before" ]
		alive "$now"
		[ "$(ctr_pid "$P")" = "$pid" ]
	done
	lines=$(runpod logs "$P" | wc -l)
	more() { [ "$(runpod logs "$P" | wc -l)" -gt $((lines + 5)) ]; }
	wait_until 5 more
	runpod logs "$P" | sed 's/line //' >"$T/log"
	[ -z "$(sort "$T/log" | uniq -d)" ]
	sort -nc "$T/log"
	# what a supervisor had read and not yet written when it was killed is all that may be missing
	local last
	last=$(tail -n 1 "$T/log")
	echo "$last lines written, $(wc -l <"$T/log") in the log"
	[ $((last - $(wc -l <"$T/log"))) -le 60 ]
}

@test "R2 exit codes after a kill of the supervisor are right or unknown, never 0" {
	local i code known=0
	for i in 1 2 3 4 5 6; do
		mkfifo -m 666 "$T/gate$i"
		runpod run -d --name "$P$i" -v "$T/gate$i:/gate" busybox sh -c "read x </gate; exit $((i + 10))"
		kill -KILL "$(supervisor "$P$i")"
		if [ $((i % 2)) = 0 ]; then # adopted before it ends
			supervisor "$P$i"
			echo >"$T/gate$i"
		else
			echo >"$T/gate$i"
			ended() { [ -z "$(pgrep -f "read x </gate; exit $((i + 10))")" ]; }
			wait_until 5 ended
		fi
		RUNPOD_TIMEOUT=5 runpod wait "$P$i" || :
		code=$(exit_code_of "$P$i")
		echo "$i: $code"
		[ "$code" = $((i + 10)) ] || [ "$code" = -1 ]
		[ "$code" != $((i + 10)) ] || known=$((known + 1))
		[ "$(runpod inspect --format '{{.State.Status}}' "$P$i")" = exited ]
	done
	[ "$known" -gt 0 ] || [ "$(uname -r | awk -F. '{ print ($1 * 100 + $2 < 615) }')" = 1 ]
}

# ---- R3, R11: many ends ----------------------------------------------------------------------

# Ends in every way there is: 0 to 255, and by each signal that kills.
@test "R3 R11 1,000 containers end by exit code or signal: wait is right 1,000 times, and no unterminated last line is lost" {
	local signals=(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 24 25 26 27 29 30 31 34 50 64)
	local count=1000 i pods names
	cp "$LOCAL_TOOLS/die" "$T/die"
	batch() { # NUMBER: every fifth; in a pod of its own, where none of them is PID 1, which signals spare
		local i end
		runpod pod create --name "$P-$1" --share +pid --network none >/dev/null || return
		for ((i = $1; i < count; i += 5)); do
			end=$((i % 256))
			[ "$i" -lt 700 ] || end=-${signals[i % ${#signals[@]}]}
			runpod create --pod "$P-$1" --name "$P-c$i" --ulimit core=0 -v "$T/die:/die:ro" \
				busybox /die "$end" "last of $i" >/dev/null || return
		done
		runpod pod start "$P-$1" >/dev/null
	}
	for i in 0 1 2 3 4; do
		RUNPOD_TIMEOUT=120 batch "$i" 3>&- &
		pods[i]=$!
	done
	for i in 0 1 2 3 4; do
		wait "${pods[i]}"
	done
	for ((i = 0; i < count; i++)); do
		names[i]=$P-c$i
		if [ "$i" -lt 700 ]; then
			echo $((i % 256))
		else
			echo $((128 + signals[i % ${#signals[@]}]))
		fi
	done >"$T/expected"
	runpod wait "${names[@]}" >"$T/codes"
	[ "$(wc -l <"$T/codes")" = $count ]
	diff "$T/expected" "$T/codes"
	for ((i = 0; i < count; i++)); do echo "last of $i"; done | sort >"$T/expected"
	cat "$T"/root/pods/*/ctr/*/ctr.log | cut -d' ' -f4- | sort | diff "$T/expected" -
	[ "$(cat "$T"/root/pods/*/ctr/*/ctr.log | cut -d' ' -f3 | sort | uniq -c | tr -d ' ')" = "${count}P" ]
	[ "$(runpod logs "$P-c7")" = 'last of 7' ]
	for i in 0 1 2 3 4; do
		RUNPOD_TIMEOUT=120 runpod pod rm -f -t 0 "$P-$i" >/dev/null 3>&- &
	done
	wait
}

@test "R11 rotation during 100,000 lines: none is lost and none doubled, also for a follower" {
	mkfifo -m 666 "$T/gate"
	# the old file and the new hold all of it: with one rotation, at 3 MB, there is nothing to be lost
	runpod run -d --name "$P" --log-opt max-size=3m -v "$T/gate:/gate" busybox \
		sh -c 'read x </gate; seq 1 100000'
	runpod logs -f "$P" >"$T/followed" 3>&- &
	following() { pgrep -f "logs -f $P" >/dev/null; }
	wait_until 5 following
	echo >"$T/gate"
	runpod wait "$P"
	wait $!
	[ -e "$(find "$T/root" -name ctr.log.1)" ] # it did rotate
	cmp <(seq 1 100000) "$T/followed"
	cmp <(seq 1 100000) <(runpod logs "$P")
}

@test "R11 many rotations: what is kept ends with the last line and has no gap" {
	runpod run --name "$P" --log-opt max-size=100k busybox seq 1 100000 >/dev/null
	runpod logs "$P" >"$T/kept"
	[ "$(wc -l <"$T/kept")" -gt 1000 ]
	[ "$(wc -l <"$T/kept")" -lt 10000 ]
	cmp <(seq "$(head -n 1 "$T/kept")" 100000) "$T/kept"
}

# ---- R4, R9: the records lie -------------------------------------------------------------------

@test "R4 after a reboot (the run directory is empty) all is Exited, and starts again" {
	local name pid
	runpod pod create --name "$P"
	runpod run -d --pod "$P" --name "$P-c" busybox sleep 1000
	runpod run -d --name "$P-lone" busybox sleep 1000
	for name in "$P-c" "$P-lone" "$(runpod pod inspect --format '{{.InfraContainerID}}' "$P")"; do
		echo "$(ctr_pid "$name") $(supervisor "$name")"
	done >"$T/pids"
	# the power goes off: supervisors first, as nobody must be there to write anything, then all
	awk '{ print $2 }' "$T/pids" | sort -u | xargs kill -KILL
	left_processes | sed -n 's/^process \([0-9]*\):.*/\1/p' | xargs -r kill -KILL 2>/dev/null || :
	for pid in $(cat "$T/pids"); do
		wait_until 5 gone "$pid"
	done
	no_process() { [ -z "$(left_processes)" ]; }
	wait_until 5 no_process
	wait_until 5 no_ports
	left_cgroups | sort -r | xargs -r rmdir
	list_interfaces | comm -23 - "$T.links" | xargs -r -n 1 ip link delete
	rm -rf "$T/run"
	[ "$(runpod pod inspect --format '{{.State}}' "$P")" = Exited ]
	for name in "$P-c" "$P-lone"; do
		[ "$(runpod inspect --format '{{.State.Status}} {{.State.Pid}}' "$name")" = 'exited 0' ]
	done
	runpod ps -a --format '{{.Names}} {{.Status}}' | tee "$T/ps"
	[ "$(grep -c Exited "$T/ps")" = 3 ] # with the infra
	runpod pod start "$P"
	runpod start "$P-lone"
	for name in "$P-c" "$P-lone"; do
		[ "$(runpod inspect --format '{{.State.Status}}' "$name")" = running ]
		runpod exec "$name" true
	done
}
no_ports() { [ -z "$(left_ports)" ]; }

# lie PID TICKS: the record of the only pod says that its container and its helpers are this process.
lie() {
	local file
	file=$(state_files)
	sed -i "s/\"\(pid\|publisher_pid\|pasta_pid\)\":[0-9]*/\"\1\":$1/g;
		s/\"\(start_ticks\|publisher_ticks\|pasta_ticks\)\":[0-9]*/\"\1\":$2/g" "$file"
}
ticks() { local line; read -r line <"/proc/$1/stat"; awk '{ print $20 }' <<<"${line##*) }"; } # field 22

@test "R4 R9 a number used again by a bystander: stop, kill, rm and the adopter spare it, 100 of 100" {
	local bystander=() i process keep
	runpod pod create --name "$P" --network none -p "$(free_port):80"
	runpod run -d --pod "$P" --name "$P-c" busybox sleep 1000
	process=$(ctr_pid "$P-c")
	cp "$(state_files)" "$T/state"
	keep=$(state_files)
	# all of it killed as by a crash; the publisher and the infra with it
	# shellcheck disable=SC2046
	kill -KILL $(state_number supervisor_pid) $(state_number publisher_pid) "$process"
	kill -KILL "$(grep -o '"pid":[0-9]*' "$T/state" | tail -n 1 | grep -o '[0-9]*')" || :
	wait_until 5 gone "$process"
	for ((i = 0; i < 100; i++)); do
		mkdir -p "${keep%/*}"
		cp "$T/state" "$keep"
		sleep 1000 3>&- &
		bystander[i]=$!
		lie $! "$(($(ticks $!) - 1))"
		case $((i % 5)) in
		0) runpod stop -t 0 "$P-c" ;;
		1) runpod kill "$P-c" ;;
		2) runpod pod stop -t 0 "$P" ;;
		3) runpod pod kill "$P" ;;
		4) runpod ps -a ;;
		esac >>"$T/out" 2>&1 || :
		alive "${bystander[i]}"
		[ "$(runpod inspect --format '{{.State.Status}}' "$P-c")" = exited ]
	done
	if root; then # that the record is believed at all: with the right start time it is the container
		cp "$T/state" "$keep" # (an ordinary user's is looked for in runpod's user namespace, where none of these is)
		lie "${bystander[0]}" "$(ticks "${bystander[0]}")"
		sed -i 's/"publisher_pid":[0-9]*,//' "$keep"
		runpod kill "$P-c" >>"$T/out" 2>&1 || :
		wait_until 5 gone "${bystander[0]}"
	fi
	for ((i = 1; i < 100; i++)); do
		alive "${bystander[i]}"
	done
	kill -KILL "${bystander[@]}" 2>/dev/null || :
	wait 2>/dev/null
}

# ---- R5: the disk is full ----------------------------------------------------------------------

# A container writes ten MiB to a log that has no room: it ends by itself, with its own exit code.
ends_with_full_log() { # PATH
	runpod run -d --name "$P" --log-opt "path=$1" busybox \
		sh -c 'dd if=/dev/zero bs=64k count=160 2>/dev/null | tr "\0" "x" | fold -w 99; exit 9'
	run runpod wait "$P"
	[ "$output" = 9 ]
	[ "$(exit_code_of "$P")" = 9 ]
	runpod rm "$P"
}

@test "R5 a log on a device that is always full: the container ends by itself, its exit code is right" {
	ends_with_full_log /dev/full
}

@test "R5 a log on a full tmpfs of 1 MiB: what fits is there, the container ends by itself" {
	skip_unless_root
	mkdir "$T/small"
	mount -t tmpfs -o size=1m small "$T/small"
	ends_with_full_log "$T/small/log"
	[ "$(stat -c %s "$T/small/log")" -gt 900000 ]
	# whole entries, but perhaps for the last, which met the end
	[ -z "$(head -n -1 "$T/small/log" | grep -vE '^[0-9TZ:.-]{30} stdout [FP] x*$' | head -n 3)" ]
	umount "$T/small"
}

# ---- R8: somebody else at the cgroups ----------------------------------------------------------

group_of() { # CONTAINER: the directory of its cgroup
	local group
	group=$(sed -n 's/^0:://p' "/proc/$(ctr_pid "$1")/cgroup")
	echo "$(cgroup_root)$group"
}

meddled() { # COMMAND: with $group
	local started group
	runpod pod create --name "$P"
	runpod run -d --pod "$P" --name "$P-c" busybox sh -c 'sleep 1001 & sleep 1000'
	group=$(group_of "$P-c")
	[ -w "$group/cgroup.procs" ] || { runpod pod rm -f -t 0 "$P"; skip "host: no cgroup that is ours to change"; }
	case $group in */runpod/*) ;; *) runpod pod rm -f -t 0 "$P"; skip "host: no cgroup for us here" ;; esac
	"$1"
	started=$SECONDS
	RUNPOD_TIMEOUT=5 runpod pod rm -f -t 0 "$P"
	[ $((SECONDS - started)) -le 5 ]
	[ ! -e "$group" ]
	[ ! -e "${group%/*}" ]
}

frozen() { echo 1 >"$group/cgroup.freeze"; }
all_frozen() { echo 1 >"${group%/*}/cgroup.freeze"; }
nested() {
	local pid
	mkdir "$group/below" "$group/below/deeper"
	for pid in $(cat "$group/cgroup.procs"); do
		echo "$pid" >"$group/below/deeper/cgroup.procs"
	done
}
removed() {
	local pid
	for pid in $(cat "$group/cgroup.procs"); do
		echo "$pid" >"$(cgroup_root)/suite/cgroup.procs"
	done
	rmdir "$group"
}

@test "R8 a cgroup frozen from outside: rm -f ends it within 5 s" { meddled frozen; }
@test "R8 the pod's cgroup frozen from outside: rm -f ends it within 5 s" { meddled all_frozen; }
@test "R8 groups made inside from outside: rm -f takes them along" { meddled nested; }
@test "R8 a cgroup removed from outside: rm -f ends what was in it" { meddled removed; }

# ---- R12: one port, again and again ------------------------------------------------------------

@test "R12 up to 100 cycles on one port, half with the publisher killed: it is free each time" {
	local port publisher i deadline=$((SECONDS + 25))
	port=$(free_port)
	listens() { list_ports | grep -qx "tcp:$port"; }
	for i in $(seq 100); do
		[ $SECONDS -lt $deadline ] || break
		runpod run -d --name "$P" -p "$port:80" busybox sleep 1000 >/dev/null
		listens
		if [ $((i % 2)) = 0 ]; then
			publisher=$(state_number publisher_pid)
			[ "$publisher" -gt 1 ]
			kill -KILL "$publisher"
		fi
		runpod rm -f -t 0 "$P" >/dev/null
		wait_until 2 not listens
	done
	echo "$i cycles"
	[ "$i" -ge 20 ]
}

# ---- R13: PID 1 as it likes ----------------------------------------------------------------------

@test "R13 a PID 1 that ignores TERM is killed when its grace is over, one second more or less" {
	local started took
	runpod run -d --name "$P" busybox sh -c 'trap "" TERM; echo deaf; while :; do sleep 1000; done'
	deaf() { [ "$(runpod logs "$P")" = deaf ]; }
	wait_until 5 deaf
	started=${EPOCHREALTIME/./}
	run runpod stop -t 3 "$P"
	took=$(((${EPOCHREALTIME/./} - started) / 1000))
	echo "$took ms: $output"
	[ "$took" -ge 2900 ]
	[ "$took" -le 4000 ]
	grep -q "StopSignal SIGTERM failed to stop container $P in 3 seconds, resorting to SIGKILL" <<<"$output"
	[ "$(exit_code_of "$P")" = 137 ]
}

zombies_in() { # PID: how many there are in its pid namespace
	local dir count=0 inode
	inode=$(ns_inode "$1" pid)
	for dir in /proc/[0-9]*; do
		[ "$(stat -L -c %i "$dir/ns/pid" 2>/dev/null || stat -L -c %i "$dir/ns/pid_for_children" 2>/dev/null || echo "$inode")" = "$inode" ] || continue
		grep -qs '^State:.Z' "$dir/status" && count=$((count + 1))
	done
	echo "$count"
}

# orphans OPTIONS...: a container whose program leaves a thousand behind and stays.
orphans() {
	mkfifo -m 666 "$T/gate"
	# shellcheck disable=SC2016
	runpod run -d --name "$P-c" -v "$T/gate:/gate" "$@" busybox sh -c \
		'sh -c "i=0; while [ \$i -lt 1000 ]; do (read x </gate) & i=\$((i + 1)); done"; echo left; read x </gate; exec sleep 1000'
	left() { [ "$(runpod logs "$P-c")" = left ]; }
	wait_until 20 left
	has_all() { [ "$(runpod exec "$P-c" sh -c 'ls -d /proc/[0-9]* | wc -l')" -ge 1000 ]; }
	wait_until 10 has_all
	few() {
		timeout 1 sh -c ": >'$T/gate'" # opens the gate for whoever waits at it
		[ "$(runpod exec "$P-c" sh -c 'ls -d /proc/[0-9]* | wc -l')" -lt 10 ]
	}
	wait_until 20 few
	[ "$(runpod exec "$P-c" sh -c 'cat /proc/[0-9]*/status' | grep -c '^State:.Z')" = 0 ]
}

@test "R13 1,000 orphans in a pod that shares its pid namespace: pause reaps them, 0 zombies" {
	runpod pod create --name "$P" --share +pid --network none
	orphans --pod "$P" --pids-limit 0
}

@test "R13 1,000 orphans under --init: 0 zombies" {
	orphans --init --pids-limit 0
}

# ---- R14: clients come and go ----------------------------------------------------------------------

descriptors() { root && find "/proc/$1/fd" -mindepth 1 | wc -l || echo 0; } # a user may not look there
anonymous() { awk '/^RssAnon:/ { print $2 }' "/proc/$1/status"; }            # KiB
as_before() { [ "$(descriptors "$1")" = "$2" ]; }

execs() { # WHO COUNT: with a terminal each; all that one says has to arrive
	local i
	for ((i = 0; i < $2; i++)); do
		[ "$(RUNPOD_TIMEOUT=20 runpod exec -t "$P" echo "word $1 $i")" = "word $1 $i"$'\r' ] || echo "$1 $i" >>"$T/lost"
	done
}

@test "R14 500 exec -t, 50 attaches killed on their way, a storm of SIGWINCH: no hang, whole output, descriptors and memory flat" {
	local before descriptors memory i pids=() storms=0 storm # the client that suffers
	runpod run -d --name "$P" --log-driver none busybox sh -c 'while :; do echo a line; usleep 500; done'
	before=$(supervisor "$P")
	execs warm 5
	descriptors=$(descriptors "$before")
	memory=$(anonymous "$before")
	for i in 1 2 3 4; do
		execs "$i" 125 3>&- &
		pids+=($!)
	done
	for i in $(seq 50); do
		client attach --no-stdin "$P" >"$T/attached" 2>&1 &
		storm=$!
		read -rt "0.0$((RANDOM % 5))" <> <(:) || : # somewhere within it
		kill -KILL "$storm"
		wait "$storm" || :
	done
	wait "${pids[@]}"
	[ ! -e "$T/lost" ] || { cat "$T/lost"; false; }
	if command -v script >/dev/null; then
		SHELL=/bin/sh timeout 30 script -qec "'$RUNPOD' --root '$T/root' --runroot '$T/run' exec -t $P sh -c 'i=0; while [ \$i -lt 100 ]; do seq 200; usleep 5000; i=\$((i + 1)); done; exit 5'" /dev/null </dev/null >"$T/seq" 2>&1 3>&- &
		storming() { storm=$(pgrep -xf "$RUNPOD --root $T/root --runroot $T/run exec -t $P .*"); }
		wait_until 5 storming
		while kill -WINCH "$storm" 2>/dev/null && [ "$storms" -lt 5000 ]; do storms=$((storms + 1)); done
		i=0
		wait $! || i=$?
		echo "$storms signals"
		[ "$i" = 5 ]
		[ "$storms" -gt 100 ]
		tr -d '\r' <"$T/seq" | cmp - <(for i in {1..100}; do seq 200; done)
	fi
	[ "$(supervisor "$P")" = "$before" ]
	wait_until 5 as_before "$before" "$descriptors"
	echo "$memory KiB before, $(anonymous "$before") after"
	[ "$(anonymous "$before")" -le $((memory + 128)) ]
	[ "$(runpod inspect --format '{{len .ExecIDs}}' "$P")" = 0 ]
}

# ---- R15: all at once ------------------------------------------------------------------------------

@test "R15 50 creates and removals of one name at once: one winner at a time, and every record can be read" {
	local i won pids
	for _ in 1 2 3; do
		pids=()
		for i in $(seq 50); do
			runpod pod create --name "$P" --network none >"$T/out$i" 2>"$T/err$i" 3>&- &
			pids[i]=$!
		done
		won=0
		for i in $(seq 50); do
			if wait "${pids[i]}"; then
				won=$((won + 1))
				[ "$(runpod pod inspect --format '{{.Id}}' "$P")" = "$(cat "$T/out$i")" ]
			else
				grep -q 'already in use\|is in use' "$T/err$i"
			fi
		done
		[ "$won" = 1 ]
		[ "$(runpod pod ps -q | wc -l)" = 1 ]
		for i in $(seq 50); do
			runpod pod rm -f -t 0 "$P" >"$T/out$i" 2>"$T/err$i" 3>&- &
			pids[i]=$!
		done
		for i in $(seq 50); do
			wait "${pids[i]}"
		done
		[ "$(runpod pod ps -q | wc -l)" = 0 ]
		[ -z "$(left_records)" ]
	done
}

@test "R15 creates against removals of one name, listings meanwhile never fail" {
	local pids=() i n=0
	for i in $(seq 50); do
		if [ $((i % 2)) = 0 ]; then
			runpod create --name "$P" busybox true >"$T/out$i" 2>"$T/err$i" 3>&- &
		else
			runpod rm -f -i -t 0 "$P" >"$T/out$i" 2>"$T/err$i" 3>&- &
		fi
		pids+=($!)
	done
	busy() { kill -0 "${pids[@]}" 2>/dev/null; }
	while [ "$n" -lt 10 ] || [ -n "$(jobs -r)" ]; do
		n=$((n + 1))
		runpod ps -a --format json >"$T/ps" 2>"$T/ps.err"
		[ ! -s "$T/ps.err" ] || { cat "$T/ps.err"; false; }
		[ "$n" -lt 500 ]
	done
	for i in "${pids[@]}"; do wait "$i" || :; done
	grep -h Error "$T"/err* | sort | uniq -c | sort -n | tail
	grep -h Error "$T"/err* | not grep -vE 'already in use|no such container|no container with'
	[ "$(runpod ps -aq | wc -l)" -le 1 ]
	runpod rm -f -i "$P"
	[ -z "$(left_records)" ]
}
