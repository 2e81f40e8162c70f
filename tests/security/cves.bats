#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test runs in a subshell of its own: that is wanted
# cves.bats: the ways out of containers that others have had to close, tried here: rows S1 to S12
# of docs/SECURITY.md. What is attacked is watched from outside: a file that the container may not
# change, a directory that it may not reach, a number that it may not become.

load ../lib/common

setup() {
	common_setup
	P=$(rnd)
	chmod 755 "$T"
	mkdir "$T/tools" "$T/outside" "$T/flag"
	cp "$LOCAL_TOOLS/peek" "$T/tools/"
	echo secret >"$T/outside/secret"
	chmod 777 "$T/outside" "$T/flag"
	BEFORE=$(outside)
}

root() { [ "$(id -u)" = 0 ]; }

# outside: all of the directory that no container was given.
outside() {
	find "$T/outside" -printf '%p %m %U:%G %s %T@ %n %l\n' | sort
	cat "$T/outside/secret"
}

unhurt() {
	[ "$(outside)" = "$BEFORE" ] || { diff <(echo "$BEFORE") <(outside); return 1; }
	not grep -F " $T/outside" /proc/self/mountinfo
}

# make_image NAME: of the directory $T/image, in which a static busybox is put, and its links.
make_image() {
	local name
	mkdir -p "$T/image/bin"
	cp "$(command -v busybox)" "$T/image/bin/busybox"
	for name in sh ls cat id stat env true sleep; do
		ln -sf busybox "$T/image/bin/$name"
	done
	tar -C "$T/image" --owner=0 --group=0 -cf "$T/image.tar" .
	runpod import "$T/image.tar" "$1" >/dev/null
	rm -r "$T/image"
}

# refused COMMAND...: runpod says an error of its own, and which.
refused() {
	run runpod "$@"
	echo "$status: $output"
	[ "$status" -ge 125 ]
	[ "$status" -le 127 ]
	grep -q '^Error: ' <<<"$output"
}

# ---- S1 ------------------------------------------------------------------------------------------

@test "S1 CVE-2019-5736: an entry #!/proc/self/exe and a writer, 200 execs: the binary is unchanged" {
	local before i
	before=$(sha256sum "$RUNPOD"; stat -c '%Y %s %i' "$RUNPOD")
	mkdir -p "$T/image"
	printf '#!/proc/self/exe\n' >"$T/image/entry"
	chmod 755 "$T/image/entry"
	make_image "$P:1"
	run runpod run --rm "$P:1" /entry # the first program too
	[ "$status" -ne 0 ]
	runpod run -d --name "$P" -v "$T/tools:/tools:ro" -v "$T/flag:/flag" "$P:1" sh -c '/tools/peek overwrite >/flag/said'
	for i in $(seq 200); do
		runpod exec "$P" /entry >/dev/null 2>&1 || :
	done
	# the supervisor runs the same file, which keeps it busy: without it, nothing does
	i=$(runpod inspect --format '{{.State.ConmonPid}}' "$P")
	kill -KILL "$i"
	wait_until 5 gone "$i"
	: >"$T/flag/stop"
	wait_until 5 [ -s "$T/flag/said" ]
	cat "$T/flag/said"
	grep -q '^looked at some, held [0-9]*, attached 0, host files 0, written 0$' "$T/flag/said"
	[ "$(sha256sum "$RUNPOD"; stat -c '%Y %s %i' "$RUNPOD")" = "$before" ]
}

# ---- S2 ------------------------------------------------------------------------------------------

