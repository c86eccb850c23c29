package io.jdrbd.conf.dump;

import io.jdrbd.conf.DiskPart;
import io.jdrbd.conf.Setting;
import java.util.ArrayList;
import java.util.List;

/** The options of a {@code disk} section as they are written: by the object they belong to. */
final class DiskOrder {
  private DiskOrder() {}

  static List<Setting> of(List<Setting> settings) {
    List<Setting> all = new ArrayList<>();
    for (DiskPart part : DiskPart.values()) {
      all.addAll(part.of(settings));
    }
    return all;
  }
}
