package io.jdrbd.cluster;

import io.jdrbd.wire.ChangeStreamPacket;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.WritePacket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Follows a node's stream of changes as a kernel does on one connection: it would drop the
 * connection at a peer ack that fits none of the writes (spec 2.14).
 */
final class RecordedPositions {
  private static final long BOTH_NODES = 3;

  private final Set<Long> unacked = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private boolean begun;
  private long position;

  /** The node has said this. */
  synchronized void said(Packet packet) {
    switch (packet) {
      case ChangeStreamPacket.Dagtag dagtag -> {
        begun = true;
        position = dagtag.dagtag();
      }
      case WritePacket.Data data -> write(data, data.dataBytes());
      case WritePacket.Trim trim -> write(trim, trim.sizeBytes());
      case WritePacket.Zeroes zeroes -> write(zeroes, zeroes.sizeBytes());
      case ChangeStreamPacket.PeerAck ack -> acked(ack);
      default -> {
        // does not belong to the stream
      }
    }
  }

  private void write(WritePacket packet, int bytes) {
    if (!begun) {
      faults.add("no P_DAGTAG before " + packet);
    }
    position += Integer.toUnsignedLong(bytes) >>> 9;
    unacked.add(position);
  }

  private void acked(ChangeStreamPacket.PeerAck ack) {
    if (!unacked.contains(ack.dagtag()) || ack.mask() != BOTH_NODES) {
      faults.add(ack + ", where " + unacked + " are not acknowledged");
    }
    unacked.removeIf(dagtag -> dagtag <= ack.dagtag());
  }

  /** What a kernel would not have taken. */
  synchronized List<String> faults() {
    return List.copyOf(faults);
  }
}
