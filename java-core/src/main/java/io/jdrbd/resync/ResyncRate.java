package io.jdrbd.resync;

/**
 * How fast a resync or verify may go: the options of a peer device (spec 6.17).
 *
 * @param fixedKib {@code resync-rate}: the rate where nothing is planned ahead, and to begin with,
 *     in KiB/s
 * @param planAheadDs {@code c-plan-ahead}: over how long the rate is planned, in tenths of a
 *     second; 0 for the fixed rate
 * @param delayTargetDs {@code c-delay-target}: the delay to aim at, in tenths of a second
 * @param fillTargetSectors {@code c-fill-target}: what is to be on its way; 0 to aim at a delay
 * @param maxKib {@code c-max-rate} in KiB/s; 0 for no limit
 * @param minKib {@code c-min-rate} in KiB/s: what applications leave to a resync; 0: they do not go
 *     before it
 */
public record ResyncRate(
    int fixedKib,
    int planAheadDs,
    int delayTargetDs,
    int fillTargetSectors,
    int maxKib,
    int minKib) {
  /** What DRBD has where nothing is configured. */
  public static final ResyncRate DEFAULT = new ResyncRate(250, 20, 10, 100, 102_400, 250);

  /** As fast as the window allows, whatever applications do. */
  public static final ResyncRate UNLIMITED = new ResyncRate(250, 20, 10, 100, 0, 0);
}
