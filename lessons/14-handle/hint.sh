#!/usr/bin/env bash
# In the lab: starts something in a cgroup, freezes and kills it.
# shellcheck disable=SC2154,SC2034 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

[ -n "$(command -v linux.uml)" ] || hint "The lab is not installed here (see: lesson doctor)."
[ -n "${IN_LAB-}" ] || exec "$TREE/lessons/in-lab" "bash 14-handle/hint.sh"

pod=/sys/fs/cgroup/user/hint
lab run $pod sleep 60
pid=${lines[0]}
[ -d $pod ] || hint "run has made no cgroup $pod. It printed:" "$output"
grep -qx "$pid" $pod/cgroup.procs ||
	hint "TODO 1: the command's PID is $pid, and $pod/cgroup.procs does not have it." \
		"It is in: $(cat "/proc/$pid/cgroup" 2>/dev/null)" \
		"The members of struct clone_args are: flags, cgroup, exit_signal; the header is <linux/sched.h>."

mkdir $pod/inner
echo 1 >$pod/cgroup.freeze
start "$LAB" thaw $pod/inner
waiting=$started
sleep 1
! is_dead "$waiting" ||
	hint "TODO 2: thaw came back although the cgroup was still frozen: cgroup.events said" \
		"$(tr '\n' ' ' <$pod/inner/cgroup.events), and \"frozen 0\" was waited for. strstr(text, line) finds it; poll(2)" \
		"with POLLPRI comes back when the file changes. Look again then, in the loop."
echo 0 >$pod/cgroup.freeze
wait_for 5 is_dead "$waiting" ||
	hint "TODO 2: cgroup.events has changed, and thaw still waits. Is the file read again, from its beginning, after poll?"
rmdir $pod/inner

run_limited strace -o tmp/trace "$LAB" kill $pod
traced=tmp/trace
did_not 'cgroup.kill' && hint "TODO 3: kill does not write to cgroup.kill: set(directory, \"cgroup.kill\", \"1\")."
did_not 'rmdir\(' && hint "TODO 3: an empty cgroup is removed like an empty directory: rmdir(2)."
did 'rmdir\(.*EBUSY' &&
	hint "TODO 3: rmdir gives EBUSY: the processes have got their SIGKILL, but are not gone yet." \
		"Which line of cgroup.events says that nobody is left?"
hint "Nothing is missing that a hint could find: run the check."
