package io.jdrbd.conf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A volume, as one section tells of it: in a resource for all hosts, in a host for that one.
 *
 * @param implicit whether its items stand in the resource or host itself, and so mean volume 0
 * @param device its name; empty if only a minor is given, or nothing
 * @param disk {@code none} for a volume without one
 * @param metaDisk empty where nothing is said
 * @param settings of disk, device and peer devices together
 */
public record VolumeConf(
    int number,
    boolean implicit,
    Optional<String> device,
    OptionalInt minor,
    Optional<String> disk,
    Optional<MetaDisk> metaDisk,
    Optional<Boolean> tiebreaker,
    List<Setting> settings,
    Position at) {
  public VolumeConf {
    settings = List.copyOf(settings);
  }

  /**
   * Where the metadata are.
   *
   * @param device {@code internal}, or a device
   * @param index of one of several areas of fixed size; empty for flexible size
   */
  public record MetaDisk(String device, OptionalInt index) {}
}
