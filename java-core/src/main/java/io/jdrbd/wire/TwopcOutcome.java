package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/**
 * The body of a commit or abort (spec 4.10.1). What it says depends on the prepare.
 *
 * @param primaryNodes Primaries that took part; resize: those with a disk
 * @param detail reachable nodes, if {@link TwopcHead#HAS_REACHABLE} is set; resize: the new size in
 *     sectors; otherwise mask and value once more, to be ignored
 */
public record TwopcOutcome(long primaryNodes, long detail) {

  /** The outcome of a state change without reachable nodes: mask and value are said again. */
  public static TwopcOutcome repeating(long primaryNodes, StateWord mask, StateWord value) {
    return new TwopcOutcome(
        primaryNodes,
        (Integer.toUnsignedLong(mask.bits()) << Integer.SIZE)
            | Integer.toUnsignedLong(value.bits()));
  }

  static TwopcOutcome read(ByteBuf in) {
    return new TwopcOutcome(in.readLong(), in.readLong());
  }

  void write(ByteBuf out) {
    out.writeLong(primaryNodes).writeLong(detail);
  }
}
