package io.jdrbd.resync;

import java.util.concurrent.TimeUnit;

/**
 * How much to ask for, and when: one batch after the other, about ten in a second, each planned
 * from what the batches before brought (spec 6.17). Divisions cut off, as in the reference. Knows
 * no clock; not thread-safe.
 */
final class RateController {
  private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int STEPS_PER_SECOND = 10;
  private static final int SECTORS_PER_KIB = 2;
  private static final int SECTORS_PER_BLOCK = 8;
  private static final int KIB_PER_BLOCK = 4;

  private final int blocksMax;
  private ResyncRate rate;

  /** Corrections that are due in the coming steps, in sectors; the next one at {@link #head}. */
  private long[] plan;

  private int head;
  private long planned;
  private long inFlight;
  private long cameIn;
  private long batchNs;
  private long batchSectors;
  private int number;

  /**
   * @param blocksMax how many blocks of 4 KiB may be on their way ({@code max-buffers})
   */
  RateController(ResyncRate rate, int blocksMax, long nowNs) {
    this.rate = rate;
    this.plan = new long[rate.planAheadDs()];
    this.blocksMax = blocksMax;
    this.batchNs = nowNs - STEP_NS;
  }

  /** Other options from now on. */
  void setRate(ResyncRate changed) {
    if (changed.planAheadDs() != rate.planAheadDs()) {
      plan = new long[changed.planAheadDs()];
      planned = 0;
      head = 0;
    }
    rate = changed;
  }

  /** The rate that the last batch aimed at, in KiB/s. */
  int wantedKib() {
    return number * KIB_PER_BLOCK * STEPS_PER_SECOND;
  }

  /** Something that was asked for was answered, in whatever way. */
  void answered(long sectors) {
    cameIn += sectors;
  }

  /** Something was asked for. */
  void requested(long sectors) {
    inFlight += sectors;
    batchSectors += sectors;
  }

  /** Begins a batch: how many blocks to ask for in it; at least one where nothing is on its way. */
  int nextBatch(long nowNs) {
    long sinceNs = Math.clamp(nowNs - batchNs, 1, SECOND_NS);
    long arrived = cameIn;
    inFlight -= arrived;
    cameIn = 0;
    batchNs = nowNs;
    batchSectors = 0;
    long in = sinceNs < STEP_NS ? arrived * STEP_NS / sinceNs : arrived;
    long blocks =
        rate.planAheadDs() == 0
            ? rate.fixedKib() / (KIB_PER_BLOCK * STEPS_PER_SECOND)
            : planned(in, inFlight + arrived == 0, Math.max(sinceNs, STEP_NS)) / SECTORS_PER_BLOCK;
    long least = inFlight == 0 ? 1 : 0;
    number = (int) Math.max(least, Math.min(blocks, blocksMax - inFlight / SECTORS_PER_BLOCK));
    return number;
  }

  private long planned(long in, boolean begins, long stepNs) {
    long correction = wanted(in, begins, stepNs) - inFlight - planned;
    long each = correction / plan.length;
    for (int step = 0; step < plan.length; step++) {
      plan[step] += each;
    }
    planned += each * plan.length;
    long due = plan[head];
    plan[head] = 0;
    head = (head + 1) % plan.length;
    planned -= due;
    long sectors = Math.max(0, in + due);
    return rate.maxKib() == 0
        ? sectors
        : Math.min(sectors, (long) rate.maxKib() * SECTORS_PER_KIB / STEPS_PER_SECOND);
  }

  /** How much there should be on its way. */
  private long wanted(long in, boolean begins, long stepNs) {
    if (begins) {
      return (long) rate.fixedKib() * SECTORS_PER_KIB / STEPS_PER_SECOND * plan.length;
    }
    return rate.fillTargetSectors() > 0
        ? rate.fillTargetSectors()
        : in * rate.delayTargetDs() * SECOND_NS / (STEPS_PER_SECOND * stepNs);
  }

  /**
   * When the next batch is due after one in which so much was asked for: in time for the rate, if
   * that was less or more than wanted.
   */
  long pauseNs() {
    long made = batchSectors / SECTORS_PER_BLOCK;
    return made == 0 || number == 0 ? STEP_NS : STEP_NS * made / number;
  }

  /**
   * When the next batch is due as everything was answered before its time: at once if that was
   * little and came fast, else when {@code c-max-rate} allows it. With a fixed rate the time stays.
   *
   * @return from now on, in nanoseconds; 0 for at once
   */
  long pauseAfterAllNs(long nowNs) {
    long sinceNs = nowNs - batchNs;
    if (rate.planAheadDs() == 0) {
      return Math.max(0, pauseNs() - sinceNs);
    }
    long perSecond = (long) rate.maxKib() * SECTORS_PER_KIB;
    boolean little = batchSectors < perSecond / STEPS_PER_SECOND / 2 && sinceNs <= STEP_NS / 2;
    return perSecond == 0 || little
        ? 0
        : Math.max(0, batchSectors * SECOND_NS / perSecond - sinceNs);
  }
}