@test "S2 CVE-2024-21626: a working directory /proc/self/fd/N, the caller leaves / open: refused, run and exec" {
	local n fds
	runpod run -d --name "$P" busybox sleep 1000 7</
	for ((n = 3; n <= 64; n++)); do
		run runpod exec -w "/proc/self/fd/$n" "$P" sh -c "ls $T/outside" 7</ 9</ 40</
		[ "$status" -ne 0 ]
		grep -q '^Error: .*/proc/self/fd/' <<<"$output"
		[ $((n % 4)) = 3 ] || continue # each start costs more than an exec
		run runpod run --rm -w "/proc/self/fd/$n" busybox sh -c "ls $T/outside" 7</ 9</ 40</
		[ "$status" -ne 0 ]
		grep -q '^Error: .*/proc/self/fd/' <<<"$output"
	done
	# and a link to it in the image
	mkdir -p "$T/image"
	for n in 7 8 9 10 11 12; do ln -s "/proc/self/fd/$n" "$T/image/w$n"; done
	make_image "$P:1"
	for n in 7 8 9 10 11 12; do
		run runpod run --rm -w "/w$n" "$P:1" sh -c "ls $T/outside" 7</ 9</
		[ "$status" -ne 0 ]
	done
	fds=$(runpod exec "$P" sh -c 'ls /proc/$$/fd; exit 0' 7</ 9</ 40</)
	[ "$fds" = $'0\n1\n2' ]
}

# ---- S3 ------------------------------------------------------------------------------------------

@test "S3 CVE-2016-9962: ptrace and links of helpers that are just joining: 0 attached, 0 host files" {
	local i
	runpod run -d --name "$P" -v "$T/tools:/tools:ro" -v "$T/flag:/flag" busybox /tools/peek watch "$T/outside/secret"
	for i in $(seq 150); do
		runpod exec "$P" true || :
	done
	: >"$T/flag/stop"
	runpod wait "$P"
	runpod logs "$P"
	runpod logs "$P" | grep -q '^looked at some, held 0, attached 0, host files 0, written 0$'
}

# ---- S4 ------------------------------------------------------------------------------------------

# A volume in which a container exchanges a directory and a link to the host's directory, while
# others are started with a mount upon it, and upon what is below it.
@test "S4 CVE-2021-30465 CVE-2024-45310: a mount's target swapped for a link, up to 500 starts: nothing of the host is seen or made" {
	local i tried=0 deadline=$((SECONDS + 25))
	mkdir "$T/volume" "$T/volume/d" "$T/source"
	ln -s "$T/outside" "$T/volume/l"
	echo mine >"$T/source/mine"
	if root; then chmod -R 777 "$T/volume"; fi
	runpod run -d --name "$P" -v "$T/tools:/tools:ro" -v "$T/volume:/v" busybox /tools/peek swap /v/d /v/l
	wait_until 5 log_says "$P" swapping
	start() { # NUMBER
		runpod run --rm --network none -v "$T/volume:/v" -v "$T/source:/v/d/new$(($1 % 3))" -v "$T/source:/v/d" \
			busybox sh -c "ls $T/outside /v/d/secret /v/l/secret 2>/dev/null; exit 0" >>"$T/said.$1" 2>>"$T/err.$1" || :
	}
	for ((i = 0; i < 500 && SECONDS < deadline; i += 2)); do
		start 0 &
		start 1
		wait $!
		tried=$((tried + 2))
	done
	echo "$tried starts"
	[ "$tried" -ge 50 ]
	not grep -h secret "$T/said.0" "$T/said.1"
	unhurt
	runpod rm -f -t 0 "$P"
	rm -rf "$T/volume"
}

# ---- S5 ------------------------------------------------------------------------------------------

