package io.jdrbd.state;

/** How writes that depend on each other are kept in order on the disk; fixed while attached. */
public enum WriteOrdering {
  /** Nothing is done: the disk's cache survives a loss of power. */
  NONE("none"),
  /** Writes before are awaited, which is enough where the disk has no volatile cache. */
  DRAIN("drain"),
  /** Writes before are awaited and the disk's cache is flushed. */
  FLUSH("flush"),
  /** The disk itself keeps the order of writes around a barrier. */
  BARRIER("barrier");

  private final String word;

  WriteOrdering(String word) {
    this.word = word;
  }

  /** Its word in status and events. */
  public String word() {
    return word;
  }
}
