#!/usr/bin/env bash
# Tries the three modes, one after the other.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

trace --net=new true
did_not 'unshare\(.*CLONE_NEWNET' && hint "TODO 1: with --net=new no network namespace is made."
did_not 'SIOCSIFFLAGS.*IFF_UP' && hint "TODO 1: with --net=new nobody switches lo on."
[ "$status" -eq 0 ] || hint "TODO 1: with --net=new it fails:" "$output"
lab --net=nonsense true
[ "$status" -ne 0 ] || hint "TODO 1: --net=nonsense should be refused."
start unshare --user --map-root-user --net sleep 60
wait_for 5 grep -q sleep "/proc/$started/comm"
donor=$started
trace --net=container:"$donor" readlink /proc/self/ns/net
wanted=$(ns "$donor" net)
stop_all
did_not "openat\\(.*/proc/$donor/ns/net" && hint "TODO 2: /proc/$donor/ns/net is never opened. Does choose_network call join_network?"
did_not "openat\\(.*/proc/$donor/ns/user" && hint "TODO 2: what gives the right to join? /proc/$donor/ns/user is never opened."
did 'setns\(.*EPERM' && hint "TODO 2: EPERM: in which order are the two joined? $(grep -m 2 'setns(' "$traced")"
did_not 'setns\(' && hint "TODO 2: the descriptors are open, but setns(2) is never called."
[ "$output" = "$wanted" ] || hint "TODO 2: it should be in $wanted, and is in $output."
hint "Nothing is missing that a hint could find: run the check."
