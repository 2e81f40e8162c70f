#!/usr/bin/env bats
# baseline.bats: what every container has and has not unless its user lifts it, each line of
# docs/SECURITY.md's baseline, for the first program (run) and for later ones (exec), as uid 0
# and as another. What the container says of itself is compared with what the kernel shows of
# it from outside.

load ../lib/common

BOUND=00000000800405fb # podman's eleven capabilities
MASKED=(/proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats /proc/sched_debug
	/proc/scsi /proc/timer_list /proc/timer_stats /sys/firmware /sys/fs/selinux /sys/devices/virtual/powercap)
READ_ONLY=(/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger)

setup() {
	common_setup
	chmod 755 "$T"
	mkdir "$T/tools"
	cp "$LOCAL_TOOLS/denied" "$T/tools/"
}

# both RUN-OPTIONS... -- COMMAND...: the command as a container's first program and by exec, as
# uid 0 and 1000. Leaves what each said in $T/said.{run,exec}.{0,1000}.
both() {
	local options=() name uid
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	name=$(rnd)
	runpod run -d --name "$name" "${options[@]}" busybox sleep 1000
	for uid in 0 1000; do
		[ "$uid" = 0 ] || has_second_id || continue
		runpod run --rm -u "$uid" "${options[@]}" busybox "$@" >"$T/said.run.$uid"
		runpod exec -u "$uid" "$name" "$@" >"$T/said.exec.$uid"
	done
	runpod rm -f -t 0 "$name"
	cp "$T/said.run.0" "$T/said" # what a single look needs
}

# Without newuidmap(1) and a range in /etc/subuid a user has one id only: no second user to be.
has_second_id() {
	[ "$(id -u)" = 0 ] || runpod run --rm -u 1000 busybox true >"$T/second" 2>&1
}

value() { sed -n "s/^$2:[[:space:]]*//p" "$1"; }

@test "capabilities, no_new_privs and the filter, run and exec, uid 0 and another" {
	local file
	both -- cat /proc/self/status
	for file in "$T"/said.*; do
		[ "$(value "$file" CapInh)" = 0000000000000000 ]
		[ "$(value "$file" CapAmb)" = 0000000000000000 ]
		[ "$(value "$file" CapBnd)" = $BOUND ]
		[ "$(value "$file" NoNewPrivs)" = 1 ]
		[ "$(value "$file" Seccomp)" = 2 ]
	done
	for file in "$T"/said.*.0; do
		[ "$(value "$file" CapPrm)" = $BOUND ]
		[ "$(value "$file" CapEff)" = $BOUND ]
	done
	for file in "$T"/said.*.1000; do
		[ -e "$file" ] || skip "host: one user id only (no newuidmap): no other uid to be"
		[ "$(value "$file" CapPrm)" = 0000000000000000 ]
		[ "$(value "$file" CapEff)" = 0000000000000000 ]
		[ "$(value "$file" Uid)" = "$(printf '1000\t1000\t1000\t1000')" ]
	done
}

@test "the infra container has no capability but those, and the same filter" {
	local pod pid
	pod=$(rnd)
	runpod pod create --name "$pod"
	runpod pod start "$pod"
	pid=$(runpod inspect --format '{{.State.Pid}}' "$(runpod pod inspect --format '{{.InfraContainerID}}' "$pod")")
	[ "$(value "/proc/$pid/status" NoNewPrivs)" = 1 ]
	[ "$(value "/proc/$pid/status" Seccomp)" = 2 ]
	[ $((0x$(value "/proc/$pid/status" CapBnd) & ~0x$BOUND)) = 0 ]
	[ $((0x$(value "/proc/$pid/status" CapEff) & ~0x$BOUND)) = 0 ]
}

@test "89 denied system calls, run and exec, uid 0 and another" {
	local file
	both -v "$T/tools:/tools:ro" -- /tools/denied
	for file in "$T"/said.*; do
		grep -v '^ok' "$file" || :
		[ "$(head -n 1 "$file")" = 1..89 ] || [ "$(uname -m)" != x86_64 ]
		[ "$(grep -c '^ok ' "$file")" = "$(sed -n 's/^1\.\.//p' "$file")" ]
	done
	[ -e "$T/said.exec.1000" ] || skip "host: one user id only (no newuidmap): no other uid to be"
}

# What /dev holds, a line an entry: name, kind, device numbers or where a link leads.
# shellcheck disable=SC2016
LIST_DEV='for f in /dev/*; do
	if [ -L "$f" ]; then echo "$f -> $(readlink "$f")"; else stat -c "%n %F %t:%T %a" "$f"; fi
done'

