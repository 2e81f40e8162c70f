#!/usr/bin/env bash
# Runs a container that changes something, and looks at the mount and at the upper layer.
# shellcheck disable=SC2154 # status, output, traced, started and lines are set by lib.bash
. ./lib.bash

cd "$TMPDIR" || exit 1
mkdir -p image/bin image/etc
cp "$(command -v busybox)" image/bin/busybox
: >image/etc/old
trap 'chmod -R u+rwX a' EXIT
run_limited strace -f -s 4096 -o "$TMPDIR/trace" "$LAB" run a "$PWD/image" /bin/busybox rm /etc/old
traced=$TMPDIR/trace

did_not 'mount\(.*"overlay"' &&
	hint "TODO 1 and TODO 2: no file system of type \"overlay\" is mounted. Put the options together first (TODO 1)." \
		"They are the last argument of mount(2); the source may be any word."
options=$(sed -n 's/.*"overlay",.*"\(lowerdir[^"]*\).*/\1/p' "$traced" | head -n 1)
for word in lowerdir upperdir workdir; do
	[[ $options == *$word=* ]] || hint "TODO 1: the options lack $word. They are: $options"
done
did 'mount\(.*"overlay".*EPERM' &&
	hint "TODO 1: the mount gives EPERM: in a user namespace overlay needs the word userxattr." "The options are: $options"
[[ $options == *userxattr* ]] || hint "TODO 1: the options lack userxattr. They are: $options"
did 'mount\(.*"overlay".*= -1' && hint "TODO 1: the mount fails, and the options are:" "$options" \
	"Do all of these directories exist? Is there a comma too many?"
did 'mount\(.*"overlay".*= 0' && did_not 'chdir\(".*/root"|chdir\("a/root' &&
	hint "TODO 2: the layers are mounted on a/root; now go there, before the root is changed."
[ -c a/upper/etc/old ] || hint "TODO 2: rm inside the container left no whiteout in a/upper/etc. It printed:" "$output"
lab diff a
[[ $output == *"D /etc/old"* ]] ||
	hint "TODO 3: a/upper/etc/old is a character device with number 0:0, so diff should mark it D." "It printed: $output" \
		"S_ISCHR(info->st_mode) asks for the kind of file; info->st_rdev is the device's number."
hint "Nothing is missing that a hint could find: run the check."
