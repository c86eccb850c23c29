package io.jdrbd.conf.node;

import io.jdrbd.conf.DiskPart;
import io.jdrbd.conf.Setting;
import io.jdrbd.conf.VolumeConf;
import java.util.List;
import java.util.Optional;

/**
 * A volume on one host.
 *
 * @param implicit whether its items stood outside of a {@code volume} section
 * @param device empty only if that was complained of
 * @param disk empty only if that was complained of
 * @param metaDisk empty for a volume without a disk
 * @param settings of device, disk and peer devices, in this order, inherited ones included
 */
public record NodeVolume(
    int number,
    boolean implicit,
    Optional<VolumeConf.Device> device,
    Optional<VolumeConf.Disk> disk,
    Optional<VolumeConf.MetaDisk> metaDisk,
    Optional<Boolean> tiebreaker,
    List<Setting> settings) {
  public NodeVolume {
    settings = List.copyOf(settings);
  }

  /** Its number on the host. */
  public int minor() {
    return device.orElseThrow().minor();
  }

  /** What its data are on; empty for a volume that is diskless by intention. */
  public Optional<String> diskPath() {
    return disk.filter(known -> !known.isNone()).map(VolumeConf.Disk::path);
  }

  /** The name of its device, given or made of the minor. */
  public String deviceName() {
    return device.flatMap(VolumeConf.Device::name).orElseGet(() -> "/dev/drbd" + minor());
  }

  /** The options of one of its objects. */
  public List<Setting> settings(DiskPart part) {
    return part.of(settings);
  }
}
