package io.jdrbd.state;

import io.jdrbd.disk.Errno;

/** Who may open a device (spec 4, "Explicit and implicit"). */
public final class OpenRules {
  private OpenRules() {}

  /**
   * May a volume be opened?
   *
   * @param forWriting for writing, or for reading only
   * @param autoPromote the resource option of that name
   */
  public static OpenDecision open(
      ResourceFacts resource, VolumeFacts volume, boolean forWriting, boolean autoPromote) {
    if (resource.failingIo()) {
      return new OpenDecision.Refuse(
          Errno.EIO, "demoted by force; it can be opened again when everybody has closed it");
    }
    if (resource.role() == Role.PRIMARY) {
      return new OpenDecision.Open();
    }
    if (!autoPromote) {
      return new OpenDecision.Refuse(
          forWriting ? Errno.EROFS : Errno.EMEDIUMTYPE,
          "the resource is Secondary and its option auto-promote is no; make it primary first");
    }
    if (!volume.hasAccessToData()) {
      return new OpenDecision.Refuse(
          forWriting ? Errno.EROFS : Errno.ENODATA,
          "no UpToDate data: the disk is %s and there is no peer".formatted(volume.disk().word()));
    }
    return forWriting ? new OpenDecision.PromoteFirst() : new OpenDecision.Open();
  }
}