@test "S5 CVE-2019-19921 CVE-2023-27561 CVE-2025-31133 CVE-2025-52565: an image's links where mounts go lead nowhere" {
	local links=("proc outside" "sys outside" "dev outside" "etc outside" "proc /" "dev /proc" "dev/null outside/secret"
		"dev/null /proc/sys/kernel/core_pattern" "dev/console outside/secret" "dev/pts outside" "dev/shm outside"
		"dev/mqueue outside" "dev/ptmx outside/secret" "etc/hosts outside/secret" "etc/resolv.conf outside/secret"
		"etc/hostname outside/new" "sys/fs/cgroup outside" "proc/self outside" "sys/firmware outside" "dev/fd outside")
	local each name target pattern i=0
	pattern=$(cat /proc/sys/kernel/core_pattern)
	for each in "${links[@]}"; do
		name=${each% *} target=${each#* }
		[ "${target#outside}" = "$target" ] || target=$T/$target
		mkdir -p "$T/image/${name%/*}"
		rm -rf "${T:?}/image/$name"
		ln -s "$target" "$T/image/$name"
		i=$((i + 1))
		make_image "$P:$i"
		run runpod run --rm "$P:$i" sh -c 'stat -c "null %F %t:%T" /dev/null; echo x >/dev/null; stat -f -c "proc %T" /proc
			echo x >/dev/shm/x; echo x >>/etc/hosts; echo x >/sys/firmware/x; ls /proc/self/exe && echo ran'
		echo "$name -> $target: $status: $output"
		unhurt
		[ "$(cat /proc/sys/kernel/core_pattern)" = "$pattern" ]
		# either it was refused, or all is as it should be
		if [ "$status" -ge 125 ] && grep -q ^Error: <<<"$output"; then continue; fi
		grep -qx 'null character special file 1:3' <<<"$output"
		grep -qx 'proc proc\|proc UNKNOWN\|proc 9fa0' <<<"$output"
		grep -qx ran <<<"$output"
	done
}

@test "S5 with a terminal, an image's /dev/console and /dev/pts as links get nothing" {
	skip_unless_tool script
	mkdir -p "$T/image/dev"
	ln -s "$T/outside/secret" "$T/image/dev/console"
	ln -s "$T/outside" "$T/image/dev/pts"
	make_image "$P:1"
	SHELL=/bin/sh script -qec "'$RUNPOD' --root '$T/root' --runroot '$T/run' run --rm -t $P:1 sh -c 'echo hello >/dev/console; stat -c %F /dev/console'" \
		/dev/null </dev/null 3>&- | tr -d '\r' >"$T/out"
	cat "$T/out"
	unhurt
	grep -q '^Error' "$T/out" || grep -qx 'character special file' "$T/out"
}

# ---- S6 ------------------------------------------------------------------------------------------

@test "S6 CVE-2025-52881: sysctls reach the kernel's own file and no other" {
	local panic
	panic=$(cat /proc/sys/kernel/panic)
	mkdir -p "$T/image"
	ln -s "$T/outside" "$T/image/proc"
	make_image "$P:1"
	run runpod run --rm --sysctl net.ipv4.ip_forward=1 "$P:1" true
	unhurt
	for name in kernel.panic ../kernel.panic net/../kernel/panic net.ipv4/../../kernel/panic net...kernel.panic \
		kernel.shm_rmid_forced/../panic /proc/sys/kernel/panic net.ipv4.conf/../../../kernel/panic; do
		refused run --rm --sysctl "$name=17" busybox true
		[ "$(cat /proc/sys/kernel/panic)" = "$panic" ]
	done
	run runpod run --rm --sysctl net.ipv4.conf.all.forwarding=1 busybox cat /proc/sys/net/ipv4/conf/all/forwarding
	[ "$output" = 1 ]
	[ -z "$(runpod ps -aq)" ]
}

# ---- S7 ------------------------------------------------------------------------------------------

# Every kind of write, at each of the places; prints what was let through.
# shellcheck disable=SC2016
TRY_WRITES='for d; do
	for c in "touch $d/new" "mkdir $d/dir" "rm $d/file" "mv $d/file $d/other" "chmod 777 $d/file" "ln -s x $d/link" \
		"dd if=/dev/zero of=$d/file bs=1 count=1" "truncate -s 0 $d/file" "mount -o remount,rw $d" "umount $d"; do
		if said=$($c 2>&1); then echo "let through: $c"; else
			case $said in *"Read-only file system"* | *"not permitted"* | *"not mounted"* | *"ermission denied"* | *"find /m"*) ;; *) echo "other: $c: $said" ;; esac
		fi
	done
done; echo done'