@test "/dev holds exactly what it should, and the devices are the ones they are called" {
	local expected file
	expected=$(sort <<-'END'
		/dev/fd -> /proc/self/fd
		/dev/full character special file 1:7 666
		/dev/mqueue directory 0:0 1777
		/dev/null character special file 1:3 666
		/dev/ptmx -> pts/ptmx
		/dev/pts directory 0:0 755
		/dev/random character special file 1:8 666
		/dev/shm directory 0:0 1777
		/dev/stderr -> /proc/self/fd/2
		/dev/stdin -> /proc/self/fd/0
		/dev/stdout -> /proc/self/fd/1
		/dev/tty character special file 5:0 666
		/dev/urandom character special file 1:9 666
		/dev/zero character special file 1:5 666
	END
	)
	both -- sh -c "$LIST_DEV"
	for file in "$T"/said.*; do
		diff <(sort "$file") - <<<"$expected"
	done
	both -- sh -c 'ls -A /dev/shm /dev/mqueue; ls -A /dev/pts'
	[ "$(tail -n 1 "$T/said")" = ptmx ] # a devpts of its own: no terminal of anybody else
}

@test "with a terminal there is /dev/console besides, and it is that terminal" {
	skip_unless_tool script
	local name
	name=$(rnd)
	# shellcheck disable=SC2016 # for the inner shell
	SHELL=/bin/sh script -qec "'$RUNPOD' --root '$T/root' --runroot '$T/run' run --rm -t --name $name busybox \
		sh -c 'ls /dev | wc -l; test /dev/console -ef \$(tty) && echo same; stat -c %t /dev/console; ls -1 /proc/\$\$/fd; exit 0'" \
		/dev/null </dev/null 3>&- | tr -d '\r' >"$T/out"
	cat "$T/out"
	diff "$T/out" - <<<$'15\nsame\n88\n0\n1\n2'
}

@test "masked: files are the null device, directories are empty and cannot be written" {
	local file path seen=0
	# shellcheck disable=SC2016
	both -- sh -c 'for p; do
		[ -e "$p" ] || { echo "$p absent"; continue; }
		if [ -d "$p" ]; then echo "$p $(ls -A "$p" | wc -l) $(mkdir "$p/x" 2>&1)"
		else echo "$p $(stat -c %t:%T "$p") $(head -c 10 "$p" | wc -c)"; fi
	done' sh "${MASKED[@]}"
	for file in "$T"/said.*; do
		cat "$file"
		for path in "${MASKED[@]}"; do
			[ -e "$path" ] || { grep -qx "$path absent" "$file"; continue; }
			seen=$((seen + 1))
			if [ -d "$path" ]; then
				grep -q "^$path 0 mkdir:.*\(Read-only file system\|Permission denied\)" "$file"
			else
				grep -qx "$path 1:3 0" "$file"
			fi
		done
	done
	[ "$seen" -ge 4 ] # some of them are on every kernel
}

@test "read-only: every write to those of /proc is refused" {
	local file path
	# shellcheck disable=SC2016
	both -- sh -c 'for p; do
		[ -e "$p" ] || continue
		if [ -d "$p" ]; then touch "$p/x" 2>&1; else true >>"$p"; fi
		grep -q " $p ro," /proc/self/mountinfo && echo "$p ro"
	done
	(echo 1 >/proc/sys/kernel/panic) 2>&1
	(echo 1 >/proc/sys/net/ipv4/ip_forward) 2>&1
	exit 0' sh "${READ_ONLY[@]}"
	for file in "$T"/said.*; do
		cat "$file"
		for path in "${READ_ONLY[@]}"; do
			[ ! -e "$path" ] || grep -qx "$path ro" "$file"
		done
	done
	for file in "$T"/said.*.0; do
		[ "$(grep -c "/proc/sys/.*Read-only file system" "$file")" = 2 ]
	done
}

@test "the mounts: their flags, and no path of the host's in mountinfo" {
	local file
	both -- cat /proc/self/mountinfo
	for file in "$T"/said.*; do
		# point, its options, the kind of file system
		awk '{ for (i = 7; $i != "-"; i++); print $5, $6, $(i + 1) }' "$file" >"$T/mounts"
		grep -x '/proc rw,nosuid,nodev,noexec,relatime proc' "$T/mounts"
		grep -x '/sys ro,nosuid,nodev,noexec,relatime sysfs' "$T/mounts"
		[ ! -d /sys/fs/cgroup ] || grep -x '/sys/fs/cgroup ro,nosuid,nodev,noexec,relatime cgroup2' "$T/mounts"
		grep -x '/dev rw,nosuid,noexec,relatime tmpfs' "$T/mounts"
		grep -x '/dev/pts rw,nosuid,noexec,relatime devpts' "$T/mounts"
		grep -x '/dev/shm rw,nosuid,nodev,noexec,relatime tmpfs' "$T/mounts"
		grep -x '/dev/mqueue rw,nosuid,nodev,noexec,relatime mqueue' "$T/mounts"
		grep -q ' /dev/shm .*size=65536k' "$file"
		[ "$(awk '$5 == "/"' "$file" | wc -l)" = 1 ] # the host's root is not below
		not grep -F -e "$T" -e "$TREE" "$file"
		# the root of a mount within its file system: "/", a device, or what was asked for
		awk '{ print $4 }' "$file" | sort -u | grep -vxE '/|/(null|zero|full|tty|random|urandom)|/(bus|fs|irq|sys|sysrq-trigger)|/etc/(hosts|hostname|resolv.conf)' >"$T/roots" || :
		diff "$T/roots" /dev/null
	done
}

