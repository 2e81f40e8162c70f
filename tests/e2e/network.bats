#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; bats sets $stderr
#
# network.bats: the networks a pod can have and the ports that it publishes. "The host" is the
# network namespace of tests/lib/isolated: lo, and an uplink with 192.0.2.2 that leads nowhere.

load ../lib/common

setup() {
	common_setup
	NAME=$(rnd)
	PORT=$(free_port)
	TOOLS=(-v "$LOCAL_TOOLS:/t:ro")
	OUTSIDE= # a process in a network of its own, reached by a cable
}

teardown() {
	if [ -n "$OUTSIDE" ]; then
		kill -KILL "$OUTSIDE" 2>/dev/null || :
		wait_until 5 cable_gone
	fi
	common_teardown
}

probe() { "$LOCAL_TOOLS/probe" "$@"; }

# serves NAME PROTOCOL PORT [OPTION…]: a container in which probe answers.
serves() {
	local name=$1 protocol=$2 port=$3
	shift 3
	runpod run -d --name "$name" "${TOOLS[@]}" "$@" busybox /t/probe "$protocol" "$port" >/dev/null
}

# answers PROTOCOL ADDRESS PORT: whether somebody does, and it is not asked from 127.0.0.1.
answers() {
	local from
	if [ "$1" = tcp ]; then
		from=$(probe ask-tcp "$2" "$3" 2>/dev/null) || return 1
	else
		from=$(probe ask-udp "$2" "$3" hello 2>/dev/null) || return 1
		[ "${from#* }" = hello ] || return 1
	fi
	from=${from%% *}
	[[ $from =~ ^[0-9]+\.[0-9.]+$ ]] && [ "$from" != 127.0.0.1 ]
}

silent() { run ! probe ask-tcp "$1" "$2"; }

# inside NAME COMMAND…: in the container's network namespace, with the host's programs.
inside() {
	local name=$1 how=(nsenter)
	shift
	[ "$(id -u)" = 0 ] || how+=(--user --preserve-credentials)
	"${how[@]}" --net --target "$(ctr_pid "$name")" "$@"
}

address_of() { inside "$1" ip -4 -o addr show scope global | awk '{ sub(/\/.*/, "", $4); print $4; exit }'; }

lo_is_up() { inside "$1" ip -o link show lo | grep -q 'LOOPBACK,UP'; }