@test "S7 CVE-2026-115521: read-only is read-only, in the mounts below as well" {
	local places=(/m /m/sub) option
	mkdir "$T/source" "$T/source/sub"
	echo x >"$T/source/file"
	echo x >"$T/source/sub/file"
	chmod -R 777 "$T/source"
	if root; then
		mount -t tmpfs below "$T/source/sub"
		mkdir "$T/source/sub/deeper"
		mount -t tmpfs deeper "$T/source/sub/deeper"
		echo x >"$T/source/sub/file"
		echo x >"$T/source/sub/deeper/file"
		places+=(/m/sub/deeper)
	fi
	for option in "-v $T/source:/m:ro" "-v $T/source:/m:ro,rbind" "--mount type=bind,src=$T/source,dst=/m,ro" \
		"--mount type=bind,src=$T/source,dst=/m,readonly"; do
		# shellcheck disable=SC2086 # words are wanted
		run runpod run --rm $option busybox sh -c "$TRY_WRITES" sh "${places[@]}"
		echo "$option: $output"
		[ "$output" = 'done' ]
	done
	[ "$(cat "$T/source/file" "$T/source/sub/file")" = $'x\nx' ]
	# that the attempts would succeed where they may
	run runpod run --rm -v "$T/source:/m" busybox sh -c "$TRY_WRITES" sh /m
	grep -q 'let through: touch' <<<"$output"
	! root || umount "$T/source/sub/deeper" "$T/source/sub"
}

@test "S7 --read-only: the root too, and what is mounted in it stays as it was asked for" {
	run runpod run --rm --read-only --tmpfs /t -v "$T/outside:/o:ro" busybox sh -c \
		'touch /x 2>&1; touch /bin/x 2>&1; touch /etc/x 2>&1; mkdir /dev/x 2>/dev/null; touch /o/x 2>&1; touch /t/x && echo tmpfs'
	echo "$output"
	[ "$(grep -c 'Read-only file system' <<<"$output")" = 4 ]
	grep -qx tmpfs <<<"$output"
	unhurt
}

# ---- S8 ------------------------------------------------------------------------------------------

@test "S8 CVE-2022-29162 CVE-2022-24769: a setuid program and one with file capabilities gain nothing" {
	local verb
	mkdir -p "$T/image/gain"
	cp "$LOCAL_TOOLS/peek" "$T/image/gain/setuid"
	cp "$LOCAL_TOOLS/peek" "$T/image/gain/setgid"
	cp "$LOCAL_TOOLS/peek" "$T/image/gain/plain"
	chmod 4755 "$T/image/gain/setuid"
	chmod 2755 "$T/image/gain/setgid"
	make_image "$P:1"
	runpod run --rm -u 1000 "$P:1" true || skip "host: one user id only (no newuidmap): no other uid to be"
	mkdir "$T/caps"
	cp "$LOCAL_TOOLS/peek" "$T/caps/capable"
	if root; then setcap cap_chown+ep "$T/caps/capable"; fi # one that the bounding set has
	runpod run -d --name "$P" -u 1000 -v "$T/caps:/caps:ro" "$P:1" sleep 1000
	for verb in "exec $P" "exec -u 1000 $P" "run --rm -u 1000 -v $T/caps:/caps:ro $P:1"; do
		for program in /gain/plain /gain/setuid /gain/setgid /caps/capable; do
			# shellcheck disable=SC2086
			run runpod $verb $program who
			echo "$verb $program: $output"
			grep -qx "Uid:$(printf '\t1000\t1000\t1000\t1000')" <<<"$output"
			grep -qx "CapEff:$(printf '\t')0000000000000000" <<<"$output"
		done
	done
	# inheritable capabilities would let it gain: there are none, also for uid 0
	[ "$(runpod run --rm "$P:1" cat /proc/self/status | sed -n 's/CapInh:.//p')" = 0000000000000000 ]
}

# ---- S9 ------------------------------------------------------------------------------------------

