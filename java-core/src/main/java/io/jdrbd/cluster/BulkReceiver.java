package io.jdrbd.cluster;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.connection.PeerSession;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.wire.WireException;
import io.netty.buffer.ByteBuf;

/** Gets the data behind a packet of the data stream to where it belongs. */
final class BulkReceiver {
  private final ClusterPeer peer;

  BulkReceiver(ClusterPeer peer) {
    this.peer = peer;
  }

  /** Gets the data of a packet. */
  @FunctionalInterface
  interface DataHandler {
    /**
     * All of it is there.
     *
     * @param data from its start; the reference is the handler's
     */
    void received(PooledBuffer data) throws ProtocolViolation;
  }

  /** Goes on when data is where it was wanted. */
  @FunctionalInterface
  interface Continuation {
    /** All of it is there. */
    void received() throws ProtocolViolation, WireException;
  }

  private PeerSession session() {
    return peer.session().orElseThrow();
  }

  /** Drops the data of the packet in hand. */
  void skip(int bytes) {
    if (bytes > 0) {
      session().skipBulk(bytes, () -> {});
    }
  }

  /** Gets a buffer, which may take time, and the data of the packet in hand into it. */
  void receive(int bytes, DataHandler then) {
    PeerSession open = session();
    peer.resource()
        .buffers()
        .allocate(
            bytes,
            peer.resource().loop(),
            buffer -> {
              if (open.isClosed()) {
                buffer.release();
              } else {
                receive(open, buffer, bytes, () -> then.received(buffer), buffer::release);
              }
            });
  }

  /** Gets the data of the packet in hand. */
  void receive(ByteBuf into, int bytes, Continuation then) {
    receive(session(), into, bytes, then, () -> {});
  }

  private static void receive(
      PeerSession open, ByteBuf into, int bytes, Continuation then, Runnable dropped) {
    open.receiveBulk(
        into,
        bytes,
        () -> {
          try {
            then.received();
          } catch (ProtocolViolation | WireException e) {
            open.end(ConnectionState.PROTOCOL_ERROR, e.getMessage());
          }
        },
        dropped);
  }
}
