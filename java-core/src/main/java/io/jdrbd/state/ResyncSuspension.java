package io.jdrbd.state;

/** Why a resync waits (spec 7, section 10), in the order in which status names them. */
public enum ResyncSuspension {
  /** A command here asked for it. */
  USER("user"),
  /** A command on the peer asked for it. */
  PEER("peer"),
  /** Another volume is to be synchronised first. */
  DEPENDENCY("dependency"),
  /** As many resyncs as are allowed run already. */
  MAX_PARALLEL("max-parallel");

  private final String word;

  ResyncSuspension(String word) {
    this.word = word;
  }

  /** Its word in status and events. */
  public String word() {
    return word;
  }
}