@test "S9 CVE-2026-30892 CVE-2024-40635 CVE-2022-36109: odd users are who they say or an error, never root" {
	local user
	for user in 0x0 0x1 -1 4294967295 4294967296 4294967297 18446744073709551616 1: :1 ' 1' '1 ' +1 00x 1:0x0 1:-1 1:4294967296 \
		1:4294967295 nobody.such 1:nobody.such $'root\n' '0 ' '*'; do
		run runpod run --rm "--user=$user" busybox sh -c 'echo "became $(id -u):$(id -g)"'
		echo "[$user] $status: $output"
		if [ "$status" = 0 ]; then
			[ "$user" = :1 ] # the default user with that group
			[ "$output" = 'became 0:1' ]
		else
			not grep became <<<"$output"
			[ "$status" -ge 125 ]
		fi
	done
	runpod run -d --name "$P" busybox sleep 1000
	for user in 0x0 -1 4294967295 4294967296 ' 1' nobody.such; do
		run runpod exec "--user=$user" "$P" id -u
		[ "$status" -ge 125 ]
	done
	[ "$(runpod run --rm --user root busybox id -u)" = 0 ]
	runpod run --rm -u 1 busybox true || skip "host: one user id only (no newuidmap): no other uid to be"
	[ "$(runpod run --rm --user 1 busybox id -u)" = 1 ]
	[ "$(runpod run --rm --user 1:2 busybox sh -c 'echo $(id -u) $(id -g) $(id -G)')" = '1 2 2' ] # no group besides
	[ "$(runpod run --rm --user 007 busybox id -u)" = 7 ]
	# of a name in the image's own files: that id, whatever a name looks like
	mkdir -p "$T/image/etc"
	printf 'root:x:0:0::/:/bin/sh\n12:x:34:56::/:/bin/sh\nweb:x:77:78::/home/web:/bin/sh\nbig:x:4294967296:0::/:/bin/sh\nneg:x:-1:0::/:/bin/sh\nempty:x:::::\n' >"$T/image/etc/passwd"
	printf 'root:x:0:\nextra:x:99:web\n' >"$T/image/etc/group"
	make_image "$P:1"
	[ "$(runpod run --rm --user web "$P:1" sh -c 'echo $(id -u) $(id -g) $(id -G)')" = '77 78 78 99' ]
	[ "$(runpod run --rm --user 12 "$P:1" id -u)" != 0 ]
	for user in big neg empty; do
		run runpod run --rm --user $user "$P:1" id -u
		echo "$user: $status $output"
		[ "$status" -ge 125 ]
	done
}

@test "S9 the groups of the caller do not come along" {
	local groups
	groups=$(runpod run --rm busybox sed -n 's/^Groups:[[:space:]]*//p' /proc/self/status)
	echo "$groups"
	for group in $groups; do
		[ "$group" = 0 ] || grep -q "^[^:]*:[^:]*:$group:.*root" <<<"$(runpod run --rm busybox cat /etc/group)"
	done
}

# ---- S10 -----------------------------------------------------------------------------------------

@test "S10 CVE-2017-1002101: a subpath that leads out of its volume is refused" {
	local path data
	runpod volume create "$P"
	data=$(runpod volume inspect --format '{{.Mountpoint}}' "$P")
	runpod run --rm -v "$P:/v" busybox sh -c "mkdir -p /v/in/side; echo mine >/v/in/file
		ln -s / /v/abs; ln -s ../../../../../../../../../$T/outside /v/rel; ln -s ../.. /v/up; ln -s in /v/inner; ln -s /proc/self/root /v/magic"
	for path in .. ../.. ../../../../../.. in/../../.. abs "abs$T/outside" rel rel/secret up inner/../.. magic magic/etc; do
		refused run --rm --mount "type=volume,src=$P,dst=/x,volume-subpath=$path" busybox ls /x
		not grep -x 'secret\|etc' <<<"$output"
	done
	run runpod run --rm --mount "type=volume,src=$P,dst=/x,volume-subpath=/in" busybox cat /x/file
	[ "$output" = mine ]
	# below it, and it alone: the parent is not to be reached
	run runpod run --rm --mount "type=volume,src=$P,dst=/x,subpath=in/side" busybox ls -a /x/..
	not grep -x file <<<"$output"
	unhurt
	[ -d "$data" ]
}

@test "S10 CVE-2021-25741: a subpath swapped for a link while containers start, up to 300 times: nothing of the host is seen" {
	local i deadline=$((SECONDS + 20))
	runpod volume create "$P"
	runpod run --rm -v "$P:/v" busybox sh -c "mkdir /v/d; echo mine >/v/d/mine; ln -s $T/outside /v/l"
	runpod run -d --name "$P" -v "$T/tools:/tools:ro" -v "$P:/v" busybox /tools/peek swap /v/d /v/l
	wait_until 5 log_says "$P" swapping
	for ((i = 0; i < 300 && SECONDS < deadline; i++)); do
		runpod run --rm --network none --mount "type=volume,src=$P,dst=/x,volume-subpath=d" busybox ls /x >>"$T/said" 2>&1 || :
	done
	echo "$i starts, $(grep -c '^mine' "$T/said") of them saw the directory"
	[ "$i" -ge 50 ]
	grep -qx mine "$T/said"
	not grep -x secret "$T/said"
	unhurt
}

