#!/usr/bin/env bats
# ps.bats: looking: ps, pod ps, inspect, port, exists; their columns, filters, templates and the
# words for what is not there.

load ../lib/common

# A pod of two, a container that was only made, one that ended with 3: in $pod, $one, $made, $done.
scene() {
	pod=$(rnd) one=$pod-one made=$pod-made ended=$pod-ended port=$(free_port)
	pod_id=$(runpod pod create --name "$pod" -l app=web -p "127.0.0.1:$port:80")
	one_id=$(runpod run -d --pod "$pod" --name "$one" -l k=v -l both=1 busybox sleep 1000)
	made_id=$(runpod create --network none --name "$made" -l both=2 -v "$pod:/vol" --restart always busybox sh -c 'a command too long to be shown whole')
	runpod run --network none --name "$ended" busybox sh -c 'exit 3' || [ $? -eq 3 ]
	infra_id=$(runpod pod inspect -f '{{.InfraContainerID}}' "$pod")
}

names() { runpod ps -a --format '{{.Names}}' "$@" | sort | paste -sd' '; }

@test "ps: columns, who is shown, ids cut and whole" {
	scene
	run runpod ps
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" =~ ^CONTAINER\ ID\ +IMAGE\ +COMMAND\ +CREATED\ +STATUS\ +PORTS\ +NAMES$ ]]
	[ "${#lines[@]}" -eq 3 ] # the pod's infra runs too
	row=$(grep -w "$one" <<<"$output")
	[[ "$row" =~ ^${one_id:0:12}\ +localhost/busybox:latest\ +sleep\ 1000\ +.*\ ago\ +Up\ .*127\.0\.0\.1:$port-\>80/tcp\ +$one$ ]]
	run runpod ps -a
	[ "${#lines[@]}" -eq 5 ]
	[[ "$(grep -w "$made" <<<"$output")" =~ sh\ -c\ a\ command\ to?\.\.\..*\ Created\  ]]
	[[ "$(grep -w "$ended" <<<"$output")" =~ Exited\ \(3\)\ .*\ ago ]]
	run runpod ps -a --no-trunc
	[[ "$output" == *"$made_id"*"sh -c a command too long to be shown whole"* ]]
	[ "$(runpod ps -q | sort)" = "$(printf '%s\n' "${one_id:0:12}" "${infra_id:0:12}" | sort)" ]
	[ "$(runpod ps -q --no-trunc --filter name="$one")" = "$one_id" ]
	[ "$(runpod ps --noheading | wc -l)" -eq 2 ]
	[ "$(runpod ps -l --format '{{.Names}}')" = "$ended" ]
	[ "$(runpod ps -n 2 --format '{{.Names}}' | sort | paste -sd' ')" = "$ended $made" ]
	for verb in "container ls" "container list" "container ps"; do
		# shellcheck disable=SC2086 # words are wanted
		[ "$(runpod $verb -aq | wc -l)" -eq 4 ]
	done
}

