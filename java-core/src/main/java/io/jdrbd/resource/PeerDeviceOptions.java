package io.jdrbd.resource;

import java.util.Map;

/** The options of one peer device; what is not set has its default. */
public record PeerDeviceOptions(OptionValues<PeerDeviceOption> values) {
  private static final PeerDeviceOptions DEFAULTS =
      new PeerDeviceOptions(OptionValues.defaults(PeerDeviceOption.class));

  /** Every option at its default. */
  public static PeerDeviceOptions defaults() {
    return DEFAULTS;
  }

  /**
   * These options with some of them changed.
   *
   * @param changes by name
   * @throws IllegalArgumentException names the option, the value and what would be accepted
   */
  public PeerDeviceOptions with(Map<String, String> changes) {
    return new PeerDeviceOptions(values.with(changes));
  }

  /** What differs from the default, by name, in the order of the options. */
  public Map<String, String> nonDefaults() {
    return values.nonDefaults();
  }

  /** The rate of a resync where nothing controls it, in KiB/s. */
  public long resyncRateKib() {
    return values.number(PeerDeviceOption.RESYNC_RATE);
  }

  /** How far ahead the rate of a resync is planned, in tenths of a second; 0 for a fixed rate. */
  public int planAheadDs() {
    return (int) values.number(PeerDeviceOption.C_PLAN_AHEAD);
  }

  /** The delay to aim at on the way to the peer, in tenths of a second. */
  public int delayTargetDs() {
    return (int) values.number(PeerDeviceOption.C_DELAY_TARGET);
  }

  /** How much resync data to have on the way, in sectors; 0 to aim at a delay instead. */
  public int fillTargetSectors() {
    return (int) values.number(PeerDeviceOption.C_FILL_TARGET);
  }

  /** The highest rate of a resync, in KiB/s. */
  public long maxRateKib() {
    return values.number(PeerDeviceOption.C_MAX_RATE);
  }

  /** The rate that a resync keeps although applications write, in KiB/s. */
  public long minRateKib() {
    return values.number(PeerDeviceOption.C_MIN_RATE);
  }

  /** Whether changes are remembered for this peer while it is away. */
  public boolean bitmap() {
    return values.isSet(PeerDeviceOption.BITMAP);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
