# explain.awk: holds what --explain printed against strace -ff of the same run.
#
#	LC_ALL=C awk -v bounding=0x… -f explain.awk EXPLAIN TRACE.PID…
#
# bounding: the capability bounding set at the start, as CapBnd of /proc/PID/status has it.
# Each line of EXPLAIN left its process by a write(2), so it stands in that process's trace too:
# this is how we know whose it is. Between it and the line before, that process must have made the
# call that the line tells of: the same name, main arguments and result. One line is told of
# another process (execve, when a container has become its program) and one of a program (nft).
#
# Prints what has no call behind it, and ends with 1 if anything has not.

FNR == 1 { file++ }

file == 1 { told[++tolds] = $0; next }

{
	gsub(/\) +=/, ") =") # strace aligns the results
	line[file, ++lines[file]] = $0
}

# escaped TEXT: as strace writes it.
function escaped(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	gsub("\342\200\246", "\\342\\200\\246", text)
	return text
}

# bits HEX: how many are set in 0x800405fb.
function bits(hex,    i, n) {
	if (hex ~ /^0x/)
		hex = substr(hex, 3)
	for (i = 1; i <= length(hex); i++)
		n += substr("0112122312232334", index("0123456789abcdef", substr(hex, i, 1)), 1)
	return n + 0
}

# occurrences TEXT PART
function occurrences(text, part,    n, at) {
	while ((at = index(text, part))) {
		n++
		text = substr(text, at + length(part))
	}
	return n + 0
}

# all WORDS PREFIX TEXT: whether each of A|B, with the prefix, is a word of text, and there are no more with it.
function all(words, prefix, text,    list, n, i) {
	if (words == "0")
		return 1
	n = split(words, list, "|")
	for (i = 1; i <= n; i++)
		if (!match(text, "(^|[^A-Z_])" prefix list[i] "([^A-Z_]|$)"))
			return 0
	return 1
}

# between TEXT BEGIN END: what stands between the two, or "".
function between(text, begin, end,    at) {
	at = index(text, begin)
	if (!at)
		return ""
	text = substr(text, at + length(begin))
	at = index(text, end)
	return at ? substr(text, 1, at - 1) : text
}

function begins(text, start) { return substr(text, 1, length(start)) == start }

# ends with the result that was told
function results(text) {
	if (result == "-1")
		return index(text, ") = -1 " error " ") > 0
	return text ~ (" = " result "( |$)")
}

