package io.jdrbd.conf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A volume, as one section tells of it: in a resource for all hosts, in a host for that one.
 *
 * @param implicit whether its items stand in the resource or host itself, and so mean volume 0
 * @param settings of disk, device and peer devices together
 */
public record VolumeConf(
    int number,
    boolean implicit,
    Optional<Device> device,
    Optional<Disk> disk,
    Optional<MetaDisk> metaDisk,
    Optional<Boolean> tiebreaker,
    List<Setting> settings,
    Position at) {
  public VolumeConf {
    settings = List.copyOf(settings);
  }

  /**
   * How the volume is known on its host.
   *
   * @param name its full name; empty if only the minor is given
   */
  public record Device(Optional<String> name, int minor, Position at) {}

  /**
   * What its data are on.
   *
   * @param path {@code none} for a volume that has no disk on this host
   */
  public record Disk(String path, Position at) {
    private static final String NONE = "none";

    /** Whether there is none, by intention. */
    public boolean isNone() {
      return path.equals(NONE);
    }
  }

  /**
   * Where the metadata are.
   *
   * @param device {@code internal}, or a device
   * @param index of one of several areas of fixed size; empty for flexible size
   */
  public record MetaDisk(String device, OptionalInt index, Position at) {
    private static final String INTERNAL = "internal";

    /** Where they are if nothing is said. */
    public static MetaDisk internal(Position at) {
      return new MetaDisk(INTERNAL, OptionalInt.empty(), at);
    }

    /** Whether they are behind the data. */
    public boolean isInternal() {
      return device.equals(INTERNAL);
    }
  }
}
