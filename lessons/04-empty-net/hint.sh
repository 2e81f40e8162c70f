#!/usr/bin/env bash
# Runs newnet under strace and looks how far it came.
# shellcheck disable=SC1091,SC2016,SC2034,SC2154 # lib.bash: its variables, and code for its eval
. ./lib.bash

trace true
did_not 'unshare\(.*CLONE_NEWNET' && hint "TODO 1: no network namespace is made: unshare is not called with CLONE_NEWNET."
did_not 'connect\(.*AF_INET' && hint "TODO 2: connect(2) is not called with an address of the family AF_INET."
did_not 'connect\(.*127\.0\.0\.1' &&
	hint "TODO 2: that is not 127.0.0.1: $(grep -m 1 'connect(' "$traced")" "(is the address in the network's order of bytes? htonl)"
did_not 'connect\(.*htons\(1\)' &&
	hint "TODO 2: that is not port 1: $(grep -m 1 'connect(' "$traced")" "(256 is 1 in the other order of bytes: htons)"
did_not 'connect\(.*ENETUNREACH' &&
	hint "TODO 2: before lo is up, the error should be ENETUNREACH: $(grep -m 1 'connect(' "$traced")" \
		"(EINPROGRESS would come from SOCK_NONBLOCK)"
[[ $output == *ENETUNREACH* ]] || hint "TODO 2: connect failed as it should, but nothing is said about it: complain()."
did_not 'ioctl\(.*SIOCSIFFLAGS' && hint "TODO 3: nobody switches lo on: ioctl(2) is not called with SIOCSIFFLAGS."
did 'ioctl\(.*ENODEV' && hint "TODO 3: ENODEV: there is no interface of that name: $(grep -m 1 ENODEV "$traced")"
did 'ioctl\(.*EPERM' && hint "TODO 3: EPERM: the socket belongs to another namespace. When was it made?"
did_not 'SIOCSIFFLAGS.*IFF_UP' && hint "TODO 3: the flags that are set do not have IFF_UP among them: $(grep -m 1 SIOCSIFFLAGS "$traced")"
[[ $output == *ECONNREFUSED* ]] || hint "TODO 3: lo is up, and still 127.0.0.1 does not answer with a refusal:" "$output"
hint "Nothing is missing that a hint could find: run the check."
