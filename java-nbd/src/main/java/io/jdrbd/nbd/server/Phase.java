package io.jdrbd.nbd.server;

import io.jdrbd.nbd.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/** What a connection is doing: the handshake, then the transmission of requests and replies. */
sealed interface Phase permits Negotiation, Transmission {

  /**
   * Consumes what it can of what has arrived: returns when bytes are missing, or when something
   * must happen before the next message.
   *
   * @throws ProtocolException if the connection cannot go on
   */
  void consume(ByteBuf in) throws ProtocolException;

  /** Whether it would consume more bytes if there were any. */
  boolean wantsMore();

  /** Takes no more messages; what was begun is finished and answered, then the connection ends. */
  void drain();

  /** The socket takes more again, after it did not. */
  void writable();

  /** The channel is closed; nothing can be sent any more. */
  void closed();
}
