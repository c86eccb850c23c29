package io.jdrbd.conf.node;

import io.jdrbd.conf.Setting;
import java.util.List;

/**
 * A volume as a connection sees it.
 *
 * @param settings inherited ones included
 */
public record PeerDevice(int volume, List<Setting> settings) {
  public PeerDevice {
    settings = List.copyOf(settings);
  }
}