state_number() { # KEY: of the only pod that runs
	jq -r ".. | objects | .$1? // empty" "$T"/run/pods/*/state.json
}

# ---- the kinds ---------------------------------------------------------------------------

@test "none: lo and nothing else, no way out; published ports reach it all the same" {
	serves "$NAME" tcp 80 --network none -p "$PORT:80"
	differ_ns "$(ctr_pid "$NAME")" $$ net
	lo_is_up "$NAME"
	[ "$(inside "$NAME" ip -o link | wc -l)" -eq 1 ]
	[ -z "$(inside "$NAME" ip route)" ]
	run runpod exec "$NAME" /t/probe ask-tcp 192.0.2.2 "$PORT"
	[ "$status" -eq 1 ]
	[[ $output == *'Network is unreachable'* ]]
	wait_until 5 answers tcp 127.0.0.1 "$PORT"
	[ "$(runpod inspect --format '{{.HostConfig.NetworkMode}}' "$NAME")" = none ]
}

@test "host: the host's own interfaces; -p is discarded with a warning" {
	run --separate-stderr runpod run -d --name "$NAME" --network host -p "$PORT:80" pause
	[ "$status" -eq 0 ]
	[[ $stderr == *'Port mappings have been discarded because "host" network namespace mode does not support them'* ]]
	same_ns "$(ctr_pid "$NAME")" $$ net
	silent 127.0.0.1 "$PORT"

	run --separate-stderr runpod pod create --name "$NAME-pod" --network host -p "$PORT:80"
	[ "$status" -eq 0 ]
	[[ $stderr == *'Port mappings have been discarded'* ]]
	runpod run -d --pod "$NAME-pod" --name "$NAME-a" "${TOOLS[@]}" busybox /t/probe tcp "$PORT" 127.0.0.1
	direct() { [ "$(probe ask-tcp 127.0.0.1 "$PORT")" = 127.0.0.1 ]; }
	wait_until 5 direct
}

@test "bridge is root's default: an address of its own for each pod; they reach each other and the host" {
	local a b pod
	skip_unless_root
	runpod pod create --name "$NAME"
	runpod run -d --pod "$NAME" --name "$NAME-a" "${TOOLS[@]}" busybox /t/probe tcp 80
	serves "$NAME-b" tcp 80
	a=$(address_of "$NAME-a") b=$(address_of "$NAME-b")
	[[ $a =~ ^10\.88\.[0-9]+\.[0-9]+$ ]]
	[[ $b =~ ^10\.88\.[0-9]+\.[0-9]+$ ]]
	[ "$a" != "$b" ]
	[ "$(runpod inspect --format '{{.NetworkSettings.IPAddress}}' "$NAME-b")" = "$b" ]
	lo_is_up "$NAME-a"

	# one end of each pair is on the bridge, which has the gateway's address
	[ "$(ip -o link show master runpod0 | wc -l)" -eq 2 ]
	[[ $(ip -4 -o addr show runpod0) == *'inet 10.88.0.1/16'* ]]
	[[ $(inside "$NAME-a" ip route) == *'default via 10.88.0.1 dev eth0'* ]]

	wait_until 5 answers tcp "$a" 80
	wait_until 5 answers tcp "$b" 80
	[ "$(runpod exec "$NAME-b" /t/probe ask-tcp "$a" 80)" = "$b" ]
	[ "$(runpod exec "$NAME-a" /t/probe ask-tcp "$b" 80)" = "$a" ]
	"$LOCAL_TOOLS/probe" tcp "$PORT" 10.88.0.1 3>&- &
	gateway() { [ "$(runpod exec "$NAME-a" /t/probe ask-tcp 10.88.0.1 "$PORT")" = "$a" ]; }
	wait_until 5 gateway
	kill $!
	pod=$(runpod exec "$NAME-a" cat /etc/hosts | awk -v ip="$a" '$1 == ip { print $2 }')
	[ "$pod" = "$NAME" ]
}

# cable: a network beyond this one: $OUTSIDE answers at 198.51.100.2:7000. We are 198.51.100.1.
cable() {
	unshare --net sh -c 'ip link set lo up; exec "$0" tcp 7000' "$LOCAL_TOOLS/probe" 3>&- &
	OUTSIDE=$!
	disown
	other_net() { [ "$(ns_inode "$OUTSIDE" net)" != "$(ns_inode $$ net)" ]; }
	wait_until 5 other_net
	ip link add cable0 type veth peer name cable1 netns "$OUTSIDE"
	ip addr add 198.51.100.1/24 dev cable0
	ip link set cable0 up
	nsenter -n -t "$OUTSIDE" sh -c 'ip addr add 198.51.100.2/24 dev cable1; ip link set cable1 up'
	wired() { [ "$(probe ask-tcp 198.51.100.2 7000)" = 198.51.100.1 ]; }
	wait_until 5 wired
}

cable_gone() { ! ip link show cable0 >/dev/null 2>&1; }

@test "a bridged pod leaves with the host's address: forwarded and masqueraded" {
	skip_unless_root
	skip_unless_tool nft
	cable
	[ "$(runpod run --rm "${TOOLS[@]}" busybox /t/probe ask-tcp 198.51.100.2 7000)" = 198.51.100.1 ]
	[ "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 ]
}

@test "with the last pod the bridge goes, its pair, its nft table and the leases" {
	skip_unless_root
	skip_unless_tool nft
	runpod run -d --name "$NAME-a" pause
	runpod run -d --name "$NAME-b" pause
	nft list table ip runpod | grep -q masquerade
	[ "$(find "$T/run/net" -name '10.88.*' | wc -l)" -eq 2 ]
	runpod rm -f "$NAME-a"
	ip link show runpod0 >/dev/null
	[ "$(ip -o link show master runpod0 | wc -l)" -eq 1 ]
	runpod rm -f "$NAME-b"
	bridge_gone() { ! ip link show runpod0 >/dev/null 2>&1; }
	wait_until 5 bridge_gone
	[ -z "$(nft list ruleset)" ]
	[ -z "$(find "$T/run/net" -name '10.88.*')" ]
	[ -z "$(left_interfaces)" ]
}

@test "an ordinary user has no bridge: a clear error, and nothing is left" {
	[ "$(id -u)" != 0 ] || skip "host: root has one"
	run runpod run -d --network bridge --name "$NAME" pause
	[ "$status" -eq 125 ]
	[[ $output == *bridge* ]]
	[[ $output == *'Operation not permitted'* ]]
	wait_until 5 quiet
}

quiet() { [ -z "$(left_processes)$(left_cgroups)$(left_interfaces)" ]; }

@test "pasta is a user's default: the host's addresses, a way out, and it ends with the pod" {
	local pasta
	[ "$(id -u)" != 0 ] || skip "host: for ordinary users"
	skip_unless_tool pasta
	skip_unless host "/dev/net/tun cannot be opened" test -w /dev/net/tun
	serves "$NAME" tcp 80 -p "$PORT:80"
	[ "$(address_of "$NAME")" = 192.0.2.2 ]
	[[ $(inside "$NAME" ip route) == *default* ]]
	lo_is_up "$NAME"
	pasta=$(state_number pasta_pid)
	[[ $(tr '\0' ' ' <"/proc/$pasta/cmdline") == *pasta* ]]
	wait_until 5 answers tcp 127.0.0.1 "$PORT"
	runpod stop -t 0 "$NAME"
	gone "$pasta"
}

@test "pasta killed: the pod goes on, and its ports too" {
	[ "$(id -u)" != 0 ] || skip "host: for ordinary users"
	skip_unless_tool pasta
	skip_unless host "/dev/net/tun cannot be opened" test -w /dev/net/tun
	serves "$NAME" tcp 80 -p "$PORT:80" --network pasta
	wait_until 5 answers tcp 127.0.0.1 "$PORT"
	kill -KILL "$(state_number pasta_pid)"
	[ "$(runpod inspect --format '{{.State.Status}}' "$NAME")" = running ]
	runpod exec "$NAME" true
}

@test "container:X and ns:PATH: the same namespace; ports of ns:PATH are published" {
	local donor
	runpod run -d --name "$NAME" pause
	donor=$(ctr_pid "$NAME")
	serves "$NAME-path" tcp 80 --network "ns:/proc/$donor/ns/net" -p "$PORT:80"
	same_ns "$donor" "$(ctr_pid "$NAME-path")" net
	differ_ns "$donor" "$(ctr_pid "$NAME-path")" ipc uts pid mnt
	wait_until 5 answers tcp 127.0.0.1 "$PORT"
	runpod run -d --name "$NAME-ctr" --network "container:$NAME" pause
	same_ns "$donor" "$(ctr_pid "$NAME-ctr")" net
	runpod rm -f "$NAME-ctr" "$NAME-path"

	run runpod run -d --network ns:/no/such/file pause
	[ "$status" -eq 125 ]
	[[ $output == *'/no/such/file: No such file or directory'* ]]
	run runpod run -d --network ns:/etc/passwd pause
	[ "$status" -eq 125 ]
	[[ $output == *'Invalid argument'* || $output == *'not a namespace'* ]]
}

@test "an unknown network is refused by name" {
	run runpod run --rm --network nothing busybox true
	[ "$status" -eq 125 ]
	[[ $output == 'Error: unable to find network with name or ID nothing: network not found'* ]]
}

@test "an ordinary user in the container may have port 80, and ping" {
	serves "$NAME" tcp 80 -u 1000:1000 -p "$PORT:80"
	wait_until 5 answers tcp 127.0.0.1 "$PORT"
	runpod run --rm -u 1000:1000 --cap-drop all busybox cat /proc/sys/net/ipv4/ip_unprivileged_port_start | grep -qx 0
}

# ---- publishing --------------------------------------------------------------------------

@test "TCP: a pod's port on every address of the host; the server sees a peer that is not 127.0.0.1" {
	runpod pod create --name "$NAME" -p "$PORT:80"
	runpod run -d --pod "$NAME" --name "$NAME-a" "${TOOLS[@]}" busybox /t/probe tcp 80
	wait_until 5 answers tcp 127.0.0.1 "$PORT"
	answers tcp 192.0.2.2 "$PORT"
	[ "$(runpod port "$NAME-a")" = "80/tcp -> 0.0.0.0:$PORT" ]
	runpod stop -t 0 "$NAME-a"
	silent 127.0.0.1 "$PORT" # the door is there, nobody behind it
	runpod start "$NAME-a"
	wait_until 5 answers tcp 127.0.0.1 "$PORT"
	runpod pod stop -t 0 "$NAME"
	[ -z "$(left_ports)" ]
}

@test "UDP: datagrams and their answers, several clients apart" {
	local i
	serves "$NAME" udp 53 -p "$PORT:53/udp"
	wait_until 5 answers udp 127.0.0.1 "$PORT"
	answers udp 192.0.2.2 "$PORT"
	for i in 1 2 3 4 5 6 7 8; do
		probe ask-udp 127.0.0.1 "$PORT" "from $i" >"$T/answer$i" 3>&- &
	done
	wait
	for i in 1 2 3 4 5 6 7 8; do
		[[ $(cat "$T/answer$i") == *" from $i" ]]
	done
	[ "$(runpod port "$NAME" 53/udp)" = "0.0.0.0:$PORT" ]
}

@test "one number for TCP and UDP; an address of the host only; the kernel's choice of port" {
	local chosen
	serves "$NAME" tcp 80 -p "127.0.0.1:$PORT:80/tcp" -p "$PORT:53/udp" -p 127.0.0.1::80 -p 80
	wait_until 5 answers tcp 127.0.0.1 "$PORT"
	silent 192.0.2.2 "$PORT"
	[ "$(runpod port "$NAME" | wc -l)" -eq 4 ]
	for chosen in $(runpod port "$NAME" 80 | cut -d: -f2); do
		[[ $chosen -gt 0 && $chosen -lt 65536 ]]
		answers tcp 127.0.0.1 "$chosen"
	done
	chosen=$(runpod port "$NAME" 80 | sed -n 's/^0.0.0.0://p')
	answers tcp 192.0.2.2 "$chosen"
}

@test "ranges: each port leads to its own" {
	local i
	range_free() { for i in 0 1 2; do ! list_ports | grep -q ":$((PORT + i))\$" || return 1; done; }
	until range_free; do PORT=$(free_port); done
	runpod pod create --name "$NAME" -p "$PORT-$((PORT + 2)):7000-7002"
	for i in 0 1 2; do
		runpod run -d --pod "$NAME" "${TOOLS[@]}" busybox \
			sh -c "while :; do echo number $i | nc -lp $((7000 + i)); done"
	done
	says() { [ "$(probe ask-tcp 127.0.0.1 $((PORT + $1)) 2>/dev/null)" = "number $1" ]; }
	for i in 0 1 2; do
		wait_until 5 says $i
	done
	[ "$(runpod pod inspect "$NAME" | jq -r '.[0].InfraConfig.PortBindings["7001/tcp"][0].HostPort')" = $((PORT + 1)) ]
	run runpod ps -a --format '{{.Ports}}'
	[[ $output == *"0.0.0.0:$PORT-$((PORT + 2))->7000-7002/tcp"* ]]
}

@test "IPv6: [::1]:H:C" {
	skip_unless host "no IPv6 on lo" grep -q '^0\{31\}1 ' /proc/net/if_inet6
	mkdir "$T/www"
	echo six >"$T/www/index.html"
	runpod run -d --name "$NAME" -p "[::1]:$PORT:80" -v "$T/www:/www:ro" busybox httpd -f -p 80 -h /www
	six() { [ "$(curl -s "http://[::1]:$PORT/")" = six ]; }
	wait_until 5 six
	silent 127.0.0.1 "$PORT"
}

@test "two pods at once, the same port inside; each by its own door" {
	local other
	other=$(free_port)
	mkdir "$T/one" "$T/two"
	echo one >"$T/one/index.html"
	echo two >"$T/two/index.html"
	runpod pod create --name "$NAME-1" -p "$PORT:80" -v "$T/one:/www:ro"
	runpod pod create --name "$NAME-2" -p "$other:80" -v "$T/two:/www:ro"
	runpod run -d --pod "$NAME-1" busybox httpd -f -p 80 -h /www
	runpod run -d --pod "$NAME-2" busybox httpd -f -p 80 -h /www
	both() { [ "$(curl -s "http://127.0.0.1:$PORT/")$(curl -s "http://127.0.0.1:$other/")" = $'onetwo' ]; }
	wait_until 5 both
}

@test "16 MiB through the door arrive whole, eight at a time; descriptors are given back" {
	local i publisher before sum
	mkdir "$T/www"
	head -c 16M /dev/urandom >"$T/www/big"
	sum=$(sha256sum <"$T/www/big")
	runpod run -d --name "$NAME" -p "$PORT:80" -v "$T/www:/www:ro" busybox httpd -f -p 80 -h /www
	up() { curl -s -o /dev/null "http://127.0.0.1:$PORT/big"; }
	wait_until 5 up
	publisher=$(state_number publisher_pid)
	if [ -r "/proc/$publisher/fd" ]; then
		sockets() { find "/proc/$publisher/fd" -lname 'socket:*' | wc -l; }
	else
		sockets() { echo 0; } # of another user namespace: not ours to look at
	fi
	idle() { [ "$(sockets)" -le "$before" ]; }
	before=$(sockets)
	for i in 1 2 3 4 5 6 7 8; do
		curl -s "http://127.0.0.1:$PORT/big" 3>&- | sha256sum >"$T/sum$i" &
	done
	wait
	for i in 1 2 3 4 5 6 7 8; do
		[ "$(cat "$T/sum$i")" = "$sum" ]
	done
	wait_until 5 idle
}

@test "a client that closes its side first still gets the answer" {
	runpod run -d --name "$NAME" -p "$PORT:7000" busybox sh -c 'while :; do nc -lp 7000 -e sh -c "wc -c"; done'
	counted() { [ "$(head -c 300000 /dev/zero | busybox nc -w 3 127.0.0.1 "$PORT")" = 300000 ]; }
	wait_until 5 counted
}

@test "a port that is taken: 126, the owner is named, nothing is left; free again, it works" {
	local owner
	"$LOCAL_TOOLS/probe" tcp "$PORT" 3>&- &
	owner=$!
	listening() { list_ports | grep -qx "tcp:$PORT"; }
	wait_until 5 listening
	runpod pod create --name "$NAME" -p "$PORT:80"
	runpod create --pod "$NAME" pause
	run -126 runpod pod start "$NAME"
	[[ $output == *"0.0.0.0:$PORT/tcp: bind: address already in use (by probe, pid $owner)"* ]]
	wait_until 5 only_owner
	run -126 runpod run -d --name "$NAME-b" -p "$PORT:80" pause
	[[ $output == *"address already in use (by probe, pid $owner)"* ]]
	wait_until 5 only_owner
	kill "$owner"
	wait_until 5 gone "$owner"
	runpod pod start "$NAME"

	# and now by a pod
	run -126 runpod start "$NAME-b"
	[[ $output == *'address already in use (by '*', pid '* ]]
	[ "$(runpod inspect --format '{{.State.Status}}' "$NAME-b")" = created ]
}

only_owner() { [[ $(left_processes) =~ ^process\ $owner:[^$'\n']*$ ]] && [ -z "$(left_interfaces)" ]; }

@test "UDP port taken; the second of two ports taken: the first is let go" {
	local other owner
	other=$(free_port)
	"$LOCAL_TOOLS/probe" udp "$PORT" 3>&- &
	owner=$!
	bound() { list_ports | grep -qx "udp:$PORT"; }
	wait_until 5 bound
	run -126 runpod run -d -p "$other:80" -p "$PORT:53/udp" --name "$NAME" pause
	[[ $output == *"$PORT/udp: bind: address already in use (by probe, pid $owner)"* ]]
	run ! grep -qx "tcp:$other" <(list_ports)
	kill "$owner"
	wait_until 5 gone "$owner"
}

@test "an address that is not ours, and for a user a low port: 126 with what to do" {
	run -126 runpod run -d -p "203.0.113.9:$PORT:80" pause
	[[ $output == *'no network interface of this machine has that address'* ]]
	[ "$(id -u)" != 0 ] || return 0
	[ "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" -gt 80 ] || return 0
	run -126 runpod run -d -p 80:80 pause
	[[ $output == *'ip_unprivileged_port_start=80'* ]]
}

@test "malformed ports: podman's words, and nothing is made" {
	local port
	refused() {
		run runpod run -d -p "$1" pause
		[ "$status" -eq 125 ] || { echo "$1: $status"; return 1; }
		[[ $output == "Error: "*"$2"* ]] || { echo "$1: $output"; return 1; }
	}
	refused 0:80 'got 0'
	refused 80:65536 '65536'
	refused x:80 'x'
	refused 1000-1002:80-81 'host and container port ranges have different lengths: 3 vs 2'
	refused 1:2:3:4 ''
	refused 80/sctpp sctpp
	refused 300.1.1.1:80:80 300.1.1.1
	refused '' ''
	[ -z "$(runpod ps -aq)" ]
}

@test "the publisher killed: another stands in the door, with the same sockets" {
	local before
	serves "$NAME" tcp 80 -p "$PORT:80"
	wait_until 5 answers tcp 127.0.0.1 "$PORT"
	before=$(state_number publisher_pid)
	alive "$before"
	kill -KILL "$before"
	another() { [ "$(state_number publisher_pid)" != "$before" ] && answers tcp 127.0.0.1 "$PORT"; }
	wait_until 5 another
	gone "$before"
	[ "$(runpod inspect --format '{{.State.Status}} {{.RestartCount}}' "$NAME")" = 'running 0' ]
}

@test "the publisher has no capability, no way to gain one, and the pod's network" {
	local publisher
	serves "$NAME" tcp 80 -p "$PORT:80"
	publisher=$(state_number publisher_pid)
	[ "$(awk '/^Cap(Inh|Prm|Eff|Bnd|Amb)/ { print $2 }' "/proc/$publisher/status" | sort -u)" = 0000000000000000 ]
	grep -qx $'NoNewPrivs:\t1' "/proc/$publisher/status"
	grep -qx $'Name:\tpublisher' "/proc/$publisher/status"
	[ "$(id -u)" = 0 ] || return 0 # its links are not a user's to read
	same_ns "$publisher" "$(ctr_pid "$NAME")" net
	differ_ns "$publisher" $$ net
}

@test "twenty starts and stops on one port, half with the publisher killed" {
	local i
	serves "$NAME" tcp 80 -p "$PORT:80"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		wait_until 5 answers tcp 127.0.0.1 "$PORT"
		[ $((i % 2)) -eq 0 ] || kill -KILL "$(state_number publisher_pid)"
		runpod restart -t 0 "$NAME" >/dev/null
	done
	wait_until 5 answers tcp 127.0.0.1 "$PORT"
	runpod stop -t 0 "$NAME"
	[ -z "$(left_ports)" ]
}

@test "removing a pod ends its network namespace" {
	local inode
	serves "$NAME" tcp 80 -p "$PORT:80"
	inode=$(ns_inode "$(ctr_pid "$NAME")" net)
	runpod rm -f -t 0 "$NAME"
	nobody_in() { ! find /proc/[0-9]*/ns/net -maxdepth 0 -printf '%l\n' 2>/dev/null | grep -q "$inode"; }
	wait_until 1 nobody_in
}
