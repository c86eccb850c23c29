package io.jdrbd.resync;

import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Which volumes have to wait until others are resynced ({@code resync-after}, spec 6.15). */
public final class SyncOrder {
  private SyncOrder() {}

  /**
   * A volume that has a disk.
   *
   * @param after the minor number of the one that goes before it
   * @param busy whether it is resynced or verified with some peer, or such a resync has to wait
   */
  public record Device(OptionalInt after, boolean busy) {}

  /**
   * Whether a volume has to wait.
   *
   * @param devices by minor number; the chain ends at one that is not there
   */
  public static boolean mustWait(int minor, Map<Integer, Device> devices) {
    Set<Integer> seen = new HashSet<>();
    OptionalInt next = after(minor, devices);
    while (next.isPresent() && seen.add(next.getAsInt())) {
      Device device = devices.get(next.getAsInt());
      if (device == null) {
        return false;
      }
      if (device.busy()) {
        return true;
      }
      next = device.after();
    }
    return false;
  }

  private static OptionalInt after(int minor, Map<Integer, Device> devices) {
    Device device = devices.get(minor);
    return device == null ? OptionalInt.empty() : device.after();
  }

  /** Whether a volume would wait for itself, if it came after that one. */
  public static boolean isCycle(int minor, int after, Map<Integer, Device> devices) {
    Set<Integer> seen = new HashSet<>();
    OptionalInt next = OptionalInt.of(after);
    while (next.isPresent() && next.getAsInt() != minor && seen.add(next.getAsInt())) {
      next = after(next.getAsInt(), devices);
    }
    return next.isPresent() && next.getAsInt() == minor;
  }
}
