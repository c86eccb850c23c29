package io.jdrbd.resync;

import java.util.ArrayList;
import java.util.List;

/** Ranges that a verify has found to differ, joined where they touch. */
final class FoundRanges {
  private static final System.Logger LOG = System.getLogger(FoundRanges.class.getName());
  private static final int SECTOR_BYTES = 512;

  /** So many are remembered; all are logged. */
  static final int REMEMBERED_MAX = 1000;

  private final String what;
  private final List<VerifyReport.Range> remembered = new ArrayList<>();
  private long start;
  private long end;
  private long blocks;

  /**
   * @param what of a range is told: {@code r0/0: Out of sync}
   */
  FoundRanges(String what) {
    this.what = what;
  }

  /** One more block. */
  void add(long offsetBytes, int lengthBytes) {
    blocks++;
    if (offsetBytes != end) {
      flush();
      start = offsetBytes;
    }
    end = offsetBytes + lengthBytes;
  }

  /** No more will come that continues the last one. */
  void flush() {
    if (end > start) {
      VerifyReport.Range range =
          new VerifyReport.Range(start / SECTOR_BYTES, (end - start) / SECTOR_BYTES);
      LOG.log(System.Logger.Level.WARNING, "{0}: {1}", what, range);
      if (remembered.size() < REMEMBERED_MAX) {
        remembered.add(range);
      }
    }
    start = end;
  }

  /** How many blocks there were. */
  long blocks() {
    return blocks;
  }

  /** The first of them. */
  List<VerifyReport.Range> remembered() {
    return List.copyOf(remembered);
  }
}
