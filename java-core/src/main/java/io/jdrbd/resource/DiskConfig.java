package io.jdrbd.resource;

import io.jdrbd.state.WriteOrdering;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The options of one attached disk; what is not set has its default.
 *
 * @param values of the options
 */
public record DiskConfig(OptionValues<DiskOption> values) {
  private static final DiskConfig DEFAULTS =
      new DiskConfig(OptionValues.defaults(DiskOption.class));

  /** No request of a resync is longer. */
  private static final int RESYNC_DISCARD_BYTES_MAX = 1 << 20;

  /** What happens to a disk that fails. */
  public enum OnIoError {
    /** It is detached. */
    DETACH,
    /** The error goes to the application; a failed write makes the disk Inconsistent. */
    PASS_ON
  }

  /** Every option at its default. */
  public static DiskConfig defaults() {
    return DEFAULTS;
  }

  /**
   * These options with some of them changed.
   *
   * @param changes by name
   * @throws IllegalArgumentException names the option, the value and what would be accepted
   */
  public DiskConfig with(Map<String, String> changes) {
    return new DiskConfig(values.with(changes));
  }

  /** What differs from the default, by name, in the order of the options. */
  public Map<String, String> nonDefaults() {
    return values.nonDefaults();
  }

  /** The value of an option, in canonical form. */
  public String get(DiskOption option) {
    return values.get(option);
  }

  /** The size that the volume shall have, in sectors of 512 bytes; empty for all there is. */
  public OptionalLong sizeSectors() {
    long sectors = Long.parseLong(get(DiskOption.SIZE));
    return sectors == 0 ? OptionalLong.empty() : OptionalLong.of(sectors);
  }

  /** The minor number of the volume that is to be resynced first. */
  public OptionalInt resyncAfter() {
    int minor = Integer.parseInt(get(DiskOption.RESYNC_AFTER));
    return minor < 0 ? OptionalInt.empty() : OptionalInt.of(minor);
  }

  /**
   * Pieces of a resync of exactly this size may become holes, in bytes; 0 for none (spec 6.5).
   *
   * @param granularityBytes of the disk's discards; 0 where it cannot discard
   */
  public int resyncDiscardBytes(int granularityBytes) {
    int wanted = Integer.parseInt(get(DiskOption.RS_DISCARD_GRANULARITY));
    if (wanted == 0 || granularityBytes == 0) {
      return 0;
    }
    int rounded = Math.ceilDiv(wanted, granularityBytes) * granularityBytes;
    return Math.min(rounded, RESYNC_DISCARD_BYTES_MAX);
  }

  /** Wanted size of the active set, in extents of 4 MiB. */
  public int alExtents() {
    return Integer.parseInt(get(DiskOption.AL_EXTENTS));
  }

  /** Whether the activity log is written. */
  public boolean alUpdates() {
    return values.isSet(DiskOption.AL_UPDATES);
  }

  /** Whether metadata is made durable at once. Without, a loss of power may lose marks. */
  public boolean mdFlushes() {
    return values.isSet(DiskOption.MD_FLUSHES);
  }

  /** What happens to a disk that fails; a handler may be called before it is detached. */
  public OnIoError onIoError() {
    return get(DiskOption.ON_IO_ERROR).equals("pass_on") ? OnIoError.PASS_ON : OnIoError.DETACH;
  }

  /**
   * How writes that depend on each other are kept in order. A barrier is a flush, as no disk has
   * any other.
   */
  public WriteOrdering writeOrdering() {
    if (values.isSet(DiskOption.DISK_FLUSHES) || values.isSet(DiskOption.DISK_BARRIER)) {
      return WriteOrdering.FLUSH;
    }
    return values.isSet(DiskOption.DISK_DRAIN) ? WriteOrdering.DRAIN : WriteOrdering.NONE;
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
