package io.jdrbd.metadata.tool;

/** The person, or the script, that gave the command. */
public interface Console {
  /** Shows a text as it is. */
  void print(String text);

  /**
   * Asks.
   *
   * @param question without its question mark's line end
   * @return whether the answer was yes
   */
  boolean confirm(String question);
}
