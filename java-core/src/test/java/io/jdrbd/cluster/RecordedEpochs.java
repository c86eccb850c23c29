package io.jdrbd.cluster;

import io.jdrbd.wire.AckPacket.BarrierAck;
import io.jdrbd.wire.WritePacket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What a peer says of the epochs that a node makes: nodes are free where they draw the line, so
 * that the recorded acknowledgements of barriers do not fit.
 */
final class RecordedEpochs {
  /** An epoch that has ended, and how many writes there were until its end. */
  private record Epoch(BarrierAck ack, int writesUntilEnd) {}

  private final boolean acksWrites;
  private final ArrayDeque<Epoch> ended = new ArrayDeque<>();
  private int writes;
  private int writesBefore;
  private int acks;

  /**
   * @param acksWrites whether writes are acknowledged one by one: not under protocol A
   */
  RecordedEpochs(boolean acksWrites) {
    this.acksWrites = acksWrites;
  }

  /** The node has said this. */
  synchronized List<BarrierAck> said(WritePacket packet) {
    if (packet instanceof WritePacket.Barrier barrier) {
      ended.add(new Epoch(new BarrierAck(barrier.barrier(), writes - writesBefore), writes));
      writesBefore = writes;
    } else if (packet instanceof WritePacket.Data
        || packet instanceof WritePacket.Trim
        || packet instanceof WritePacket.Zeroes) {
      writes++;
    }
    return due();
  }

  /** The peer has acknowledged a write. */
  synchronized List<BarrierAck> acked() {
    acks++;
    return due();
  }

  private List<BarrierAck> due() {
    List<BarrierAck> due = new ArrayList<>();
    while (!ended.isEmpty() && (!acksWrites || ended.element().writesUntilEnd() <= acks)) {
      due.add(ended.remove().ack());
    }
    return due;
  }
}
