package io.jdrbd.connection;

import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.WireException;

/** Gets the packets of one stream, one after the other, on the loop. */
interface PacketHandler {
  /**
   * A packet has arrived, but for its bulk data, which the handler has to ask for by {@link
   * PacketChannel#receiveBulk} or {@link PacketChannel#skipBulk} within this call or later: until
   * then nothing more arrives.
   *
   * @param volume in the header, or {@link io.jdrbd.wire.HeaderFormat#NO_VOLUME}
   * @throws WireException it says what no packet may say
   * @throws ProtocolViolation it makes no sense at this moment
   */
  void packet(int volume, Packet packet) throws WireException, ProtocolViolation;

  /** Bytes have arrived, of whatever. */
  default void alive() {}

  /** There is room to send again. */
  default void writable() {}

  /** What arrived is no packet, or one that must not come now. */
  void wrong(String what);

  /** The stream is over. */
  void ended(StreamEnd end);
}
