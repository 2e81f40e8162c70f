#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test runs in a subshell of its own: that is wanted
#
# probes.bats: is the container up, ready, alive? Asked by the supervisor, on a clock that the
# tests move: a period of ten seconds takes none.

load ../lib/common

# pod_asked SPEC OPTION... -- COMMAND...: pod $POD with one container that has the fields SPEC (JSON) as
# a manifest would give them; started. $CTR: its name, $PID: its process.
pod_asked() {
	local spec=$1 options=()
	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	POD=$(rnd)
	CTR=$POD-app
	runpod pod create --name "$POD" --restart always --network none "${options[@]}" >/dev/null
	runpod create --pod "$POD" --name "$CTR" -v "$T:/t" busybox "$@" >/dev/null
	local dir
	dir=$T/root/pods/$(runpod pod inspect -f "{{.Id}}" "$POD")
	edit "$dir/pod.json" '.spec.manifest = "{}"'
	edit "$dir/ctr/$(runpod inspect -f '{{.Id}}' "$CTR")/ctr.json" ".spec += $spec"
	RUNPOD_TEST_CLOCK=${CLOCK-1} runpod pod start "$POD" >/dev/null
	PID=$(ctr_pid "$CTR")
	STATE=$T/run/pods/${dir##*/}/state.json
	EVENTS=$T/run/pods/${dir##*/}/events
}

edit() { # FILE FILTER
	jq "$2" "$1" >"$1.new"
	mv "$1.new" "$1"
}

# clock DURATION|next: moves the supervisor's clock and waits until no question is under way. One that is has its
# timeout, of a second, as the next deadline; periods here are longer. $MOVED: how far it went; $NEXT: how far
# it is from there to the next deadline, both in seconds ("-": none).
clock() {
	read -r MOVED _ <<<"$(runpod __clock "$POD" "$1")"
	wait_until 5 answered
}
answered() {
	read -r _ NEXT <<<"$(runpod __clock "$POD" 0)"
	[[ $NEXT != [01].* || $NEXT == 0.000 ]]
}

# state FIELD, up_ready: of the container, as recorded; what is false or 0 is not in the record.
state() { jq -r ".ctrs[] | select(.name == \"$CTR\") | .$1" "$STATE"; }
up_ready() { jq -r ".ctrs[] | select(.name == \"$CTR\") | \"\(.up // false) \(.ready // false)\"" "$STATE"; }
is_ready() { [ "$(state ready)" = true ]; }
listens() { grep -q ":$(printf %04X "$1") .* 0A " "/proc/$PID/net/tcp" "/proc/$PID/net/tcp6"; } # PORT

# happened REASON: the messages of those events, in their order.
happened() { [ ! -e "$EVENTS" ] || jq -r "select(.reason == \"$1\") | .message" "$EVENTS"; }
times() { [ ! -e "$T/asked" ] && echo 0 || wc -l <"$T/asked"; }
restarted() { [ "$(state restarts)" = "$1" ] && [ "$(state status)" = running ]; }

# question TEXT: a program that leaves a line in /t/asked and then does TEXT.
question() { jq -nc --arg q "echo q >>/t/asked; $1" '{kind: "exec", command: ["sh", "-c", $q]}'; }

@test "liveness: three failures in a row and the container is started anew; two are forgiven" {
	: >"$T/ok"
	pod_asked "{liveness: {how: $(question 'cat /t/ok'), initial_delay: 5, period: 10}}" -- sleep 1000
	[ "$(up_ready)" = "true true" ]
	clock 0
	[ "$(times)" = 0 ]
	[ "$NEXT" = 5.000 ]
	clock next
	[ "$(times)" = 1 ]
	[ "$NEXT" = 10.000 ]
	rm "$T/ok"
	clock next
	clock next
	: >"$T/ok"
	clock next
	rm "$T/ok"
	clock next
	clock next
	[ "$(times)" = 6 ]
	[ "$(ctr_pid "$CTR")" = "$PID" ]
	[ "$(happened Unhealthy)" = "$(printf '%s\n' "Liveness probe failed: cat: can't open '/t/ok': No such file or directory"{,,,})" ]
	[ -z "$(happened Killing)" ]
	runpod __clock "$POD" next
	wait_until 5 eval '[ "$(happened Unhealthy | wc -l)" = 5 ]'
	[[ "$(happened Killing)" == "Container app failed liveness probe, will be restarted"* ]]
	# it does not hear SIGTERM as process 1 would: its time has to pass
	runpod __clock "$POD" 30
	wait_until 10 restarted 1
	[ "$(ctr_pid "$CTR")" != "$PID" ]
	: >"$T/ok"
	clock 5
	[ "$(times)" = 8 ]
	[ "$(up_ready)" = "true true" ]
}

@test "readiness: false until its probe has passed; a failure takes it away, and nothing is stopped" {
	mkdir "$T/www"
	pod_asked '{readiness: {how: {kind: "http", path: "/ready?really", port: 8080}, period: 10, failure: 2, success: 2}}' -- \
		httpd -f -p 8080 -h /t/www
	clock 0
	[ "$(up_ready)" = "true false" ]
	echo yes >"$T/www/ready"
	clock next
	[ "$MOVED" = 10.000 ]
	[ "$(up_ready)" = "true false" ]
	clock next
	[ "$(up_ready)" = "true true" ]
	rm "$T/www/ready"
	clock next
	[ "$(up_ready)" = "true true" ]
	clock next
	[ "$(up_ready)" = "true false" ]
	[ "$(happened Unhealthy | sort -u)" = "Readiness probe failed: HTTP probe failed with statuscode: 404" ]
	[ "$(state restarts)" = null ]
	[ "$(ctr_pid "$CTR")" = "$PID" ]
}

@test "startup holds the others back until it has passed, then readiness and liveness begin" {
	pod_asked "{startup: {how: $(question 'test -e /t/up'), period: 3, failure: 5},
		liveness: {how: $(question 'echo alive >>/t/live'), period: 20},
		readiness: {how: $(question 'test -e /t/up'), period: 20}}" -- sleep 1000
	clock 0
	clock next
	[ "$MOVED" = 3.000 ]
	[ "$(times)" = 2 ]
	[ "$(up_ready)" = "false false" ]
	[ ! -e "$T/live" ]
	: >"$T/up"
	clock next
	wait_until 5 is_ready
	wait_until 5 test -e "$T/live"
	[ "$(up_ready)" = "true true" ]
	[ "$(times)" = 5 ]
	clock next
	[ "$MOVED" = 20.000 ] # startup is not asked any more
	[ "$(times)" = 7 ]
	[ "$(happened Unhealthy)" = "$(printf '%s\n' "Startup probe failed: command 'sh' exited with 1"{,})" ]
}

@test "a startup probe that never passes: the container is started anew" {
	pod_asked "{startup: {how: {kind: \"tcp\", port: 9}, period: 3, failure: 2, grace: 4}, stop_timeout: 60}" -- sleep 1000
	clock 0
	[[ "$(happened Unhealthy)" == "Startup probe failed: dial tcp "*":9: connect: connection refused" ]]
	runpod __clock "$POD" next
	wait_until 5 eval '[ -n "$(happened Killing)" ]'
	runpod __clock "$POD" 3.9
	[ "$(ctr_pid "$CTR")" = "$PID" ]
	runpod __clock "$POD" 0.1 # the probe's own grace period, not the container's
	wait_until 5 restarted 1
}

@test "http: the words of the kubelet for a port where nobody listens, on the pod's address" {
	network=none
	[ "$(id -u)" != 0 ] || network=bridge
	pod_asked '{readiness: {how: {kind: "http", path: "/healthz", port: 8080}}}' --network "$network" -- sleep 1000
	ip=$(jq -r .ip "$STATE")
	[[ $ip == *.*.*.* && $ip != 127.* ]]
	clock 0
	[ "$(happened Unhealthy)" = "Readiness probe failed: Get \"http://$ip:8080/healthz\": dial tcp $ip:8080: connect: connection refused" ]
	runpod exec -d "$CTR" nc -l -p 8080 -e sh -c '
		while read -r line && [ ${#line} -gt 1 ]; do echo "$line" >>/t/request; done; printf "HTTP/1.0 200 OK\r\n\r\n"'
	wait_until 5 listens 8080
	clock next
	[ "$(up_ready)" = "true true" ]
	[ "$(tr -d '\r' <"$T/request" | head -n 3)" = "$(printf 'GET /healthz HTTP/1.1\nHost: %s:8080\nUser-Agent: kube-probe/runpod' "$ip")" ]
}

@test "tcp: a connection is enough" {
	pod_asked '{readiness: {how: {kind: "tcp", port: 7000}}}' -- sh -c 'while :; do nc -l -p 7000; done'
	wait_until 5 listens 7000
	clock 10
	wait_until 5 is_ready
}

@test "the host's network: asked at 127.0.0.1" {
	port=$(free_port)
	pod_asked "{readiness: {how: {kind: \"tcp\", port: $port}}}" --network host -- httpd -f -p "127.0.0.1:$port"
	wait_until 5 listens "$port"
	[ "$(id -u)" != 0 ] || same_ns "$PID" $$ net
	clock 10
	wait_until 5 is_ready
}

@test "a program that takes too long is killed with all that it started" {
	pod_asked "{liveness: {how: $(question 'sleep 2000 & sleep 2001'), timeout: 2, failure: 1000}}" -- sleep 1000
	runpod __clock "$POD" 0
	all() { grep -lzxE '200[01]' /proc/[0-9]*/cmdline 2>/dev/null | wc -l; }
	wait_until 5 eval '[ "$(all)" = 2 ]'
	runpod __clock "$POD" 1.9
	[ "$(all)" = 2 ]
	runpod __clock "$POD" 0.1
	wait_until 5 eval '[ "$(all)" = 0 ]'
	wait_until 5 eval '[ -n "$(happened Unhealthy)" ]'
	[ "$(happened Unhealthy)" = 'Liveness probe failed: command timed out: "sh -c echo q >>/t/asked; sleep 2000 & sleep 2001" timed out after 2s' ]
	[ "$(ctr_pid "$CTR")" = "$PID" ]
}

@test "what a program writes is the message, bounded and without control characters; one that is not there fails" {
	pod_asked "{liveness: {how: $(question 'printf "no \\033[2J\\303\\251 here" >&2; yes x | head -c 100000 >&2; exit 3'), failure: 1000},
		readiness: {how: {kind: \"exec\", command: [\"/no/such\"]}}}" -- sleep 1000
	clock 0
	wait_until 5 eval '[ "$(happened Unhealthy | grep -c "probe failed")" = 2 ]'
	[[ "$(happened Unhealthy)" == *"Liveness probe failed: no ?[2Jé herex"* ]]
	[ "$(happened Unhealthy | wc -c)" -lt 11000 ]
	[[ "$(happened Unhealthy)" == *'Readiness probe failed: executable file `/no/such` not found'* ]]
	[ "$(up_ready)" = "true false" ]
}

@test "a paused container is not asked, and not blamed" {
	pod_asked "{liveness: {how: $(question 'exit 0'), failure: 1}}" -- sleep 1000
	clock 0
	run runpod pause "$CTR"
	[ "$status" -eq 0 ] || skip "host: nothing can be paused here: $output"
	runpod __clock "$POD" 100
	[ "$(times)" = 1 ]
	runpod unpause "$CTR"
	clock next
	[ "$MOVED" = 10.000 ]
	[ "$(times)" = 2 ]
	[ "$(state restarts)" = null ]
	[ -z "$(happened Unhealthy)" ]
}

@test "a supervisor that was killed: the next one goes on asking, and nothing is forgotten" {
	: >"$T/ready"
	pod_asked "{startup: {how: $(question 'exit 0')}, readiness: {how: {kind: \"exec\", command: [\"test\", \"-e\", \"/t/ready\"]}, failure: 2}}" -- sleep 1000
	clock 0
	wait_until 5 is_ready
	[ "$(times)" = 1 ]
	old=$(jq .supervisor_pid "$STATE")
	kill -KILL "$old"
	wait_until 5 gone "$old"
	rm "$T/ready"
	RUNPOD_TEST_CLOCK=1 runpod exec "$CTR" true
	[ "$(ctr_pid "$CTR")" = "$PID" ]
	clock 0
	[ "$(up_ready)" = "true true" ]
	clock next
	[ "$(up_ready)" = "true false" ]
	[ "$(times)" = 1 ] # startup had passed
}

@test "a probe under way when its container is stopped is given up at once, and its program with it" {
	pod_asked "{readiness: {how: $(question 'sleep 3000'), timeout: 100}}" -- sleep 1000
	runpod __clock "$POD" 0
	asks() { grep -qlzx 3000 /proc/[0-9]*/cmdline 2>/dev/null; }
	wait_until 5 asks
	client pod stop --time 30 "$POD" >/dev/null &
	stop=$!
	wait_until 5 not asks
	alive "$PID" # its grace period has not passed: nobody moved the clock
	runpod __clock "$POD" 30
	wait "$stop"
	[ -z "$(happened Unhealthy)" ]
}

@test "a hook is asked in the same way: a refused request is a failure that stops the container" {
	pod_asked '{post_start: {kind: "http", path: "/warm", port: 8080}}' -- sleep 1000
	wait_until 5 eval '[ -n "$(happened Killing)" ]'
	[[ "$(happened FailedPostStartHook)" == *'Get "http://'*':8080/warm": dial tcp '*':8080: connect: connection refused' ]]
	[ "$(up_ready)" = "false false" ]
	runpod __clock "$POD" 30
	wait_until 5 eval '[ "$(state restarts)" = 1 ]'
}

@test "by the machine's own clock it is the same" {
	CLOCK='' pod_asked "{readiness: {how: $(question 'test -e /t/ok'), period: 1}}" -- sleep 1000
	wait_until 5 eval '[ "$(times)" -ge 2 ]'
	not is_ready
	: >"$T/ok"
	wait_until 5 is_ready
}

@test "the three probes of a manifest, with a named port and a header" {
	POD=$(rnd)
	mkdir "$T/www"
	cat >"$T/pod.yaml" <<-EOF
		apiVersion: v1
		kind: Pod
		metadata: {name: $POD}
		spec:
		  containers:
		  - name: web
		    image: busybox
		    command: [httpd, -f, -p, "8080", -h, /t/www]
		    ports: [{name: http, containerPort: 8080}]
		    startupProbe: {exec: {command: [sh, -c, "echo q >>/t/asked; test -e /t/up"]}, periodSeconds: 4}
		    livenessProbe: {tcpSocket: {port: http}, failureThreshold: 1}
		    readinessProbe:
		      httpGet: {path: /ready, port: http, httpHeaders: [{name: X-Probe, value: "yes"}]}
		      periodSeconds: 5
		    volumeMounts: [{name: t, mountPath: /t}]
		  volumes: [{name: t, hostPath: {path: $T}}]
	EOF
	RUNPOD_TEST_CLOCK=1 runpod kube play "$T/pod.yaml" >/dev/null
	CTR=$POD-web
	PID=$(ctr_pid "$CTR")
	STATE=$(echo "$T"/run/pods/*/state.json)
	EVENTS=${STATE%/*}/events
	wait_until 5 listens 8080
	clock 0
	[ "$NEXT" = 4.000 ]
	[ "$(up_ready)" = "false false" ]
	: >"$T/up"
	runpod __clock "$POD" next
	wait_until 5 eval '[ "$(up_ready)" = "true false" ]'
	clock 0
	echo yes >"$T/www/ready"
	clock next
	[ "$MOVED" = 5.000 ]
	[ "$(up_ready)" = "true true" ]
	[ "$(times)" = 2 ]
	[[ "$(happened Unhealthy | tail -n 1)" == "Readiness probe failed: HTTP probe failed with statuscode: 404" ]]
	[ "$(state restarts)" = null ]
}
