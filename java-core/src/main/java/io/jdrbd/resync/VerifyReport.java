package io.jdrbd.resync;

import java.util.List;

/**
 * What a verify has found.
 *
 * @param comparedBlocks the skipped ones among them
 * @param differentBlocks of them
 * @param skippedBlocks of them: they were written meanwhile
 * @param ranges the first of those that differ, for people
 */
public record VerifyReport(
    long comparedBlocks, long differentBlocks, long skippedBlocks, List<String> ranges) {

  @Override
  public String toString() {
    String skipped = skippedBlocks == 0 ? "" : ", %d skipped as busy".formatted(skippedBlocks);
    String where = ranges.isEmpty() ? "" : ": " + String.join("; ", ranges);
    return "%d blocks compared, %d out of sync%s%s"
        .formatted(comparedBlocks, differentBlocks, skipped, where);
  }
}
