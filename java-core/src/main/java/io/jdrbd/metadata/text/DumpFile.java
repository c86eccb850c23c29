package io.jdrbd.metadata.text;

import io.jdrbd.metadata.format.Superblock;
import java.util.List;

/**
 * What a dump holds.
 *
 * @param superblock its facts; the offsets in it are 0, because they depend on the device that it
 *     is restored to
 * @param bitmaps for each slot the runs of words, from the start of the device on
 */
public record DumpFile(Superblock superblock, List<List<Run>> bitmaps) {
  public DumpFile {
    bitmaps = bitmaps.stream().map(List::copyOf).toList();
  }

  /**
   * Equal words of 64 bits.
   *
   * @param count how many, at least 1
   * @param word the value; bit 0 is the first block
   */
  public record Run(long count, long word) {}
}