# Whether trace line I of trace T is the call with this name and these arguments.
function is_call(t, i,    text, part, n, flags) {
	text = line[t, i]
	n = split(args, part, ", ")
	if (name == "clone3") {
		flags = between(text, "{flags=", ",")
		sub(/0x8000/, "PARENT", args) # explain has no name for CLONE_PARENT
		return begins(text, "clone3({") && all(args, "CLONE_", flags) &&
			split(args, part, "|") == occurrences(flags, "CLONE_") && results(text)
	}
	if (name == "unshare")
		return begins(text, "unshare(") && all(args, "CLONE_", text) && results(text)
	if (name == "setns")
		return begins(text, "setns(" part[1] ", ") && all(part[2], "CLONE_", text) &&
			split(part[2], part, "|") == occurrences(text, "CLONE_") && results(text)
	if (name == "fsopen" || name == "memfd_create" || name == "sethostname" || name == "umount2" ||
	    name == "mount" || name == "pivot_root" || name == "mkdir" || name == "rmdir" ||
	    name == "pidfd_send_signal" || (name == "prctl" && args !~ /all but/))
		return begins(text, name "(" args) && results(text)
	if (name == "fsconfig")
		return begins(text, "fsconfig(" part[1] ", FSCONFIG_" substr(args, length(part[1]) + 3)) && results(text)
	if (name == "fsmount")
		return begins(text, "fsmount(" part[1] ", FSMOUNT_CLOEXEC, ") && all(part[2], "MOUNT_ATTR_", text) &&
			occurrences(text, "MOUNT_ATTR_") == (part[2] == "0" ? 0 : split(part[2], flags_, "|")) && results(text)
	if (name == "move_mount") {
		sub(/ .*/, "", part[2])
		if (n == 3)
			return begins(text, "move_mount(" part[1] ", \"\", " part[2] ", " part[3] ", ") && results(text)
		return begins(text, "move_mount(" part[1] ", \"\", " part[2] ", \"\", ") && results(text)
	}
	if (name == "open_tree")
		return begins(text, "open_tree(" part[1] ", " part[2] ", ") && text ~ /OPEN_TREE_CLONE/ &&
			(part[3] ~ /RECURSIVE/) == (text ~ /AT_RECURSIVE/) && results(text)
	if (name == "mount_setattr")
		return begins(text, "mount_setattr(" part[1] ", \"\", ") && (args ~ /RECURSIVE/) == (text ~ /AT_RECURSIVE/) &&
			all(substr(part[n], 5), "MOUNT_ATTR_", between(text, "attr_set=", ", attr_clr")) && results(text)
	if (name == "openat2") {
		flags = between(text, "{flags=", ", resolve")
		return begins(text, "openat2(" part[1] ", " part[2] ", {") && part[3] in open_flags &&
			all(open_flags[part[3]], "", flags) && all(part[4], "RESOLVE_", text) && results(text)
	}
	if (name == "mkdirat" || name == "mknodat") {
		if (part[4] != "") { # a device: 1:3 is makedev(0x1, 0x3)
			split(part[4], flags_, ":")
			return begins(text, "mknodat(" part[1] ", " part[2] ", " part[3] ", makedev(" hex(flags_[1]) ", " hex(flags_[2]) "))") && results(text)
		}
		return begins(text, name "(" part[1] ", " part[2] ", ") && results(text)
	}
	if (name == "sendto") # the kernel's answer is what was told: it follows
		return begins(text, "sendto(" part[1] ", [{nlmsg_len=") && is_message(text, part[2]) &&
			index(line[t, i + 1], "{error=" (result == "0" ? "0" : "-" error) ",")
	if (name == "bind") # bind(0.0.0.0:80/tcp)
		return text ~ /^bind\([0-9]+, \{sa_family=AF_INET6?, / && index(text, "htons(" port_of(args) ")") &&
			index(text, "\"" host_of(args) "\"") && results(text)
	if (name == "write") # of a file that was opened by that path: the descriptor says which
		return is_write(t, i, text)
	if (name == "setgroups")
		return begins(text, "setgroups(" args ", ") && results(text)
	if (name == "setresgid" || name == "setresuid")
		return begins(text, name "(" args ", " args ", " args ")") && results(text)
	if (name == "capset")
		return begins(text, "capset({") &&
			occurrences(between(text, "{effective=", ", permitted"), "CAP_") == bits(between(args, "effective ", ",")) &&
			occurrences(between(text, "permitted=", ", inheritable"), "CAP_") == bits(between(args ")", "permitted ", ")")) &&
			results(text)
	if (name == "seccomp")
		return begins(text, "seccomp(SECCOMP_SET_MODE_FILTER, " part[2] ", {len=" part[3] + 0 ",") && results(text)
	if (name == "prlimit") {
		split(part[3], flags_, ":")
		return begins(text, "prlimit64(" part[1] ", ") && text ~ ("rlim_cur=" number(flags_[1]) ", rlim_max=" number(flags_[2]) "}") && results(text)
	}
	return 0
}

function number(text) { return text == "-1" ? "RLIM64_INFINITY" : text % 1024 || !text ? text : text / 1024 "\\*1024" }

function hex(digit) { return digit + 0 ? "0x" digit : "0" }

function port_of(text) { sub(/\/.*/, "", text); sub(/.*:/, "", text); return text }
function host_of(text) { sub(/:[0-9]*\/.*/, "", text); return text }

# RTM_NEWLINK and the like; strace knows them by number where it takes the socket for another.
function is_message(text, told_type) {
	sub(/ .*/, "", told_type)
	return index(text, "nlmsg_type=" told_type ",") || index(text, "nlmsg_type=" rtm[told_type] " /*")
}

function is_write(t, i, text,    path, value, fd) {
	path = args
	sub(/, "[^"]*"$/, "", path)
	value = substr(args, length(path) + 3)
	gsub(/"/, "", path)
	if (!begins(text, "openat(") || !index(text, ", \"" path "\", "))
		return 0
	if (result == "-1" && results(text)) # it could not even be opened
		return 1
	if (text !~ / = [0-9]+$/)
		return 0
	fd = text
	sub(/.* = /, "", fd)
	if (!begins(line[t, i + 1], "write(" fd ", " value ", "))
		return 0
	return result == "0" ? line[t, i + 1] ~ / = [0-9]+$/ : results(line[t, i + 1])
}

# all but MASK dropped: as many calls as capabilities that were there and are not kept.
function drops(t, from, to,    i, n) {
	for (i = from; i < to; i++)
		if (line[t, i] ~ /^prctl\(PR_CAPBSET_DROP, CAP_[A-Z_]+\) = 0/)
			n++
	return n == bits(bounding) - bits(between(args ")", "all but ", ")"))
}

# Some process has become the program.
function became(program,    t, i) {
	gsub(/"/, "", program)
	for (t = 2; t <= file; t++)
		for (i = 1; i <= lines[t]; i++)
			if (line[t, i] ~ /^execve(at)?\(/ && line[t, i] ~ / = 0$/ &&
			    (index(line[t, i], "[\"" program "\"") || index(line[t, i], "/" program "\"]")))
				return 1
	return 0
}

# A process ran nft, was given the script, and ended well.
function ran_nft(    t, i, is, heard) {
	for (t = 2; t <= file; t++) {
		is = heard = 0
		for (i = 1; i <= lines[t]; i++) {
			if (line[t, i] ~ /^execve\("[^"]*\/nft", .* = 0$/)
				is = 1
			if (is && index(line[t, i], "read(0, ") == 1 && index(line[t, i], args ~ /masquerade/ ? " masquerade" : "delete table ip runpod"))
				heard = 1
		}
		if (is && heard && line[t, lines[t]] ~ /exited with 0/)
			return 1
	}
	return 0
}

# take apart "name(args) = result"
function parse(text,    at) {
	at = match(text, /\) = -?[0-9]+/)
	if (!at)
		return 0
	name = text
	sub(/\(.*/, "", name)
	args = substr(text, length(name) + 2, at - length(name) - 2)
	text = substr(text, at + 4)
	result = error = text
	sub(/ .*/, "", result)
	sub(/^-1 /, "", error)
	sub(/ .*/, "", error)
	return 1
}

END {
	open_flags["0x200000"] = "O_PATH"
	open_flags["0x210000"] = "O_PATH|O_DIRECTORY"
	open_flags["0x10000"] = "O_DIRECTORY"
	open_flags["0"] = "O_RDONLY"
	rtm["RTM_NEWLINK"] = "0x10"
	rtm["RTM_DELLINK"] = "0x11"
	rtm["RTM_NEWADDR"] = "0x14"
	rtm["RTM_NEWROUTE"] = "0x18"
	if (!tolds) {
		print "nothing was told"
		exit 1
	}
	for (k = 1; k <= tolds; k++) {
		as_written[k] = escaped(told[k])
		known[as_written[k]]
	}
	for (t = 2; t <= file; t++) {
		last = said = 0
		for (w = 1; w <= lines[t]; w++) {
			if (line[t, w] !~ /^write\(/ || line[t, w] !~ /\\n", [0-9]+\) = [0-9]+$/)
				continue
			text = line[t, w]
			sub(/^write\([0-9]+, "/, "", text)
			sub(/\\n", [0-9]+\) = [0-9]+$/, "", text)
			if (!(text in known))
				continue
			for (k = said + 1; k <= tolds && (k in held || as_written[k] != text); k++)
				;
			if (k > tolds) {
				print "told in another order than written: " text
				bad++
				continue
			}
			held[said = k]
			if (!parse(told[k])) {
				print "no call: " told[k]
				bad++
				continue
			}
			matched = 0
			if (name == "execve")
				matched = became(args)
			else if (name == "nft")
				matched = ran_nft()
			else if (name == "prctl" && args ~ /all but/)
				matched = drops(t, last + 1, w)
			else
				for (i = last + 1; i < w && !matched; i++)
					if (is_call(t, i)) {
						matched = 1
						last = i
					}
			if (!matched) {
				print "no such call before: " told[k]
				bad++
			}
		}
	}
	for (k = 1; k <= tolds; k++)
		if (!(k in held)) {
			print "in no trace: " told[k]
			bad++
		}
	exit bad > 0
}