@test "ps with nothing there: the heading alone" {
	run runpod ps -a
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" == "CONTAINER ID "* ]]
	[ -z "$(runpod ps -aq)" ]
	[ "$(runpod ps --format json)" = "[]" ]
	[ "$(runpod pod ps --format json)" = "[]" ]
	[[ "$(runpod pod ps)" =~ ^POD\ ID\ +NAME\ +STATUS\ +CREATED\ +INFRA\ ID\ +#\ OF\ CONTAINERS$ ]]
}

@test "ps --pod: the pod's id and name behind" {
	scene
	run runpod ps -a --pod
	[[ "${lines[0]}" =~ NAMES\ +POD\ ID\ +PODNAME$ ]]
	[[ "$(grep -w "$one" <<<"$output")" =~ $one\ +${pod_id:0:12}\ +$pod$ ]]
	[[ "$(grep -w "$made" <<<"$output")" =~ $made\ *$ ]]
}

@test "ps --filter: each kind; the same kind adds, labels and different kinds must all hold" {
	scene
	infra=$(runpod inspect -f '{{.Name}}' "$infra_id")
	while IFS='|' read -r filters wanted; do
		echo "$filters"
		# shellcheck disable=SC2086 # words are wanted
		[ "$(names $filters)" = "$(tr ' ' '\n' <<<"$wanted" | sort | paste -sd' ')" ]
	done <<-END
		--filter name=$one|$one
		--filter name=^$pod-[mo]|$made $one
		--filter id=${made_id:0:10}|$made
		--filter status=running|$infra $one
		--filter status=created|$made
		--filter status=exited|$ended
		--filter status=created --filter status=exited|$ended $made
		--filter exited=3|$ended
		--filter exited=0|
		--filter label=k|$one
		--filter label=k=v|$one
		--filter label=k=w|
		--filter label=both|$made $one
		--filter label=both --filter label=k|$one
		--filter label=both --filter status=created|$made
		--filter pod=$pod|$infra $one
		--filter pod=${pod_id:0:8}|$infra $one
		--filter volume=$pod|$made
		--filter volume=/vol|$made
		--filter restart-policy=always|$made
		--filter ancestor=busybox|$ended $made $one
		--filter before=$made|$infra $one
		--filter since=$made|$ended
		-f name=nobody|
	END
	run runpod ps --filter nosuch=1
	[ "$status" -eq 125 ]
	[[ "$output" == *"nosuch is an invalid filter"* ]]
	run runpod ps --filter name
	[ "$status" -eq 125 ]
	[[ "$output" == *"filter input must be in the form of filter=value"* ]]
	run runpod ps --filter before=nobody
	[ "$status" -eq 125 ]
}

@test "ps --format: templates, tables, json; --sort; unknown fields are named" {
	scene
	# shellcheck disable=SC2016 # for the template
	[ "$(runpod ps -a --filter name="$one" --format '{{.ID}}|{{.Names}}|{{.Label "k"}}|{{.State}}|{{.Pod}}|{{.PodName}}\t{{.Command}}')" = \
		"${one_id:0:12}|$one|v|running|${pod_id:0:12}|$pod"$'\t'"sleep 1000" ]
	run runpod ps -a --filter name="$one" --format 'table {{.Names}}\t{{.Image}}'
	[[ "${lines[0]}" =~ ^NAMES\ +IMAGE$ ]]
	[[ "${lines[1]}" =~ ^$one\ +localhost/busybox:latest$ ]]
	[[ "$(runpod ps -a --filter name="$one" --format '{{.Labels}}')" =~ k=v ]]
	runpod ps -a --format json | python3 -c '
import json, sys
rows = {r["Names"][0]: r for r in json.load(sys.stdin)}
one, ended = rows[sys.argv[1]], rows[sys.argv[2]]
assert one["Id"] == sys.argv[3] and one["State"] == "running" and one["Labels"]["k"] == "v"
assert one["Command"] == ["sleep", "1000"] and one["Pid"] > 0 and one["PodName"] == sys.argv[4]
assert [(p["host_ip"], p["host_port"], p["container_port"], p["protocol"]) for p in one["Ports"]] == [("127.0.0.1", int(sys.argv[5]), 80, "tcp")]
assert ended["ExitCode"] == 3 and ended["Exited"] is True and ended["Pid"] == 0
' "$one" "$ended" "$one_id" "$pod" "$port"
	[ "$(runpod ps -a --sort names --format '{{.Names}}' --filter name="^$pod" | paste -sd' ')" = "$ended $made $one" ]
	run runpod ps --sort nosuch
	[ "$status" -eq 125 ]
	run runpod ps --format '{{.Nope}}'
	[ "$status" -eq 125 ]
	[[ "$output" == *"can't evaluate field Nope"* ]]
	run runpod ps --format '{{.Names'
	[ "$status" -eq 125 ]
	run runpod ps extra
	[ "$status" -eq 125 ]
	[ "$output" = 'Error: `runpod ps` takes no arguments' ]
}

@test "pod ps: columns, what --ctr-ids, --ctr-names, --ctr-status, --ns add, filters, json" {
	scene
	run runpod pod ps
	[[ "${lines[0]}" =~ ^POD\ ID\ +NAME\ +STATUS\ +CREATED\ +INFRA\ ID\ +#\ OF\ CONTAINERS$ ]]
	[[ "${lines[1]}" =~ ^${pod_id:0:12}\ +$pod\ +Running\ +.*\ ago\ +${infra_id:0:12}\ +2$ ]]
	[ "${#lines[@]}" -eq 2 ] # containers without a pod have none
	run runpod pod ps --ctr-ids --ctr-names --ctr-status
	[[ "${lines[0]}" =~ INFRA\ ID\ +IDS\ +NAMES\ +STATUS$ ]]
	[[ "${lines[1]}" =~ ${infra_id:0:12},${one_id:0:12}\ +${pod_id:0:12}-infra,$one\ +running,running$ ]]
	run runpod pod ps --ns
	[[ "${lines[0]}" =~ CGROUP\ +NAMESPACES ]]
	[[ "${lines[1]}" == *" ipc,net,uts "* ]]
	for verb in ls list; do
		[ "$(runpod pod $verb -q)" = "${pod_id:0:12}" ]
	done
	[ "$(runpod pod ps -q --no-trunc)" = "$pod_id" ]
	[ "$(runpod pod ps -n | wc -l)" -eq 1 ]
	for filter in name="$pod" id="${pod_id:0:8}" label=app label=app=web status=running ctr-number=2 ctr-names="$one" \
		ctr-status=running ctr-ids="${one_id:0:12}"; do
		echo "$filter"
		[ "$(runpod pod ps -q --filter "$filter")" = "${pod_id:0:12}" ]
	done
	for filter in name=nobody label=app=x status=exited ctr-number=7 ctr-names=nobody; do
		echo "$filter"
		[ -z "$(runpod pod ps -q --filter "$filter")" ]
	done
	run runpod pod ps --filter nosuch=1
	[ "$status" -eq 125 ]
	[ "$(runpod pod ps --format '{{.Name}} {{.Status}} {{.NumberOfContainers}} {{.Label "app"}}')" = "$pod Running 2 web" ]
	runpod pod ps --format json | python3 -c '
import json, sys
[pod] = json.load(sys.stdin)
assert (pod["Id"], pod["Name"], pod["Status"], pod["Labels"]) == (sys.argv[1], sys.argv[2], "Running", {"app": "web"})
assert {c["Names"] for c in pod["Containers"]} >= {sys.argv[3]}
' "$pod_id" "$pod" "$one"
	run runpod pod ps --format '{{.Nope}}'
	[ "$status" -eq 125 ]
}

@test "container inspect: podman's keys, and true values" {
	scene
	runpod inspect "$one" >"$T/json"
	python3 - "$T/json" "$one_id" "$pod_id" "$infra_id" "$port" <<-'END'
		import json, os, sys
		path, one, pod, infra, port = sys.argv[1:]
		[c] = json.load(open(path))
		def has(where, keys):
		    missing = set(keys.split()) - set(where)
		    assert not missing, missing
		has(c, "Id Name Created Path Args State Image ImageName Mounts Config HostConfig NetworkSettings ExecIDs RestartCount Pod")
		has(c["State"], "Status Running Paused OOMKilled Pid ConmonPid ExitCode Error StartedAt FinishedAt StoppedByUser CgroupPath")
		has(c["Config"], "Env Cmd Labels Annotations User WorkingDir Hostname")
		has(c["HostConfig"], "NetworkMode IpcMode PidMode UTSMode RestartPolicy PortBindings ReadonlyRootfs LogConfig Ulimits Memory")
		has(c["HostConfig"]["LogConfig"], "Type Path Size")
		assert c["Id"] == one and c["Pod"] == pod and c["Path"] == "sleep" and c["Args"] == ["1000"]
		assert os.path.realpath(f"/proc/{c['State']['Pid']}") and open(f"/proc/{c['State']['Pid']}/comm").read() == "sleep\n"
		assert "supervisor" in open(f"/proc/{c['State']['ConmonPid']}/cmdline").read()
		assert c["Config"]["Cmd"] == ["sleep", "1000"] and c["Config"]["Labels"] == {"k": "v", "both": "1"}
		for mode in "NetworkMode", "IpcMode", "UTSMode":
		    assert c["HostConfig"][mode] == f"container:{infra}", c["HostConfig"][mode]
		assert c["HostConfig"]["PidMode"] == "private"
		assert c["HostConfig"]["PortBindings"] == {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": port}]}
		assert c["Image"] and c["ImageName"] == "localhost/busybox:latest"
	END
	[ "$(runpod inspect -f '{{len .Mounts}} {{range .Mounts}}{{.Type}} {{.Name}} {{.Destination}} {{.RW}}{{end}}' "$made")" = "1 volume $pod /vol true" ]
	[ "$(runpod container inspect -l -f '{{.Name}}')" = "$ended" ]
	# its cgroup, where it has one
	group=$(sed -n 's/^0:://p' "/proc/$(ctr_pid "$one")/cgroup")
	[[ "$group" != *"$pod_id"* ]] || [[ "/$(runpod inspect -f '{{.State.CgroupPath}}' "$one")" == *"$pod_id" ]]
}

@test "pod inspect: podman's keys, and true values" {
	scene
	runpod pod inspect "$pod" >"$T/json"
	python3 - "$T/json" "$pod_id" "$pod" "$infra_id" "$one_id" "$port" <<-'END'
		import json, sys
		path, pod, name, infra, one, port = sys.argv[1:]
		[p] = json.load(open(path))
		wanted = """Id Name Namespace Created CreateCommand ExitPolicy State Hostname Labels CreateCgroup CgroupParent CgroupPath
		    CreateInfra InfraContainerID InfraConfig SharedNamespaces NumContainers Containers RestartPolicy"""
		assert not set(wanted.split()) - set(p), set(wanted.split()) - set(p)
		assert not set("PortBindings HostNetwork DNSServer HostAdd Networks".split()) - set(p["InfraConfig"])
		assert (p["Id"], p["Name"], p["State"], p["Hostname"], p["Labels"]) == (pod, name, "Running", name, {"app": "web"})
		assert p["InfraContainerID"] == infra and p["SharedNamespaces"] == ["ipc", "net", "uts"]
		assert p["NumContainers"] == 2 and {(c["Id"], c["State"]) for c in p["Containers"]} == {(infra, "running"), (one, "running")}
		assert p["InfraConfig"]["PortBindings"] == {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": port}]}
		assert p["CreateCommand"][-1] == f"127.0.0.1:{port}:80"
	END
	[ "$(runpod pod inspect -f '{{.InfraConfig.PortBindings}} {{.SharedNamespaces}} {{.Labels.app}}' "$pod")" = "map[80/tcp:[{127.0.0.1 $port}]] [ipc net uts] web" ]
	# the kernel's name for its cgroup
	group=$(sed -n 's/^0:://p' "/proc/$(ctr_pid "$one")/cgroup")
	[[ "$group" != *"$pod_id"* ]] || [[ "$group" == *"$(runpod pod inspect -f '{{.CgroupPath}}' "$pod")/$one_id" ]]
}

@test "inspect: several kinds, templates, and [] for what is not there" {
	scene
	run runpod inspect -f '{{.Name}}' "$one" "$pod" "${made_id:0:10}"
	[ "${lines[*]}" = "$one $pod $made" ]
	[ "$(runpod inspect --type image -f '{{index .RepoTags 0}}' busybox)" = localhost/busybox:latest ]
	[ "$(runpod inspect -f '{{json .Config.Labels}} {{if .State.Running}}yes{{else}}no{{end}} {{index .Config.Labels "both"}}' "$made")" = '{"both":"2"} no 2' ]
	run --separate-stderr runpod inspect nosuch
	[ "$status" -eq 125 ]
	[ "$output" = "[]" ]
	# shellcheck disable=SC2154 # bats sets it
	[ "$stderr" = 'Error: no such object: "nosuch"' ]
	run --separate-stderr runpod inspect "$one" nosuch
	[ "$status" -eq 125 ]
	[ "$(python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["Name"])' <<<"$output")" = "$one" ]
	run runpod inspect --type container "$pod"
	[ "$status" -eq 125 ]
	run runpod inspect --type nosuch "$one"
	[ "$status" -eq 125 ]
	run runpod inspect -f '{{.State.Nope}}' "$one"
	[ "$status" -eq 125 ]
	[[ "$output" == *Nope* ]]
	run runpod pod inspect nosuch
	[ "$status" -eq 125 ]
	[[ "$output" == *"nosuch"*"no such pod"* ]]
}

@test "port: all, one, --all, and what is not published" {
	scene
	[ "$(runpod port "$one")" = "80/tcp -> 127.0.0.1:$port" ]
	[ "$(runpod port "$one" 80)" = "127.0.0.1:$port" ]
	[ "$(runpod port "$one" 80/tcp)" = "127.0.0.1:$port" ]
	run runpod port "$one" 80/udp
	[ "$status" -eq 125 ]
	[ "$output" = 'Error: failed to find published port "80/udp"' ]
	[[ "$(runpod port --all)" == *"${one_id:0:12}"$'\t'"80/tcp -> 127.0.0.1:$port"* ]]
	[ -z "$(runpod port "$made")" ]
	run runpod port nosuch
	[ "$status" -eq 125 ]
	run runpod port
	[ "$status" -eq 125 ]
}

@test "exists: 0 and 1, by name and by id, without a word" {
	scene
	for found in "container $one" "container $one_id" "container ${one_id:0:6}" "pod $pod" "pod $pod_id" "image busybox" "volume $pod"; do
		# shellcheck disable=SC2086 # words are wanted
		run runpod ${found% *} exists ${found#* }
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
	for missing in "container nosuch" "container $pod" "pod nosuch" "pod $one" "image nosuch" "volume nosuch"; do
		# shellcheck disable=SC2086 # words are wanted
		run runpod ${missing% *} exists ${missing#* }
		[ "$status" -eq 1 ]
		[ -z "$output" ]
	done
}

@test "an id's beginning must be of one only" {
	for _ in $(seq 17); do # sixteen first digits
		runpod create busybox >>"$T/ids"
	done
	digit=$(cut -c1 "$T/ids" | sort | uniq -d | head -n 1)
	run runpod inspect "$digit"
	[ "$status" -eq 125 ]
	[[ "$output" == *"more than one"* ]] || [[ "$output" == *"ambiguous"* ]]
}

@test "a record torn by a power cut is told of and passed over" {
	scene
	printf '{"id": "' >"$(find "$T/root/pods" -path "*$made_id*" -name ctr.json)"
	run runpod ps -a --format '{{.Names}}'
	[ "$status" -eq 0 ]
	[[ "$output" == *"$one"* ]]
	[[ "$output" == *"$ended"* ]]
	run runpod exec "$one" echo fine
	[ "$output" = fine ]
	runpod rm -f "$made_id"
}
