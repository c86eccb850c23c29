package io.jdrbd.wire.capture;

import io.jdrbd.wire.HeaderFormat;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.WireDialect;
import java.util.Arrays;

/**
 * One packet of a capture.
 *
 * @param timeUs microseconds since the first frame, when its last byte came by
 * @param sender number of the node that sent it: 0 alpha, 1 bravo, 2 charlie
 * @param stream where it was sent
 * @param dialect what the sender spoke at that moment
 * @param format of its header
 * @param volume in its header
 * @param packet what it says
 * @param head header and fixed part
 * @param bulk digest and data or bits, as far as they were kept: large data is cut after 64 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record CapturedPacket(
    long timeUs,
    int sender,
    StreamKind stream,
    WireDialect dialect,
    HeaderFormat format,
    int volume,
    Packet packet,
    byte[] head,
    byte[] bulk) {

  /** Whether all of the bulk data is here. */
  public boolean bulkIsWhole() {
    return bulk.length == packet.bulkBytes();
  }

  /** The digest before the data. */
  public byte[] digest() {
    return Arrays.copyOf(bulk, dialect.digestBytes());
  }

  /** The data behind the digest, as far as it was kept. */
  public byte[] data() {
    return Arrays.copyOfRange(bulk, dialect.digestBytes(), bulk.length);
  }

  @Override
  public String toString() {
    return "%.6f node %d %s vol %d %s".formatted(timeUs / 1e6, sender, stream, volume, packet);
  }
}
