#!/usr/bin/env bats
# run.bats: run and create: what each option makes of the container, what its end looks like
# from outside, and that nothing is lost on the way through.

load ../lib/common

# Most of it has nothing to do with the network, and a bridge takes its time.
quick() { runpod run --rm --network none "$@"; }

# status_of FIELD OPTIONS…: a line of /proc/self/status of a container made with these options.
status_of() {
	local field=$1
	shift
	quick "$@" busybox sh -c "sed -n 's/^$field:[[:space:]]*//p' /proc/self/status"
}

CAP_NET_RAW=$((1 << 13)) CAP_KILL=$((1 << 5)) CAP_SYS_ADMIN=$((1 << 21))

# ---- images and roots --------------------------------------------------------------------

@test "the built-in images run: busybox, host, pause; an unknown one is named" {
	run quick busybox sh -c 'echo "$0 $((6 * 7))"; readlink -f /bin/ls'
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = "sh 42 /bin/busybox" ]

	run quick host sh -c 'head -n 1 /etc/os-release; : >/usr/proof && echo written'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$(head -n 1 /etc/os-release)" ]
	[ "${lines[1]}" = written ]
	[ ! -e /usr/proof ] # it went to the container's own layer

	name=$(rnd)
	runpod run -d --network none --name "$name" pause
	wait_until 20 grep -qx pause "/proc/$(ctr_pid "$name")/comm" # it names itself, once it runs

	run runpod run --rm nosuchimage true
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: nosuchimage: image not known"* ]]
}

@test "--rootfs DIR: the directory itself is the root, and what is written stays there" {
	mkdir -p "$T/root dir/"{bin,proc,dev,sys,etc,tmp}
	cp "$(command -v busybox)" "$T/root dir/bin/busybox"
	run quick --rootfs "$T/root dir" /bin/busybox sh -c 'echo mark >/tmp/mark; /bin/busybox ls /'
	[ "$status" -eq 0 ]
	[[ "$output" == *bin* && "$output" != *home* ]]
	[ "$(cat "$T/root dir/tmp/mark")" = mark ]

	run quick --rootfs "$T/nowhere" true
	[ "$status" -eq 125 ]
	[[ "$output" == *"$T/nowhere"*"No such file or directory"* ]]
}

# ---- what the program finds --------------------------------------------------------------

@test "env: PATH, HOME, HOSTNAME and container are there; TERM only with -t; nothing of the caller's" {
	export LEAK=leaked TERM=dumb
	run quick --hostname here busybox env
	[ "$status" -eq 0 ]
	[ "$(sort <<<"$output")" = "$(printf '%s\n' HOME=/root HOSTNAME=here \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin container=runpod)" ]
	run quick -t busybox env
	[[ "$output" == *TERM=xterm* ]]
	run quick -u 4242 busybox sh -c 'echo "$HOME"' # nobody knows that id: its home is /
	[ "$output" = / ] || [[ "$output" == *"id"*"4242"* ]] # one id only: see the next tests
}

@test "-e NAME=v, -e NAME and -e 'PRE*' of the caller, --env-file; the later and the nearer win" {
	export GIVEN=here PRE_A=1 PRE_B=2
	printf '%s\n' '# a comment' '' 'FILE=from file' 'QUOTES="kept"' GIVEN 'BOTH=file' >"$T/env"
	run quick -e ONE=1 -e GIVEN -e MISSING -e 'PRE*' -e EMPTY= -e ONE=2 -e BOTH=flag --env-file "$T/env" busybox env
	[ "$status" -eq 0 ]
	for line in ONE=2 GIVEN=here PRE_A=1 PRE_B=2 EMPTY= "FILE=from file" 'QUOTES="kept"' BOTH=flag; do
		grep -qxF "$line" <<<"$output"
	done
	[[ "$output" != *MISSING* ]]
	[ "$(grep -c '^ONE=' <<<"$output")" -eq 1 ]

	run quick --env-file "$T/missing" busybox env
	[ "$status" -eq 125 ]
	[[ "$output" == *"$T/missing"*"o such file or directory"* ]]
}

