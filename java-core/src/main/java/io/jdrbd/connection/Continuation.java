package io.jdrbd.connection;

import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.wire.WireException;

/** Goes on with a packet when its bulk data is where it was wanted. */
@FunctionalInterface
public interface Continuation {
  /**
   * All of it is there.
   *
   * @throws WireException the data says what none may say
   * @throws ProtocolViolation it makes no sense at this moment
   */
  void received() throws WireException, ProtocolViolation;
}
