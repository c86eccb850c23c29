package io.jdrbd.metadata.format;

/**
 * The superblock's flags. Bits without a name are carried along.
 *
 * @param bits as on disk
 */
public record DeviceFlags(int bits) {
  /** What new metadata has: nothing but an empty activity log. */
  public static final DeviceFlags CREATED = new DeviceFlags(DeviceFlag.AL_CLEAN.mask());

  /** Whether the flag is set. */
  public boolean has(DeviceFlag flag) {
    return (bits & flag.mask()) != 0;
  }

  /** The same with the flag set. */
  public DeviceFlags with(DeviceFlag flag) {
    return new DeviceFlags(bits | flag.mask());
  }

  /** The same with the flag clear. */
  public DeviceFlags without(DeviceFlag flag) {
    return new DeviceFlags(bits & ~flag.mask());
  }

  /** The same with the flag as given. */
  public DeviceFlags set(DeviceFlag flag, boolean value) {
    return value ? with(flag) : without(flag);
  }
}
