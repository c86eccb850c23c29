package io.jdrbd.state;

/** Failure codes of commands, with the texts that DRBD's tools print (spec 7, section 9.2). */
public enum ConfigError implements Refusal {
  LOCAL_ADDR(102, "Local address(port) already in use."),
  PEER_ADDR(103, "Remote address(port) already in use."),
  OPEN_DISK(104, "Can not open backing device."),
  OPEN_MD_DISK(105, "Can not open meta device."),
  DISK_NOT_BDEV(107, "Lower device is not a block device."),
  MD_NOT_BDEV(108, "Meta device is not a block device."),
  DISK_TOO_SMALL(111, "Low.dev. smaller than requested DRBD-dev. size."),
  MD_DISK_TOO_SMALL(112, "Meta device too small."),
  BDCLAIM_DISK(114, "Lower device is already claimed. This usually means it is mounted."),
  BDCLAIM_MD_DISK(115, "Meta device is already claimed. This usually means it is mounted."),
  MD_IDX_INVALID(116, "Lower device / meta device / index combination invalid."),
  IO_MD_DISK(118, "IO error(s) occurred during initial access to meta-data.\n"),
  MD_INVALID(
      119,
      """
      No valid meta-data signature found.

      \t==> Use 'drbdadm create-md res' to initialize meta-data area. <==
      """),
  AUTH_ALG(
      120,
      "The 'cram-hmac-alg' you specified is not known in the kernel. (Maybe you need to modprobe"
          + " it, or modprobe hmac?)"),
  AUTH_ALG_ND(121, "The 'cram-hmac-alg' you specified is not a digest."),
  NOMEM(122, "kmalloc() failed. Out of memory?"),
  DISCARD_IMPOSSIBLE(123, "--discard-my-data not allowed when primary."),
  DISK_CONFIGURED(124, "Device is attached to a disk (use detach first)"),
  NET_CONFIGURED(125, "Device has a net-config (use disconnect first)"),
  MANDATORY_TAG(126, "UnknownMandatoryTag"),
  MINOR_INVALID(127, "Device minor not allocated"),
  INTR(129, "Interrupted by Signal"),
  RESIZE_RESYNC(130, "Resize not allowed during resync."),
  NO_PRIMARY(131, "Need one Primary node to resize."),
  RESYNC_AFTER(132, "The resync-after minor number is invalid"),
  RESYNC_AFTER_CYCLE(133, "This would cause a resync-after dependency cycle"),
  PAUSE_IS_SET(134, "Sync-pause flag is already set"),
  PAUSE_IS_CLEAR(135, "Sync-pause flag is already cleared"),
  PACKET_NR(137, "Kernel does not know how to handle your request.\nMaybe API_VERSION mismatch?"),
  NO_DISK(138, "Device does not have a disk-config"),
  NOT_PROTO_C(139, "Protocol C required"),
  NOMEM_BITMAP(140, "vmalloc() failed. Out of memory?"),
  INTEGRITY_ALG(
      141,
      "The 'data-integrity-alg' you specified is not known in the kernel. (Maybe you need to"
          + " modprobe it, or modprobe hmac?)"),
  INTEGRITY_ALG_ND(142, "The 'data-integrity-alg' you specified is not a digest."),
  CPU_MASK_PARSE(143, "Invalid cpu-mask."),
  CSUMS_ALG(144, "CSUMSAlgNotAvail"),
  CSUMS_ALG_ND(145, "CSUMSAlgNotDigest"),
  VERIFY_ALG(146, "VERIFYAlgNotAvail"),
  VERIFY_ALG_ND(147, "VERIFYAlgNotDigest"),
  CSUMS_RESYNC_RUNNING(148, "Can not change csums-alg while resync is in progress"),
  VERIFY_RUNNING(149, "Can not change verify-alg while online verify runs"),
  DATA_NOT_CURRENT(150, "Can only attach to the data we lost last (see kernel log)."),
  CONNECTED(151, "Need to be StandAlone"),
  PERM(152, "Permission denied. CAP_SYS_ADMIN necessary"),
  NEED_APV_93(153, "Protocol version 93 required to use --assume-clean"),
  STONITH_AND_PROT_A(154, "Fencing policy resource-and-stonith only with prot B or C allowed"),
  CONG_NOT_PROTO_A(155, "on-congestion policy pull-ahead only with prot A allowed"),
  PIC_AFTER_DEP(
      156,
      "Sync-pause flag is already cleared.\n"
          + "Note: Resync pause caused by a local resync-after dependency."),
  PIC_PEER_DEP(
      157, "Sync-pause flag is already cleared.\nNote: Resync pause caused by the peer node."),
  RES_NOT_KNOWN(158, "Unknown resource"),
  RES_IN_USE(159, "Resource still in use (delete all minors first)"),
  MINOR_CONFIGURED(160, "Minor still configured (down it first)"),
  MINOR_OR_VOLUME_EXISTS(161, "Minor or volume exists already (delete it first)"),
  INVALID_REQUEST(162, "Invalid configuration request"),
  NEED_APV_100(
      163, "Prot version 100 required in order to change\nthese network options while connected"),
  NEED_ALLOW_TWO_PRI(
      164, "Can not clear allow_two_primaries as long as\nthere a primaries on both sides"),
  MD_UNCLEAN(165, "Unclean meta-data found.\nYou need to 'drbdadm apply-al res'\n"),
  MD_LAYOUT_CONNECTED(166, "DRBD need to be connected for online MD layout change\n"),
  MD_LAYOUT_TOO_BIG(167, "Resulting AL area too big\n"),
  MD_LAYOUT_TOO_SMALL(168, "Resulting AL are too small\n"),
  MD_LAYOUT_NO_FIT(169, "Resulting AL does not fit into available meta data space\n"),
  IMPLICIT_SHRINK(170, "Implicit device shrinking not allowed. See kernel log.\n"),
  INVALID_PEER_NODE_ID(171, "Invalid peer-node-id\n"),
  CREATE_TRANSPORT(172, "Failed to create transport (drbd_transport_xxx module missing?)\n"),
  LOCAL_AND_PEER_ADDR(
      173, "Combination of local address(port) and remote address(port) already in use\n"),
  ALREADY_EXISTS(174, "Already exists\n"),
  APV_TOO_LOW(175, "A higher DRBD protocol level is required for this operation\n"),
  PATH_COLLISION(176, "Path collides with existing path\n");

  private final int code;
  private final String text;

  ConfigError(int code, String text) {
    this.code = code;
    this.text = text;
  }

  @Override
  public int code() {
    return code;
  }

  @Override
  public String text() {
    return text;
  }
}
