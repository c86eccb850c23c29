package io.jdrbd.wire.capture;

import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.WireDialect;
import java.util.List;

/**
 * One DRBD connection of a capture: a data stream and a control stream between two nodes.
 *
 * @param scenario name of the capture
 * @param nodes the numbers of both, ascending
 * @param dataDialler the node that dialled the data stream
 * @param controlDialler the node that dialled the control stream
 * @param dialect agreed version and features, without digest; {@link WireDialect#BEFORE_AGREEMENT}
 *     if it did not come so far
 * @param packets of both streams and directions, in order of time, first packets included
 * @param leftoverBytes bytes at the ends of the four directions that are no whole packet: of
 *     connections that were cut
 */
public record CapturedConnection(
    String scenario,
    List<Integer> nodes,
    int dataDialler,
    int controlDialler,
    WireDialect dialect,
    List<CapturedPacket> packets,
    int leftoverBytes) {

  /** What one node said on one stream, in order. */
  public List<CapturedPacket> sent(int node, StreamKind stream) {
    return packets.stream().filter(p -> p.sender() == node && p.stream() == stream).toList();
  }

  /** The node at the other end. */
  public int peerOf(int node) {
    return nodes.get(0) == node ? nodes.get(1) : nodes.get(0);
  }
}