@test "S10 CVE-2025-9566: removing a container or a volume deletes nothing through its links" {
	runpod volume create "$P"
	runpod run --name "$P" -v "$P:/v" busybox sh -c "ln -s $T/outside /v/abs; ln -s ../../../../../../../../../../$T/outside /v/rel
		ln -s $T/outside /x; ln -s ../../../../../../../../../../../../../../$T/outside /bin/x; mkdir -p /deep/a; ln -s $T/outside /deep/a/x"
	runpod rm "$P"
	runpod volume rm "$P"
	unhurt
}

# ---- S11 -----------------------------------------------------------------------------------------

@test "S11 CVE-2024-23653: hostile labels, annotations and names change nothing but themselves" {
	local value
	# shellcheck disable=SC2016
	for value in 'a"b' $'line\nline' '$(touch /tmp/x)' '{"spec":{"privileged":true}}' '","privileged":true,"x":"' '%s%n%s' '../../../etc' '{{.Id}}' $'\e[2J'; do
		runpod run -d --name "$P" --label "k=$value" --annotation "run.oci.privileged=$value" --annotation "io.podman.annotations.privileged=TRUE" \
			-e "V=$value" busybox sleep 1000
		[ "$(runpod inspect --format '{{index .Config.Labels "k"}}' "$P"; echo .)" = "$value"$'\n.' ]
		[ "$(runpod exec "$P" sh -c 'printf %s "$V"')" = "$value" ]
		[ "$(sed -n 's/^CapEff:.//p' "/proc/$(ctr_pid "$P")/status")" = "$(printf %016x $((0x800405fb)))" ]
		runpod ps -a --format json >"$T/ps"
		[ "$(runpod ps -aq | wc -l)" = 1 ]
		runpod rm -f -t 0 "$P"
	done
}

@test "S11 CVE-2026-57231: an image's environment of names alone brings no variable of the caller's" {
	local file
	make_image "$P:1"
	file=$(find "$T/root/images" -name image.json)
	# as an archive with a configuration would have left it
	sed -i 's/^{/{ "Config": { "Env": ["*", "HOST_SECRET", "HOST_*", "GOOD=1"], "Labels": ["io.x=*"] },/' "$file"
	export HOST_SECRET=do-not-tell
	run runpod run --rm "$P:1" env
	echo "$status: $output"
	[ "$status" = 0 ]
	not grep do-not-tell <<<"$output"
	grep -qx GOOD=1 <<<"$output"
	# shellcheck disable=SC2016
	[ "$(runpod run --rm -e HOST_SECRET "$P:1" sh -c 'echo $HOST_SECRET')" = do-not-tell ] # asked for, it comes
}

# ---- S12 -----------------------------------------------------------------------------------------

@test "S12 CVE-2021-20199: a client of a published port does not look like 127.0.0.1; after rm the network is gone within a second" {
	local port inode
	port=$(free_port)
	runpod run -d --name "$P" -p "$port:80" busybox nc -l -p 80 -e sleep 1000
	at_80() { runpod exec "$P" cat /proc/net/tcp /proc/net/tcp6 | awk -v state="$1" '$2 ~ /:0050$/ && $4 == state { print $3 }' >"$T/peer"; [ -s "$T/peer" ]; }
	wait_until 5 at_80 0A # it listens
	inode=$(ns_inode "$(ctr_pid "$P")" net)
	exec 8<>"/dev/tcp/127.0.0.1/$port"
	wait_until 5 at_80 01 # it is connected
	cat "$T/peer"
	not grep -E '^(0100007F|0000000000000000FFFF00000100007F|00000000000000000000000001000000):' "$T/peer"
	exec 8>&-
	runpod rm -f -t 0 "$P"
	# nobody holds it: no process in it, and no descriptor of it
	held() { [ -n "$(find /proc/[0-9]*/ns/net /proc/[0-9]*/fd /proc/[0-9]*/task/*/ns/net -lname "net:\[$inode\]" 2>/dev/null)" ]; }
	wait_until 1 not held 2>/dev/null
}