@test "-w: the program starts there; one that is missing is named, with 126" {
	run quick -w /usr/bin busybox pwd
	[ "$output" = /usr/bin ]
	run quick -w /made -v "$T:/made" busybox pwd
	[ "$output" = /made ]
	run quick -w /i/do/not/exist busybox pwd
	[ "$status" -eq 126 ]
	[[ "$output" =~ workdir\ \"/i/do/not/exist\"\ does\ not\ exist\ on\ container\ [0-9a-f]{64} ]]
}

@test "-u: names and numbers, with and without a group; an unknown name is named" {
	ids() { quick -u "$1" --group-add www-data busybox sh -c 'echo $(id -u):$(id -g):$(id -G)'; }
	[ "$(ids root)" = "0:0:0 33" ] || skip "host: one id only, and no other user to be"
	[ "$(ids 0)" = "0:0:0 33" ]
	[ "$(ids daemon)" = "1:1:1 33" ]
	[ "$(ids daemon:bin)" = "1:2:2 33" ]
	[ "$(ids 1234)" = "1234:0:0 33" ]
	[ "$(ids 1234:5678)" = "1234:5678:5678 33" ]
	[ "$(ids www-data:77)" = "33:77:77 33" ]
	run quick -u nosuch busybox id
	[ "$status" -eq 126 ]
	[[ "$output" == *"unable to find user nosuch"* ]]
	run quick -u root:nosuch busybox id
	[ "$status" -eq 126 ]
	[[ "$output" == *"unable to find group nosuch"* ]]
}

@test "--entrypoint: a word, a JSON list, or none" {
	run quick --entrypoint echo busybox a 'b  c'
	[ "$output" = "a b  c" ]
	run quick --entrypoint '["echo", "-n", "x"]' busybox y
	[ "$output" = "x y" ]
	run quick --entrypoint '' busybox echo z
	[ "$output" = z ]
}

@test "--hostname: uname, /etc/hostname and /etc/hosts agree; without one it is the id's start" {
	run quick --hostname my.own-name busybox sh -c 'uname -n; cat /etc/hostname; grep -c my.own-name /etc/hosts'
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = "my.own-name my.own-name 1" ]
	run quick --cidfile "$T/cid" busybox hostname
	[ "$output" = "$(head -c 12 "$T/cid")" ]
	[ "$(hostname)" != my.own-name ]
}

# ---- what it may do ----------------------------------------------------------------------

@test "--cap-add and --cap-drop, as /proc/self/status tells them" {
	local usual all
	usual=$((16#$(status_of CapEff)))
	[ $((usual & CAP_KILL)) -ne 0 ]
	[ $((usual & CAP_NET_RAW)) -eq 0 ]
	[ $((usual & CAP_SYS_ADMIN)) -eq 0 ]
	[ $((16#$(status_of CapEff --cap-drop kill))) -eq $((usual & ~CAP_KILL)) ]
	[ $((16#$(status_of CapBnd --cap-drop CAP_KILL))) -eq $((usual & ~CAP_KILL)) ]
	[ $((16#$(status_of CapEff --cap-add NET_RAW))) -eq $((usual | CAP_NET_RAW)) ]
	[ $((16#$(status_of CapEff --cap-drop all))) -eq 0 ]
	[ $((16#$(status_of CapEff --cap-drop all --cap-add kill))) -eq $CAP_KILL ]
	all=$((16#$(status_of CapEff --cap-add all)))
	[ $((all & CAP_SYS_ADMIN)) -ne 0 ]
	# not root: none in effect, none to be had
	[ "$(status_of CapEff -u 1:1)" = 0000000000000000 ]
	run quick --cap-add nosuch busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *nosuch* ]]
	[ "$(status_of NoNewPrivs)" = 1 ]
	[ "$(status_of Seccomp)" = 2 ]
	[ "$(status_of Seccomp --security-opt seccomp=unconfined)" = 0 ]
}

@test "--read-only: the root is read-only, volumes are not" {
	mkdir "$T/data"
	run quick --read-only -v "$T/data:/data" -v "$(rnd):/named" --tmpfs /scratch busybox sh -c '
		touch /x 2>&1; touch /etc/x 2>&1
		for dir in /data /named /scratch /dev/shm; do touch $dir/x && echo "$dir ok"; done
		awk "\$5 == \"/\" { print substr(\$6, 1, 2) }" /proc/self/mountinfo'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "touch: /x: Read-only file system" ]
	[ "${lines[1]}" = "touch: /etc/x: Read-only file system" ]
	[ "${lines[*]:2}" = "/data ok /named ok /scratch ok /dev/shm ok ro" ]
	[ -e "$T/data/x" ]
}

@test "--tmpfs and --mount: bind, volume and tmpfs, with their options, as mountinfo tells them" {
	mkdir "$T/src"
	echo text >"$T/src/file"
	mounted() { # PATH: type and options of the mount there
		awk -v at="$1" '$5 == at { for (i = 7; $i != "-"; i++); print $(i + 1), $6, $NF }' "$T/info"
	}
	quick --tmpfs /t:size=1m,mode=1700,noexec \
		--mount "type=bind,src=$T/src,dst=/b,ro" --mount "type=bind,source=$T/src,target=/w" \
		--mount type=volume,src=vol,dst=/v,readonly --mount type=tmpfs,dst=/m,tmpfs-size=2m,tmpfs-mode=0710 \
		busybox sh -c 'cat /proc/self/mountinfo; cat /b/file; touch /b/no; touch /v/no; touch /w/yes
			stat -c %a /t; stat -c %a /m' >"$T/info" 2>"$T/err"
	[[ "$(mounted /t)" == tmpfs\ *noexec*size=1024k* ]]
	[[ "$(mounted /m)" == tmpfs\ *size=2048k* ]]
	[[ "$(mounted /b)" == *" ro,"* ]]
	[[ "$(mounted /w)" == *" rw,"* ]]
	[[ "$(mounted /v)" == *" ro,"* ]]
	[ "$(tail -n 3 "$T/info" | paste -sd' ')" = "text 1700 710" ]
	[ "$(cat "$T/err")" = $'touch: /b/no: Read-only file system\ntouch: /v/no: Read-only file system' ]
	[ -e "$T/src/yes" ]

	run quick --mount "type=bind,src=$T/nowhere,dst=/x" busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *"$T/nowhere"*"No such file or directory"* ]]
	run quick --mount type=nosuch,dst=/x busybox true
	[ "$status" -eq 125 ]
	run quick --tmpfs /x -v "$T/src:/x" busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *"/x: duplicate mount destination"* ]]
}

@test "--ulimit: soft and hard, as /proc/self/limits tells them" {
	run quick --ulimit nofile=100:200 --ulimit core=0 --ulimit fsize=4096 busybox cat /proc/self/limits
	[ "$status" -eq 0 ]
	grep -Eq '^Max open files +100 +200 ' <<<"$output"
	grep -Eq '^Max core file size +0 +0 ' <<<"$output"
	grep -Eq '^Max file size +4096 +4096 ' <<<"$output"
	run quick --ulimit nosuch=1 busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *nosuch* ]]
}

@test "--sysctl: those of its namespaces, and the machine's own are refused" {
	before=$(cat /proc/sys/net/ipv4/ip_default_ttl /proc/sys/kernel/msgmax)
	run quick --sysctl net.ipv4.ip_default_ttl=77 --sysctl kernel.msgmax=4242 busybox \
		cat /proc/sys/net/ipv4/ip_default_ttl /proc/sys/kernel/msgmax
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = "77 4242" ]
	[ "$(cat /proc/sys/net/ipv4/ip_default_ttl /proc/sys/kernel/msgmax)" = "$before" ]
	for bad in kernel.panic=1 vm.swappiness=1 kernel.shm; do
		run quick --sysctl $bad busybox true
		[ "$status" -eq 125 ]
		[[ "$output" == *"${bad%=*}"* ]]
	done
}

@test "--init: it is process 1, reaps what is left to it, passes signals on and the exit code out" {
	run quick --init busybox sh -c 'tr "\0" " " </proc/1/cmdline; exit 5'
	[ "$status" -eq 5 ]
	[[ "$output" == *"/dev/init -- "*sh* ]]

	# an orphan that ends: sleep as process 1 never waits for it, init does
	name=$(rnd)
	runpod run -d --network none --name "$name" busybox sleep 1000
	runpod run -d --network none --name "$name-init" --init busybox sleep 1000
	children() { [ "$(ps -o stat= --ppid "$(ctr_pid "$1")" | cut -c1 | paste -sd' ')" = "$2" ]; }
	for each in "$name" "$name-init"; do
		runpod exec "$each" sh -c 'sleep 0.05 & exec true'
	done
	wait_until 5 children "$name" Z
	wait_until 5 children "$name-init" S

	runpod run -d --network none --init --name "$name-trap" busybox sh -c '
		trap "exit 33" TERM; echo ready; while :; do sleep 0.05; done'
	wait_until 5 log_says "$name-trap" ready
	runpod stop -t 5 "$name-trap"
	[ "$(runpod wait "$name-trap")" = 33 ]
}

# ---- labels, ids, places -----------------------------------------------------------------

@test "--label, --label-file and --annotation are in inspect, as given" {
	name=$(rnd)
	printf '# c\nfile=1\n\nboth=file\n' >"$T/labels"
	runpod create --name "$name" -l a=b --label empty --label 'c=d=e' --label both=flag --label-file "$T/labels" \
		--annotation note=x busybox
	[ "$(runpod inspect -f '{{index .Config.Labels "a"}}|{{index .Config.Labels "empty"}}|{{index .Config.Labels "c"}}' "$name")" = 'b||d=e' ]
	[ "$(runpod inspect -f '{{.Config.Labels.file}} {{.Config.Labels.both}} {{.Config.Annotations.note}}' "$name")" = '1 flag x' ]
	run runpod create --annotation bad busybox
	[ "$status" -eq 125 ]
	[[ "$output" == *"annotation \"bad\" must include an '=' sign"* ]]
}

@test "--cidfile holds the full id; one that is there already is refused, and stays" {
	runpod run --network none --cidfile "$T/cid" busybox true
	[[ "$(cat "$T/cid")" =~ ^[0-9a-f]{64}$ ]]
	runpod container exists "$(cat "$T/cid")"
	before=$(cat "$T/cid")
	run runpod run --rm --network none --cidfile "$T/cid" busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == "Error: container id file exists. Ensure another container is not using it or delete $T/cid"* ]]
	[ "$(cat "$T/cid")" = "$before" ]
	run runpod run --rm --network none --cidfile "$T/other" nosuchimage true
	[ "$status" -eq 125 ]
	[ ! -e "$T/other" ]
}

@test "--rm leaves nothing: not after success, failure, a signal, or a command that is not there" {
	run quick busybox true
	[ "$status" -eq 0 ]
	run quick busybox sh -c 'exit 9'
	[ "$status" -eq 9 ]
	run -127 quick busybox /nosuch
	runpod run -d --rm --network none --name "$(rnd)" -v /anonymous busybox sleep 1000
	runpod kill --latest
	empty() { [ -z "$(runpod ps -aq; runpod volume ls -q)" ]; }
	wait_until 5 empty
	[ -z "$(find "$T/root/pods" "$T/root/names" "$T/run" -mindepth 1 ! -type d ! -name '*lock' ! -name events)" ]
	[ -z "$(find "$T/root/pods" -mindepth 1)" ]
	run runpod run --rm --restart always busybox true
	[ "$status" -eq 125 ]
}

@test "names: given once; taken is refused, --replace replaces; a random one else" {
	name=$(rnd)
	first=$(runpod create --name "$name" busybox)
	[[ "$first" =~ ^[0-9a-f]{64}$ ]]
	run runpod create --name "$name" busybox
	[ "$status" -eq 125 ]
	[[ "$output" == *"the container name \"$name\" is already in use by $first"*"You have to remove that container to be able to reuse that name: that name is already in use"* ]]
	second=$(runpod create --replace --name "$name" busybox)
	[ "$second" != "$first" ]
	run runpod container exists "$first"
	[ "$status" -eq 1 ]
	[[ "$(runpod inspect -f '{{.Name}}' "$(runpod create busybox)")" =~ ^[a-z]+_[a-z]+$ ]]
	run runpod create --name 'a/b' busybox
	[ "$status" -eq 125 ]
	run runpod create --replace busybox
	[ "$status" -eq 125 ]
	[ "${lines[0]}" = "Error: cannot replace container without --name being set" ]
}

@test "--pod new:NAME makes the pod; it is undone, name and all, if the container cannot start" {
	name=$(rnd)
	run -127 runpod run --pod "new:$name" --name "$name-c" busybox /nosuch
	run runpod pod exists "$name"
	[ "$status" -eq 1 ]
	run runpod container exists "$name-c"
	[ "$status" -eq 1 ]
	run runpod run --pod "new:$name" --name "$name-c" nosuchimage true
	[ "$status" -eq 125 ]
	run runpod pod exists "$name"
	[ "$status" -eq 1 ]

	runpod run -d --pod "new:$name" --name "$name-c" busybox sleep 1000
	runpod run -d --pod "$name" --name "$name-d" busybox sleep 1000
	same_ns "$(ctr_pid "$name-c")" "$(ctr_pid "$name-d")" net ipc uts
	run runpod run --pod "new:$name" busybox true
	[ "$status" -eq 125 ]
	[ "$(runpod pod inspect -f '{{.NumContainers}}' "$name")" = 3 ]
	run runpod run --rm --pod nosuch busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *nosuch*"no such pod"* ]]
}

@test "-p: a range, an address, a port of the kernel's choosing; each is reached" {
	port=$(free_port)
	name=$(rnd)
	runpod run -d --name "$name" -p "$port-$((port + 1)):80-81" -p 127.0.0.1::82 busybox sh -c '
		for port in 80 81 82; do (while :; do echo "port $port" | nc -l -p $port; done) & done; wait'
	says() { [ "$(busybox nc -w 2 127.0.0.1 "$1" </dev/null 2>/dev/null)" = "$2" ]; }
	wait_until 10 says "$port" "port 80"
	wait_until 10 says $((port + 1)) "port 81"
	run runpod port "$name" 82
	[[ "$output" =~ ^127\.0\.0\.1:[0-9]+$ ]]
	wait_until 10 says "${output##*:}" "port 82"
	[ "$(runpod port "$name" | wc -l)" -eq 3 ]
	for bad in 80-82:1-2 0:80 a:b 1:2:3:4 70000:80; do
		run runpod create -p "$bad" busybox
		[ "$status" -eq 125 ]
		[[ "$output" == Error:* ]]
	done
	run runpod run --rm -p "$port:80" busybox true
	[ "$status" -eq 126 ]
	[[ "$output" == *"$port"*"ddress already in use"* ]]
}

# ---- the end -----------------------------------------------------------------------------

@test "exit codes: 125 ours, 126 cannot be invoked, 127 not there, 128+n a signal, else its own" {
	run quick busybox sh -c 'exit 77'
	[ "$status" -eq 77 ]
	run quick --nosuch busybox true
	[ "$status" -eq 125 ]
	[ "${lines[0]}" = "Error: unknown flag: --nosuch" ]
	[ "${lines[1]}" = "See 'runpod run --help'" ]
	run quick busybox /etc
	[ "$status" -eq 126 ]
	[[ "$output" == *'`/etc`'*"ermission denied"* ]]
	run -127 quick busybox /no/such/command
	[[ "$output" == *'/no/such/command'*"o such file or directory"* ]]
	run -127 quick busybox nosuchcommand
	[[ "$output" == *'`nosuchcommand` not found in $PATH'* ]]
	# a process 1 hears only what it asked for, so the signal comes from outside its pid namespace
	run quick --init busybox sh -c 'kill -USR1 $$'
	[ "$status" -eq $((128 + 10)) ]
	name=$(rnd)
	runpod run -d --network none --name "$name" busybox sleep 1000
	runpod kill "$name"
	[ "$(runpod wait "$name")" = 137 ]
}

@test "--stop-signal and --stop-timeout are what stop uses" {
	name=$(rnd)
	runpod run -d --network none --name "$name" --stop-signal USR1 busybox sh -c '
		trap "exit 44" USR1; echo ready; while :; do sleep 0.05; done'
	wait_until 5 log_says "$name" ready
	runpod stop "$name"
	[ "$(runpod inspect -f '{{.State.ExitCode}} {{.Config.StopSignal}}' "$name")" = "44 SIGUSR1" ]

	runpod run -d --network none --name "$name-2" --stop-timeout 1 busybox sleep 1000 # process 1 without a handler
	started=${EPOCHREALTIME/./}
	run runpod stop "$name-2"
	took=$(((${EPOCHREALTIME/./} - started) / 1000))
	echo "took $took ms"
	[ "$took" -ge 900 ]
	[ "$took" -lt 2500 ]
	[[ "$output" == *"StopSignal SIGTERM failed to stop container $name-2 in 1 seconds, resorting to SIGKILL"* ]]
	run runpod create --stop-signal nosuch busybox
	[ "$status" -eq 125 ]
	[[ "$output" == *"invalid signal: nosuch"* ]]
}

@test "--restart: on-failure:N starts N times again, no more; not after success; not after stop" {
	fails=$(rnd) fine=$(rnd) always=$(rnd)
	runpod run -d --network none --name "$fails" --restart on-failure:1 busybox sh -c 'echo go; exit 3'
	runpod run -d --network none --name "$fine" --restart on-failure:3 busybox sh -c 'echo go'
	runpod run -d --network none --name "$always" --restart always -v "$T:/t" busybox sh -c '
		echo go; [ ! -e /t/first ] || exec sleep 1000; : >/t/first; exit 0'
	exited() { [ "$(runpod inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.RestartCount}}' "$1")" = "exited $2 $3" ]; }
	running() { [ "$(runpod inspect -f '{{.State.Status}} {{.RestartCount}}' "$1")" = "running $2" ]; }
	wait_until 5 exited "$fails" 3 1
	[ "$(runpod logs "$fails")" = $'go\ngo' ]
	wait_until 5 exited "$fine" 0 0
	[ "$(runpod logs "$fine")" = go ]
	wait_until 5 running "$always" 1
	runpod stop -t 0 "$always"
	exited "$always" 137 1 # stopped by the user: it stays so
	[ "$(runpod inspect -f '{{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}' "$fails")" = on-failure:1 ]
	run runpod create --restart sometimes busybox
	[ "$status" -eq 125 ]
	[[ "$output" == *sometimes* ]]
}

@test "--timeout: killed after so many seconds" {
	started=$SECONDS
	run quick --timeout 1 busybox sleep 1000
	[ "$status" -eq 255 ]
	[ $((SECONDS - started)) -le 30 ] # a busy machine is slow, 1000 seconds are slower
}

# ---- streams -----------------------------------------------------------------------------

@test "1.5 MB and 20 MB arrive whole, in and out, and stdout and stderr apart" {
	head -c 1500000 /dev/urandom >"$T/small"
	head -c 20000000 /dev/urandom >"$T/big"
	for file in small big; do
		sum=$(sha256sum <"$T/$file")
		[ "$(quick -i busybox sha256sum <"$T/$file")" = "$sum" ]
		[ "$(quick -v "$T/$file:/file:ro" busybox cat /file | sha256sum)" = "$sum" ]
		[ "$(quick -i busybox cat <"$T/$file" | sha256sum)" = "$sum" ]
	done
	quick -v "$T/small:/file:ro" busybox sh -c 'cat /file; cat /file >&2' >"$T/out" 2>"$T/err"
	cmp "$T/out" "$T/small"
	cmp "$T/err" "$T/small"
}

@test "a slow reader loses nothing" {
	sum=$(head -c 3000000 /dev/zero | tr '\0' x | sha256sum)
	[ "$(quick busybox sh -c 'head -c 3000000 /dev/zero | tr "\0" x' |
		{ wait_until 2 test -e "$T/never" 2>/dev/null; cat; } | sha256sum)" = "$sum" ]
}

@test "stdin: its end arrives; without -i there is none; a reader that leaves hangs nobody" {
	[ "$(printf 'no newline' | quick -i busybox cat)" = "no newline" ]
	[ -z "$(quick -i busybox cat </dev/null)" ]
	[ "$(echo given | quick busybox wc -c)" -eq 0 ]
	[ "$(yes | head -c 1000000 | quick -i busybox head -n 1)" = y ]
	[ "$(quick busybox seq 200000 | head -n 1)" = 1 ]
}

@test "-a and --attach choose the streams; -d prints the id alone" {
	run --separate-stderr quick -a stderr busybox sh -c 'echo out; echo err >&2'
	[ "$output" = "" ]
	# shellcheck disable=SC2154 # bats sets it
	[ "$stderr" = err ]
	run runpod run -d --rm --network none busybox true
	[[ "$output" =~ ^[0-9a-f]{64}$ ]]
	run runpod run -d -a stdout busybox true
	[ "$status" -eq 125 ]
	[[ "$output" == *"conflicting options: -a and -d"* ]]
}

@test "signals that reach the client go to the program; with --sig-proxy=false they do not" {
	name=$(rnd)
	program='trap "echo got; exit 21" TERM; echo ready; while :; do sleep 0.05; done'
	client run --network none --name "$name" busybox sh -c "$program" >"$T/out" &
	pid=$!
	wait_until 30 grep -q ready "$T/out"
	kill "$pid"
	code=0
	wait "$pid" || code=$?
	[ "$code" -eq 21 ]
	[ "$(tail -n 1 "$T/out")" = got ]

	client run --sig-proxy=false --network none --name "$name-2" busybox sh -c "$program" >"$T/out" &
	pid=$!
	wait_until 30 grep -q ready "$T/out"
	kill "$pid"
	code=0
	wait "$pid" || code=$?
	[ "$code" -eq $((128 + 15)) ]
	alive "$(ctr_pid "$name-2")"
	[ "$(runpod logs "$name-2")" = ready ]
}

@test "bundled flags and values: -itd, -eA=b, --rm=false, -- ends the options" {
	name=$(rnd)
	runpod run -itd --network=none --name="$name" -eA=b busybox sh -c 'echo "$A"; sleep 1000'
	[ "$(runpod inspect -f '{{.Config.Tty}} {{.Config.OpenStdin}} {{.HostConfig.AutoRemove}}' "$name")" = "true true false" ]
	wait_until 5 log_says "$name" b
	run runpod run --rm=false --network none --name "$name-2" -- busybox echo -d --rm
	[ "$output" = "-d --rm" ]
	runpod container exists "$name-2"
}

@test "--oom-score-adj is what the kernel has, for exec too; lower than we may stays as it is" {
	name=$(rnd)
	runpod run -d --name "$name" --oom-score-adj 321 busybox sleep 1000
	[ "$(cat "/proc/$(ctr_pid "$name")/oom_score_adj")" = 321 ]
	[ "$(runpod exec "$name" cat /proc/self/oom_score_adj)" = 321 ]
	[ "$(runpod run --rm --oom-score-adj -1000 busybox cat /proc/self/oom_score_adj)" -le 0 ]
	[ "$(runpod run --rm busybox cat /proc/self/oom_score_adj)" = "$(cat /proc/self/oom_score_adj)" ]
}
