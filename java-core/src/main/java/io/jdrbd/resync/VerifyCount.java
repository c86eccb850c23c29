package io.jdrbd.resync;

/** What a verify has compared, and what it has found (spec 6.18.3, 6.19). Not thread-safe. */
final class VerifyCount {
  private final ResyncVolume volume;
  private final Pace pace;
  private final FoundRanges different;
  private final FoundRanges skipped;
  private final long startBlock;
  private long left;

  /**
   * @param startBlock the first that is compared
   */
  VerifyCount(ResyncVolume volume, long startBlock) {
    long bits = volume.disk().bitmap().bits();
    this.volume = volume;
    this.startBlock = startBlock;
    this.left = bits - startBlock;
    this.pace = new Pace(volume.loop().nanoTime(), left);
    this.different = new FoundRanges("volume %d: Out of sync".formatted(volume.number()));
    this.skipped =
        new FoundRanges("volume %d: Skipped verify, too busy".formatted(volume.number()));
  }

  /** A block is done. What differs is marked towards the peer. */
  void done(long offsetBytes, int lengthBytes, VerifyResult result) {
    switch (result) {
      case OUT_OF_SYNC -> {
        volume.disk().setOutOfSync(volume.slot(), offsetBytes, lengthBytes);
        different.add(offsetBytes, lengthBytes);
      }
      case SKIPPED -> skipped.add(offsetBytes, lengthBytes);
      case IN_SYNC -> {
        // nothing to remember
      }
    }
    left = Math.max(0, left - 1);
    pace.goesOn(volume.loop().nanoTime(), left);
  }

  /** Blocks that are not compared yet. */
  long left() {
    return left;
  }

  /** How far it is, by count: answers do not come in order. */
  long positionBlock() {
    return volume.disk().bitmap().bits() - left;
  }

  long speedKib() {
    return pace.speedKib(volume.loop().nanoTime(), left);
  }

  /**
   * How far it has come.
   *
   * @param stopBlock negative for the end of the volume
   */
  Progress progress(long stopBlock) {
    return pace.progress(volume.loop().nanoTime(), left, 0)
        .withVerify(new Progress.Verify(startBlock, stopBlock, positionBlock(), skipped.blocks()));
  }

  /**
   * What it has found.
   *
   * @param complete whether it is over; otherwise it is given up
   */
  VerifyReport report(boolean complete) {
    different.flush();
    skipped.flush();
    return new VerifyReport(
        complete,
        volume.disk().bitmap().area().granularity().bytesPerBit(),
        positionBlock() - startBlock,
        different.blocks(),
        skipped.blocks(),
        different.remembered());
  }
}
