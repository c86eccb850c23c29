package io.jdrbd.resource;

/**
 * What counts for one attempt to connect.
 *
 * @param tentative find out which way a resync would go, and disconnect again
 * @param discardMyData after split brain this node's changes are given up
 */
public record ConnectOptions(boolean tentative, boolean discardMyData) {
  /** Connect, and give nothing up. */
  public static final ConnectOptions PLAIN = new ConnectOptions(false, false);
}
