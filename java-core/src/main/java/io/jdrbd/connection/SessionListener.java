package io.jdrbd.connection;

import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.ProtocolSettings;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;

/** Is told what happens on a session, on the loop. */
public interface SessionListener {
  /**
   * Features are agreed and the peer has proved itself; P_PROTOCOL was sent. From now on packets
   * may be sent.
   */
  void agreed(WireDialect dialect);

  /**
   * P_PROTOCOL or P_PROTOCOL_UPDATE has arrived.
   *
   * @param update whether it changes settings of a connection that stands
   */
  void protocol(ProtocolSettings peer, boolean update);

  /** Any other packet of the data stream; see {@link PeerSession} for its bulk data. */
  void data(int volume, Packet packet) throws WireException, ProtocolViolation;

  /** Any other packet of the control stream. */
  void control(int volume, Packet packet) throws WireException, ProtocolViolation;

  /** There is room on the data stream again. */
  void writable();

  /** It is over, both streams are closed. Told once. */
  void ended(SessionEnd end);
}
