package io.jdrbd.state.sync;

/** Rows of the table of DRBD 8.4 (spec 3.6.6), under their numbers in its log. */
public enum Rule84 implements SyncRule {
  RULE_10("10", "neither side ever held data"),
  RULE_20("20", "this node never held data, the peer did"),
  RULE_30("30", "the peer never held data, this node did"),
  RULE_34("34", "the peer finished a resync from here, and this node did not learn it"),
  RULE_36("36", "same data, but this node still tracks changes for the peer"),
  RULE_35("35", "this node finished a resync from the peer, and the peer did not learn it"),
  RULE_37("37", "same data, but the peer still tracks changes for this node"),
  RULE_40("40", "same data, and nobody is Primary"),
  RULE_41("41", "same data, but somebody crashed as Primary while somebody is Primary now"),
  RULE_50("50", "the peer has moved on from this node's generation and tracked what changed"),
  RULE_51("51", "the peer began a resync to here, and this node did not learn it"),
  RULE_60("60", "this node's generation is in the peer's past, but no bitmap reaches that far"),
  RULE_70("70", "this node has moved on from the peer's generation and tracked what changed"),
  RULE_71("71", "this node began a resync to the peer, which did not learn it"),
  RULE_80("80", "the peer's generation is in this node's past, but no bitmap reaches that far"),
  RULE_90("90", "both have moved on from the same generation, each on its own"),
  RULE_100("100", "they share at most a common past, and no bitmap reaches that far");

  private final String id;
  private final String text;

  Rule84(String id, String text) {
    this.id = id;
    this.text = text;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String text() {
    return text;
  }
}
