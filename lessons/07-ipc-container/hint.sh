#!/usr/bin/env bash
# Puts a letter, gets a letter, and does it again in a container.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

key=$((RANDOM + 1))
trace put $key hello
did_not "msgget\\(" && hint "TODO 2: put never calls msgget(2)."
did_not 'msgget\(.*IPC_CREAT' && hint "TODO 2: put should make the queue when it is not there: IPC_CREAT."
did 'msgget\(.*EACCES|msgsnd\(.*EACCES' && hint "TODO 2: EACCES: a queue has permissions, as a file has: | 0600."
did_not 'msgsnd\(' && hint "TODO 2: put never calls msgsnd(2)."
did 'msgsnd\(.*EINVAL' && hint "TODO 2: EINVAL: the type of a message must be above 0, and its size counts the text only:" "$(grep -m 1 EINVAL "$traced")"
trace get $key
did_not 'msgget\(' && hint "TODO 3: get never calls msgget(2)."
did 'msgget\(.*IPC_CREAT' && hint "TODO 3: get should only look, not make a queue: no IPC_CREAT."
did_not 'msgrcv\(' && hint "TODO 3: get never calls msgrcv(2)."
[[ $output == *hello* ]] || hint "TODO 3: hello was put, and this came out: $output"
lab get $key
[ "$status" -ne 0 ] || hint "TODO 3: when nothing is in the queue, msgrcv fails with ENOMSG: die."
start unshare --user --map-root-user --ipc sleep 60
wait_for 5 grep -q sleep "/proc/$started/comm"
box=$started
trace --ipc=container:"$box" put $key hello
stop_all
did_not "openat\\(.*/proc/$box/ns/ipc" && hint "TODO 1: /proc/$box/ns/ipc is never opened."
did 'setns\(.*EPERM' && hint "TODO 1: EPERM: which namespace gives the right to join this one?"
did_not 'setns\(.*' && hint "TODO 1: setns(2) is never called."
hint "Nothing is missing that a hint could find: run the check."
