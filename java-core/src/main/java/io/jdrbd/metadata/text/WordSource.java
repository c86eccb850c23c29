package io.jdrbd.metadata.text;

import java.io.IOException;

/** Where the bitmap's words come from. */
@FunctionalInterface
public interface WordSource {
  /**
   * One 32-bit word of the bitmap area.
   *
   * @param number counted over all slots from the start of the area
   * @throws IOException if it cannot be read
   */
  int word(long number) throws IOException;
}
