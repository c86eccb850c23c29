package io.jdrbd.state;

/**
 * What a node may do with a resource (spec 7, section 10).
 *
 * <pre>
 *              promote, first open for writing
 *   Secondary ────────────────────────────────► Primary
 *             ◄────────────────────────────────
 *                 demote, last writer's close
 * </pre>
 */
public enum Role {
  /** What is known of a peer that was never reached; it becomes one of the others on connect. */
  UNKNOWN(0, "Unknown"),
  /** The devices may be written here; leaves to Secondary when nobody has them open for writing. */
  PRIMARY(1, "Primary"),
  /** The devices may not be written here; becomes Primary by command or by the first writer. */
  SECONDARY(2, "Secondary");

  private final int number;
  private final String word;

  Role(int number, String word) {
    this.number = number;
    this.word = word;
  }

  /** Its number on the wire. */
  public int number() {
    return number;
  }

  /** Its word in status and events. */
  public String word() {
    return word;
  }
}
