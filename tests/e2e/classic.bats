#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
#
# classic.bats: the field's classic texts, with real programs. A web server in front of an
# application that listens on 127.0.0.1 only, in namespaces that a pause container holds; the
# textbook's pod of a web server and a sidecar; three servers in one pod on their own ports; and
# the first one again, from a manifest.

load ../lib/common

setup() {
	common_setup
	skip_unless_tool nginx
	ln -s "$RUNPOD" "$T/docker"
	chmod 755 "$T"
	PAUSE=fake_k8s_pod_pause
	PORT=$(free_port)
	mkdir -m 777 "$T/www" "$T/www/cgi-bin" "$T/nginx"
	echo "the application's page" >"$T/www/index.html"
	printf '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\nhost %%s\\n" "$HTTP_X_SEEN"\n' >"$T/www/cgi-bin/seen"
	chmod 755 "$T/www/cgi-bin/seen"
}

docker() { timeout 60 "$T/docker" --root "$T/root" --runroot "$T/run" "$@" 3>&-; }

# nginx_conf: a server on $1 that passes everything on to $2.
nginx_conf() {
	cat <<-END
		daemon off;
		pid /tmp/nginx.pid;
		error_log stderr warn;
		worker_processes 1;
		$([ "$(id -u)" != 0 ] || echo "user root;")
		events { worker_connections 64; }
		http {
			access_log off;
			client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi;
			uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi;
			server {
				listen $1;
				location / { proxy_pass http://$2; proxy_set_header X-Seen nginx; }
			}
		}
	END
}

page() { curl -sS --max-time 5 "http://127.0.0.1:$1/${2-}"; }
page_is() { [ "$(page "$1" "$2" 2>/dev/null)" = "$3" ]; }

# into NAME: the words that join a container to what another holds.
into() { echo "--net=container:$1 --ipc=container:$1 --pid=container:$1"; }

@test "docker's classic: nginx and an application joined to a pause container, the page from the host's port" {
	local pause web app all
	nginx_conf 80 127.0.0.1:2368 >"$T/nginx/nginx.conf"
	docker run -d -p "$PORT:80" --ipc=shareable --name "$PAUSE" pause
	# shellcheck disable=SC2046
	docker run -d --name nginx -v "$T/nginx/nginx.conf:/etc/nginx/nginx.conf:ro" $(into "$PAUSE") host nginx -c /etc/nginx/nginx.conf
	# shellcheck disable=SC2046
	docker run -d --name ghost -v "$T/www:/www:ro" -v "$LOCAL_TOOLS:/t:ro" $(into "$PAUSE") busybox \
		httpd -f -p 127.0.0.1:2368 -h /www
	wait_until 10 page_is "$PORT" '' "the application's page"
	[ "$(page "$PORT" cgi-bin/seen)" = 'host nginx' ] # it came through nginx
	[ -z "$(ss -Hltn "sport = :2368" 2>/dev/null)" ]  # and there is no other way to it

	pause=$(ctr_pid "$PAUSE") web=$(ctr_pid nginx) app=$(ctr_pid ghost)
	same_ns "$pause" "$web" net ipc pid
	same_ns "$pause" "$app" net ipc pid
	differ_ns "$web" "$app" mnt

	# each sees the other's processes, and pause as their PID 1
	for all in "$(docker exec ghost ps -o pid,args)" "$(docker exec nginx ps -e -o pid,args)"; do
		[[ $all =~ (^|$'\n')[[:space:]]+1[[:space:]]/?pause ]]
		[[ $all == *'nginx: master process'* ]]
		[[ $all == *'httpd -f -p 127.0.0.1:2368'* ]]
	done

	# System V and POSIX memory pass between the two
	docker exec ghost /t/probe shm-write 0x2368 'from the application'
	ipcs_in_nginx() { docker exec nginx ipcs -m; }
	[[ $(ipcs_in_nginx) == *0x00002368* ]]
	docker exec nginx sh -c 'echo "from nginx" >/dev/shm/note'
	[ "$(docker exec ghost cat /dev/shm/note)" = 'from nginx' ]
}

@test "the textbook's pod: a web server and a sidecar that writes the time, through a volume" {
	local first pod
	pod=$(rnd)
	runpod pod create --name "$pod" -p "$PORT:80"
	runpod run -d --pod "$pod" --name "$pod-web" -v "$pod-html:/www" busybox httpd -f -p 80 -h /www
	runpod run -d --pod "$pod" --name "$pod-time" -v "$pod-html:/html" busybox \
		sh -c 'n=0; while :; do n=$((n + 1)); echo "$(date) $n" >/html/.new; mv /html/.new /html/index.html; sleep 0.1; done'
	has_time() { page "$PORT" 2>/dev/null | grep -q "$(date +%Y)"; }
	wait_until 10 has_time
	first=$(page "$PORT")
	moved_on() { [ "$(page "$PORT")" != "$first" ]; }
	wait_until 10 moved_on
	same_ns "$(ctr_pid "$pod-web")" "$(ctr_pid "$pod-time")" net ipc uts
	differ_ns "$(ctr_pid "$pod-web")" "$(ctr_pid "$pod-time")" pid mnt
	[ "$(runpod pod ps --filter name="$pod" --format '{{.Status}}')" = Running ]
}

@test "web, database and cache in one pod, each on its own port, each at localhost for the others" {
	local pod n
	pod=$(rnd)
	nginx_conf 80 127.0.0.1:5432 >"$T/nginx/nginx.conf"
	runpod pod create --name "$pod" -p "$PORT:80"
	runpod run -d --pod "$pod" --name "$pod-web" -v "$T/nginx/nginx.conf:/n.conf:ro" -v "$LOCAL_TOOLS:/t:ro" \
		host nginx -c /n.conf
	runpod run -d --pod "$pod" --name "$pod-db" -v "$T/www:/www:ro" busybox httpd -f -p 5432 -h /www
	runpod run -d --pod "$pod" --name "$pod-cache" -v "$LOCAL_TOOLS:/t:ro" busybox /t/probe tcp 6379 127.0.0.1
	wait_until 10 page_is "$PORT" '' "the application's page"
	cached() { [ "$(runpod exec "$pod-web" /t/probe ask-tcp 127.0.0.1 6379)" = 127.0.0.1 ]; }
	wait_until 5 cached
	# one network namespace, three listeners
	n=$(runpod exec "$pod-db" netstat -ltn | grep -cE ':(80|5432|6379) ')
	[ "$n" -eq 3 ]
	# a second server on a port that is taken fails as on one machine
	run runpod run --rm --pod "$pod" busybox httpd -f -p 5432
	[ "$status" -ne 0 ]
	[[ $output == *'Address already in use'* ]]
}

@test "the same from a manifest: nginx.conf out of a ConfigMap, and the same answer as the pod made by hand" {
	local by_hand by_file port2
	port2=$(free_port)
	nginx_conf 80 127.0.0.1:2368 >"$T/nginx/nginx.conf"

	docker run -d -p "$PORT:80" --ipc=shareable --name "$PAUSE" pause
	# shellcheck disable=SC2046
	docker run -d --name nginx -v "$T/nginx/nginx.conf:/etc/nginx/nginx.conf:ro" $(into "$PAUSE") host nginx -c /etc/nginx/nginx.conf
	# shellcheck disable=SC2046
	docker run -d --name ghost -v "$T/www:/www:ro" $(into "$PAUSE") busybox httpd -f -p 127.0.0.1:2368 -h /www

	runpod create configmap nginx-conf --from-file="$T/nginx/nginx.conf"
	cat >"$T/pod.yaml" <<-END
		apiVersion: v1
		kind: Pod
		metadata:
		  name: blog
		spec:
		  shareProcessNamespace: true
		  terminationGracePeriodSeconds: 2
		  containers:
		  - name: nginx
		    image: host
		    command: [nginx, -c, /conf/nginx.conf]
		    ports:
		    - containerPort: 80
		      hostPort: $port2
		    volumeMounts:
		    - {name: conf, mountPath: /conf, readOnly: true}
		    readinessProbe:
		      httpGet: {path: /, port: 80}
		      periodSeconds: 1
		  - name: ghost
		    image: busybox
		    command: [httpd, -f, -p, "127.0.0.1:2368", -h, /www]
		    volumeMounts:
		    - {name: www, mountPath: /www, readOnly: true}
		  volumes:
		  - name: conf
		    configMap: {name: nginx-conf}
		  - name: www
		    hostPath: {path: $T/www, type: Directory}
	END
	runpod apply -f "$T/pod.yaml"
	ready() { [ "$(runpod get pod blog --no-headers | awk '{ print $2 }')" = 2/2 ]; }
	wait_until 20 ready
	wait_until 10 page_is "$PORT" '' "the application's page"
	for path in '' cgi-bin/seen nosuch; do
		by_hand=$(curl -sS -i --max-time 5 "http://127.0.0.1:$PORT/$path" | grep -vi '^\(date\|last-modified\|etag\):')
		by_file=$(curl -sS -i --max-time 5 "http://127.0.0.1:$port2/$path" | grep -vi '^\(date\|last-modified\|etag\):')
		[ "$by_hand" = "$by_file" ]
	done
	[[ $(page "$port2" cgi-bin/seen) == *nginx* ]]
	runpod delete -f "$T/pod.yaml"
	runpod delete configmap nginx-conf
}
