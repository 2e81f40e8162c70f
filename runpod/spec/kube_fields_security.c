/*
 * kube_fields_security: the rows of the two kinds of securityContext. Lesson 18
 * tells what each does to a process.
 */
#include "spec/kube_fields.h"

static const struct kube_field seccomp_fields[] = {
	{ "type", KUBE_STRING, .help = "RuntimeDefault is the filter that every container has here.",
	  .required = true, .allowed = "RuntimeDefault|Unconfined" },
	{ "localhostProfile", KUBE_STRING, .help = "A filter of one's own.", .support = KUBE_REFUSED,
	  .why = "RuntimeDefault and Unconfined are there" },
	{ 0 },
};
static const struct kube_struct seccomp = { "SeccompProfile", "Which system calls are let through.",
					    seccomp_fields };

static const struct kube_field sysctl_fields[] = {
	{ "name", KUBE_STRING,
	  .help = "One that belongs to a network or IPC namespace: net.*, kernel.shm*, …", .required = true,
	  .check = kube_word_sysctl },
	{ "value", KUBE_STRING, .help = "Its value.", .required = true },
	{ 0 },
};
static const struct kube_struct sysctl = { "Sysctl", "A setting of the kernel for this pod.", sysctl_fields };

#define NO_SELINUX  "containers are not labelled for SELinux"
#define NO_APPARMOR "containers have no AppArmor profile"
#define NO_WINDOWS  "this is Linux"

static const struct kube_field pod_security_fields[] = {
	{ "runAsUser", KUBE_LONG, .help = "User id of the containers' processes.", .check = kube_word_id },
	{ "runAsGroup", KUBE_LONG, .help = "Their primary group id.", .check = kube_word_id },
	{ "runAsNonRoot", KUBE_BOOL, .help = "Do not start a container whose user is 0." },
	{ "supplementalGroups", KUBE_LONGS, .help = "More group ids.", .check = kube_word_id },
	{ "supplementalGroupsPolicy", KUBE_STRING,
	  .help = "Merge: the groups that the image's /etc/group gives, too.", .allowed = "Merge" },
	{ "fsGroup", KUBE_LONG, .help = "The group that owns the pod's volumes.", .check = kube_word_id },
	{ "fsGroupChangePolicy", KUBE_STRING, .help = "When the owner is changed; it always is.",
	  .support = KUBE_KEPT, .why = "volumes are changed always", .allowed = "Always|OnRootMismatch" },
	{ "seccompProfile", KUBE_OBJECT, .help = "Which system calls are let through.", .of = &seccomp },
	{ "sysctls", KUBE_LIST, .help = "Settings of the pod's namespaces.", .of = &sysctl },
	{ "seLinuxOptions", KUBE_ANY, .help = "SELinux label.", .support = KUBE_REFUSED, .why = NO_SELINUX },
	{ "seLinuxChangePolicy", KUBE_STRING, .help = "SELinux label.", .support = KUBE_REFUSED,
	  .why = NO_SELINUX },
	{ "appArmorProfile", KUBE_ANY, .help = "AppArmor profile.", .support = KUBE_REFUSED,
	  .why = NO_APPARMOR },
	{ "windowsOptions", KUBE_ANY, .help = "Of Windows.", .support = KUBE_REFUSED, .why = NO_WINDOWS },
	{ 0 },
};
const struct kube_struct kube_pod_security = { "PodSecurityContext", "Who the containers run as.",
					       pod_security_fields };

static const struct kube_field capability_fields[] = {
	{ "add", KUBE_STRINGS, .help = "Capabilities beyond the eleven that every container has; ALL is all.",
	  .check = kube_word_capabilities },
	{ "drop", KUBE_STRINGS, .help = "Capabilities to go without; ALL is all.",
	  .check = kube_word_capabilities },
	{ 0 },
};
static const struct kube_struct capabilities = { "Capabilities", "Parts of root's power (capabilities(7)).",
						 capability_fields };

static const struct kube_field ctr_security_fields[] = {
	{ "runAsUser", KUBE_LONG, .help = "User id of the process; the image's where it is silent.",
	  .check = kube_word_id },
	{ "runAsGroup", KUBE_LONG, .help = "Its primary group id.", .check = kube_word_id },
	{ "runAsNonRoot", KUBE_BOOL, .help = "Do not start when the user is 0." },
	{ "capabilities", KUBE_OBJECT, .help = "Parts of root's power (capabilities(7)).",
	  .of = &capabilities },
	{ "privileged", KUBE_BOOL, .help = "All capabilities, no filter, the host's devices." },
	{ "allowPrivilegeEscalation", KUBE_BOOL,
	  .help = "Whether a program may gain power by execve (setuid). Only where true is said; Kubernetes "
		  "also "
		  "lets it where nothing is said." },
	{ "readOnlyRootFilesystem", KUBE_BOOL, .help = "Mount the image read-only." },
	{ "seccompProfile", KUBE_OBJECT, .help = "Which system calls are let through.", .of = &seccomp },
	{ "procMount", KUBE_STRING, .help = "Default: parts of /proc are masked.", .allowed = "Default" },
	{ "seLinuxOptions", KUBE_ANY, .help = "SELinux label.", .support = KUBE_REFUSED, .why = NO_SELINUX },
	{ "appArmorProfile", KUBE_ANY, .help = "AppArmor profile.", .support = KUBE_REFUSED,
	  .why = NO_APPARMOR },
	{ "windowsOptions", KUBE_ANY, .help = "Of Windows.", .support = KUBE_REFUSED, .why = NO_WINDOWS },
	{ 0 },
};
const struct kube_struct kube_ctr_security = { "SecurityContext", "Who a container runs as.",
					       ctr_security_fields };
