/*
 * kube_fields_volume: the rows of the pod's volumes. Lesson 21.
 */
#include "spec/kube_fields.h"

#define OF_CLOUD                                                                                             \
	"emptyDir, hostPath, configMap, secret, projected, downwardAPI and persistentVolumeClaim are there"

static const struct kube_field item_fields[] = {
	{ "key", KUBE_STRING, .help = "The key.", .required = true, .check = kube_word_key },
	{ "path", KUBE_STRING, .help = "The file, below the volume.", .required = true,
	  .check = kube_word_file },
	{ "mode", KUBE_INT, .help = "Its permission bits.", .check = kube_word_mode },
	{ 0 },
};
static const struct kube_struct item = { "KeyToPath", "One key as one file.", item_fields };

static const struct kube_field config_map_fields[] = {
	{ "name", KUBE_STRING, .help = "Of the ConfigMap.", .required = true, .check = kube_word_subdomain },
	{ "items", KUBE_LIST, .help = "Only these keys, as these files.", .of = &item },
	{ "defaultMode", KUBE_INT, .help = "Permission bits of files without one of their own.",
	  .fallback = "420", .check = kube_word_mode },
	{ "optional", KUBE_BOOL, .help = "A missing object or key is no error." },
	{ 0 },
};
static const struct kube_struct config_map = { "ConfigMapVolumeSource", "A ConfigMap's keys as files.",
					       config_map_fields };

static const struct kube_field secret_fields[] = {
	{ "secretName", KUBE_STRING, .help = "Of the Secret.", .required = true,
	  .check = kube_word_subdomain },
	{ "items", KUBE_LIST, .help = "Only these keys, as these files.", .of = &item },
	{ "defaultMode", KUBE_INT, .help = "Permission bits of files without one of their own.",
	  .fallback = "420", .check = kube_word_mode },
	{ "optional", KUBE_BOOL, .help = "A missing object or key is no error." },
	{ 0 },
};
static const struct kube_struct secret = { "SecretVolumeSource", "A Secret's keys as files.", secret_fields };

static const struct kube_field downward_item_fields[] = {
	{ "path", KUBE_STRING, .help = "The file, below the volume.", .required = true,
	  .check = kube_word_file },
	{ "fieldRef", KUBE_OBJECT, .help = "Something that the pod says.", .of = &kube_field_ref },
	{ "resourceFieldRef", KUBE_OBJECT, .help = "A limit or request of a container.",
	  .of = &kube_resource_ref },
	{ "mode", KUBE_INT, .help = "Its permission bits.", .check = kube_word_mode },
	{ 0 },
};
static const struct kube_struct downward_item = { "DownwardAPIVolumeFile", "Something as a file.",
						  downward_item_fields };

static const struct kube_field downward_fields[] = {
	{ "items", KUBE_LIST, .help = "The files.", .of = &downward_item },
	{ "defaultMode", KUBE_INT, .help = "Permission bits of files without one of their own.",
	  .fallback = "420", .check = kube_word_mode },
	{ 0 },
};
static const struct kube_struct downward = { "DownwardAPIVolumeSource", "What the pod says, as files.",
					     downward_fields };

static const struct kube_field projected_object_fields[] = {
	{ "name", KUBE_STRING, .help = "Of the object.", .required = true, .check = kube_word_subdomain },
	{ "items", KUBE_LIST, .help = "Only these keys, as these files.", .of = &item },
	{ "optional", KUBE_BOOL, .help = "A missing object or key is no error." },
	{ 0 },
};
static const struct kube_struct projected_map = { "ConfigMapProjection", "A ConfigMap's keys as files.",
						  projected_object_fields };
static const struct kube_struct projected_secret = { "SecretProjection", "A Secret's keys as files.",
						     projected_object_fields };

static const struct kube_field projected_downward_fields[] = {
	{ "items", KUBE_LIST, .help = "The files.", .of = &downward_item },
	{ 0 },
};
static const struct kube_struct projected_downward = { "DownwardAPIProjection",
						       "What the pod says, as files.",
						       projected_downward_fields };

#define NO_TOKEN "there is no API server to log in to"

