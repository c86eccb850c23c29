package io.jdrbd.replication;

import io.jdrbd.loop.Loop;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Tells the peers which nodes have the writes that are done (P_PEER_ACK, spec 2.14): a peer keeps a
 * record of every write until it hears that. One packet stands for all writes since the last one
 * that the same nodes have, so the newest is held back for a moment.
 */
final class PeerAcks {
  /** The option peer-ack-delay, as DRBD has it where nothing is configured. */
  private static final long DELAY_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** The option peer-ack-window, in sectors. */
  private static final long WINDOW_SECTORS = 4096;

  private final WriteOrder order;
  private final int nodeId;
  private Optional<Loop.Timer> timer = Optional.empty();

  /** Who has the held write; the peers by their places that were sent it; its position. */
  private long nodes;

  private long receivers;
  private long dagtag;
  private long acked;

  PeerAcks(WriteOrder order, int nodeId) {
    this.order = order;
    this.nodeId = nodeId;
  }

  /** A write is done, and all before it. */
  void done(Write write) {
    long have = write.isLocallyOk() ? 1L << nodeId : 0;
    long sent = 0;
    for (int index = 0; index < order.peerCount(); index++) {
      PeerWrites peer = order.peer(index);
      have |= Copy.isOk(write.flags(index)) ? 1L << peer.nodeId() : 0;
      sent |= peer.peerAckLine(write).isPresent() ? 1L << index : 0;
    }
    boolean other = have != nodes || sent != receivers;
    if (other || write.dagtag() - acked >= WINDOW_SECTORS) {
      flush();
    }
    nodes = have;
    receivers = sent;
    dagtag = write.dagtag();
    if (receivers != 0 && timer.isEmpty()) {
      timer = Optional.of(order.loop().schedule(DELAY_NS, this::flush));
    }
  }

  /** What is held is told now. */
  void flush() {
    timer.ifPresent(Loop.Timer::cancel);
    timer = Optional.empty();
    for (int index = 0; receivers != 0 && index < order.peerCount(); index++) {
      if ((receivers >>> index & 1) != 0) {
        order.peer(index).line().ifPresent(line -> line.peerAck(nodes, dagtag));
      }
    }
    acked = dagtag;
    receivers = 0;
  }

  /** A connection is lost: its peer has forgotten what it was sent. */
  void lost(int index) {
    receivers &= ~(1L << index);
  }
}
