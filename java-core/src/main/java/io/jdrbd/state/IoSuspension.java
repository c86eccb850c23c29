package io.jdrbd.state;

/** Why a resource's I/O waits (spec 7, section 10), in the order in which status names them. */
public enum IoSuspension {
  /** A command asked for it. */
  USER("user"),
  /** No UpToDate data can be reached. */
  NO_DATA("no-data"),
  /** A lost peer has to be fenced first. */
  FENCING("fencing"),
  /** Too few nodes can be reached. */
  QUORUM("quorum");

  private final String word;

  IoSuspension(String word) {
    this.word = word;
  }

  /** Its word in status and events. */
  public String word() {
    return word;
  }
}