static const struct kube_field projection_fields[] = {
	{ "configMap", KUBE_OBJECT, .help = "A ConfigMap's keys.", .of = &projected_map },
	{ "secret", KUBE_OBJECT, .help = "A Secret's keys.", .of = &projected_secret },
	{ "downwardAPI", KUBE_OBJECT, .help = "What the pod says.", .of = &projected_downward },
	{ "serviceAccountToken", KUBE_ANY, .help = "A token for the cluster's API.", .support = KUBE_REFUSED,
	  .why = NO_TOKEN },
	{ "clusterTrustBundle", KUBE_ANY, .help = "Certificates of the cluster.", .support = KUBE_REFUSED,
	  .why = NO_TOKEN },
	{ "podCertificate", KUBE_ANY, .help = "A certificate of the cluster.", .support = KUBE_REFUSED,
	  .why = NO_TOKEN },
	{ 0 },
};
static const struct kube_struct projection = { "VolumeProjection", "One source of a projected volume.",
					       projection_fields };

static const struct kube_field projected_fields[] = {
	{ "sources", KUBE_LIST, .help = "What is put together.", .of = &projection },
	{ "defaultMode", KUBE_INT, .help = "Permission bits of files without one of their own.",
	  .fallback = "420", .check = kube_word_mode },
	{ 0 },
};
static const struct kube_struct projected = { "ProjectedVolumeSource", "Several sources in one directory.",
					      projected_fields };

static const struct kube_field empty_fields[] = {
	{ "medium", KUBE_STRING, .help = "Memory: a tmpfs that all containers share.", .allowed = "|Memory" },
	{ "sizeLimit", KUBE_QUANTITY, .help = "How much it may hold; with Memory the size of the tmpfs." },
	{ 0 },
};
static const struct kube_struct empty = { "EmptyDirVolumeSource",
					  "A directory that lives as long as the pod.", empty_fields };

static const struct kube_field host_fields[] = {
	{ "path", KUBE_STRING, .help = "The path on the host.", .required = true },
	{ "type", KUBE_STRING, .help = "What must be there, or is made.", .fallback = "",
	  .allowed = "|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket" },
	{ 0 },
};
static const struct kube_struct host = { "HostPathVolumeSource", "A file or directory of the host.",
					 host_fields };

static const struct kube_field claim_fields[] = {
	{ "claimName", KUBE_STRING, .help = "The volume's name (see `volume ls`).", .required = true,
	  .check = kube_word_subdomain },
	{ "readOnly", KUBE_BOOL, .help = "Read-only, whatever the mounts say." },
	{ 0 },
};
static const struct kube_struct claim_source = { "PersistentVolumeClaimVolumeSource", "A named volume.",
						 claim_fields };

#define CLOUD(what)                                                                                          \
	{                                                                                                    \
		what, KUBE_ANY, .help = "Storage of a cluster or cloud.", .support = KUBE_REFUSED,           \
				.why = OF_CLOUD                                                              \
	}

static const struct kube_field volume_fields[] = {
	{ "name", KUBE_STRING, .help = "The volume's name, unique in the pod.", .required = true,
	  .check = kube_word_label },
	{ "emptyDir", KUBE_OBJECT, .help = "A directory that lives as long as the pod.", .of = &empty },
	{ "hostPath", KUBE_OBJECT, .help = "A file or directory of the host.", .of = &host },
	{ "configMap", KUBE_OBJECT, .help = "A ConfigMap's keys as files.", .of = &config_map },
	{ "secret", KUBE_OBJECT, .help = "A Secret's keys as files.", .of = &secret },
	{ "projected", KUBE_OBJECT, .help = "Several sources in one directory.", .of = &projected },
	{ "downwardAPI", KUBE_OBJECT, .help = "What the pod says, as files.", .of = &downward },
	{ "persistentVolumeClaim", KUBE_OBJECT, .help = "A named volume.", .of = &claim_source },
	CLOUD("awsElasticBlockStore"),
	CLOUD("azureDisk"),
	CLOUD("azureFile"),
	CLOUD("cephfs"),
	CLOUD("cinder"),
	CLOUD("csi"),
	CLOUD("ephemeral"),
	CLOUD("fc"),
	CLOUD("flexVolume"),
	CLOUD("flocker"),
	CLOUD("gcePersistentDisk"),
	CLOUD("gitRepo"),
	CLOUD("glusterfs"),
	CLOUD("image"),
	CLOUD("iscsi"),
	CLOUD("nfs"),
	CLOUD("photonPersistentDisk"),
	CLOUD("portworxVolume"),
	CLOUD("quobyte"),
	CLOUD("rbd"),
	CLOUD("scaleIO"),
	CLOUD("storageos"),
	CLOUD("vsphereVolume"),
	{ 0 },
};
const struct kube_struct kube_volume = { "Volume", "A directory that containers may mount.", volume_fields };