@test "a cgroup namespace of its own, and pids.max" {
	local name pid uid group
	both -- sh -c 'cat /proc/self/cgroup; readlink /proc/self/ns/cgroup'
	for uid in "$T"/said.*; do
		grep -x 0::/ "$uid"
		[ "$(tail -n 1 "$uid")" != "$(readlink /proc/self/ns/cgroup)" ]
	done
	skip_unless_controller pids
	name=$(rnd)
	runpod run -d --name "$name" busybox sleep 1000
	pid=$(ctr_pid "$name")
	group=$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
	[ "$(cat "$(cgroup_root)$group/pids.max")" = 2048 ]
}

@test "exec's program is in the namespaces and the cgroup of the first, and no other" {
	local name pid other
	name=$(rnd)
	runpod run -d --name "$name" busybox sleep 1000
	pid=$(ctr_pid "$name")
	runpod exec -d "$name" sleep 1001
	in_exec() { other=$(pgrep -f 'sleep 1001' | head -n 1) && grep -qzx 1001 "/proc/$other/cmdline"; }
	wait_until 5 in_exec
	same_ns "$pid" "$other" cgroup ipc mnt net pid uts user
	differ_ns "$pid" $$ cgroup ipc mnt net pid uts
	[ "$(id -u)" = 0 ] || differ_ns "$pid" $$ user
	[ "$(cat "/proc/$pid/cgroup")" = "$(cat "/proc/$other/cgroup")" ]
}

@test "ports from 0 on are open to every user; ping only without a user namespace" {
	both -- sh -c 'cd /proc/sys/net/ipv4 && cat ip_unprivileged_port_start ping_group_range'
	cat "$T/said"
	[ "$(head -n 1 "$T/said")" = 0 ]
	if [ "$(id -u)" = 0 ]; then
		[ "$(tail -n 1 "$T/said")" = $'0\t2147483647' ]
	else
		[ "$(tail -n 1 "$T/said")" = $'65534\t65534' ] # the kernel's own 1 0, of which neither is an id in here
	fi
}

@test "the name files are the same files in all containers of a pod" {
	local pod
	pod=$(rnd)
	runpod pod create --name "$pod"
	for _ in 1 2; do
		runpod run --rm --pod "$pod" busybox stat -c %d:%i /etc/hosts /etc/resolv.conf /etc/hostname >>"$T/inodes"
	done
	[ "$(wc -l <"$T/inodes")" = 6 ]
	[ "$(sort -u "$T/inodes" | wc -l)" = 3 ]
	run runpod run --rm --pod "$pod" busybox cat /etc/hostname
	[ "$output" = "$pod" ]
}

@test "descriptors 0, 1 and 2 and no other, whatever the caller left open" {
	local file
	# ls looks at the shell, so its own descriptor is not in the list
	# shellcheck disable=SC2016
	exec 5</ 6<>"$T/leak" 9</etc
	both -- sh -c 'ls /proc/$$/fd; exit 0'
	exec 5<&- 6>&- 9<&-
	for file in "$T"/said.*; do
		diff "$file" - <<<$'0\n1\n2'
	done
	# and the one program that is not ours to start: pause
	local pod pid
	pod=$(rnd)
	runpod pod create --name "$pod" 7</
	runpod pod start "$pod" 7</
	pid=$(runpod inspect --format '{{.State.Pid}}' "$(runpod pod inspect --format '{{.InfraContainerID}}' "$pod")")
	if [ "$(id -u)" = 0 ]; then
		[ "$(echo /proc/"$pid"/fd/*)" = "/proc/$pid/fd/0 /proc/$pid/fd/1 /proc/$pid/fd/2" ]
	fi
}

@test "the supervisor and its helpers keep nothing of the caller's open" {
	local name pid
	name=$(rnd)
	echo mark >"$T/leak"
	runpod run -d --name "$name" busybox sleep 1000 7<"$T/leak" 9<"$T/leak"
	for pid in /proc/[0-9]*; do
		[ "$pid" != "/proc/$$" ] || continue
		[ -z "$(find "$pid/fd" -lname "$T/leak" 2>/dev/null)" ]
	done
}
