package io.jdrbd.resync;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a verify has found.
 *
 * @param complete whether it came to its end; otherwise it was interrupted
 * @param blockBytes the size of a block, of which the last one of a volume may be shorter
 * @param comparedBlocks the skipped ones among them
 * @param differentBlocks of them
 * @param skippedBlocks of them: they were written meanwhile
 * @param ranges those that differ, the first {@value FoundRanges#REMEMBERED_MAX} of them
 */
public record VerifyReport(
    boolean complete,
    int blockBytes,
    long comparedBlocks,
    long differentBlocks,
    long skippedBlocks,
    List<Range> ranges) {
  /** So many are in the text for people. */
  private static final int SHOWN_MAX = 16;

  public VerifyReport {
    ranges = List.copyOf(ranges);
  }

  /** Neighbouring blocks that differ, in sectors of 512 bytes. */
  public record Range(long startSector, long sectors) {
    @Override
    public String toString() {
      return "start=%d, size=%d (sectors)".formatted(startSector, sectors);
    }
  }

  @Override
  public String toString() {
    String skipped = skippedBlocks == 0 ? "" : ", %d skipped as busy".formatted(skippedBlocks);
    String where =
        ranges.stream().limit(SHOWN_MAX).map(Range::toString).collect(Collectors.joining("; "));
    return "%d blocks compared, %d out of sync%s%s"
        .formatted(comparedBlocks, differentBlocks, skipped, where.isEmpty() ? "" : ": " + where);
  }
}
