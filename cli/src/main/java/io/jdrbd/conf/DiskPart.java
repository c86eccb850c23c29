package io.jdrbd.conf;

import java.util.List;

/** The objects whose options may stand together in a {@code disk} section (spec 7, section 3). */
public enum DiskPart {
  DEVICE,
  DISK,
  PEER_DEVICE;

  /** The options of a section that belong to this object, in their order. */
  public List<Setting> of(List<Setting> settings) {
    return settings.stream().filter(setting -> OptionTable.part(setting.name()) == this).toList();
  }
}
