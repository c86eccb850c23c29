package io.jdrbd.cluster;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.cluster.line.PeerDigest;
import io.jdrbd.connection.Continuation;
import io.jdrbd.connection.PeerSession;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.wire.WireDialect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/** Gets the data behind a packet of the data stream to where it belongs. */
final class BulkReceiver {
  private final ClusterPeer peer;
  private final ByteBuf received = Unpooled.buffer(WireDialect.DIGEST_BYTES_MAX);
  private PeerDigest digest = PeerDigest.NONE;

  BulkReceiver(ClusterPeer peer) {
    this.peer = peer;
  }

  /** From the next packet on a digest like this comes before data of replication. */
  void expect(PeerDigest expected) {
    digest = expected;
    peer.session().ifPresent(open -> open.receiveDigestBytes(expected.bytes()));
  }

  /** Gets the data of a packet. */
  @FunctionalInterface
  interface DataHandler {
    /**
     * All of it is there.
     *
     * @param data from its start; the reference is the handler's
     * @throws ProtocolViolation it is not wanted any more; the reference is not the handler's then
     */
    void received(PooledBuffer data) throws ProtocolViolation;
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

  /** Gets the data of the packet in hand. */
  void receive(ByteBuf into, int bytes, Continuation then) {
    session().receiveBulk(into, bytes, then, () -> {});
  }

  /**
   * Gets a buffer, and the digest and data of a packet of replication; ends the connection where
   * they do not fit.
   */
  void receiveChecked(int bytes, DataHandler then) {
    PeerSession open = session();
    BufferPool buffers = peer.resource().buffers();
    Optional<PooledBuffer> free = buffers.tryAllocate(bytes);
    if (free.isPresent()) {
      receiveChecked(open, free.get(), bytes, then);
    } else {
      buffers.allocate(
          bytes,
          peer.resource().loop(),
          buffer -> {
            if (open.isClosed()) {
              buffer.release();
            } else {
              receiveChecked(open, buffer, bytes, then);
            }
          });
    }
  }

  private void receiveChecked(PeerSession open, PooledBuffer buffer, int bytes, DataHandler then) {
    receiveChecked(open, buffer, bytes, () -> handOver(buffer, then), buffer::release);
  }

  private static void handOver(PooledBuffer buffer, DataHandler then) throws ProtocolViolation {
    try {
      then.received(buffer);
    } catch (ProtocolViolation e) {
      buffer.release();
      throw e;
    }
  }

  /** As {@link #receiveChecked(int, DataHandler)}, to where the data is wanted. */
  void receiveChecked(ByteBuf into, int bytes, Continuation then) {
    receiveChecked(session(), into, bytes, then, () -> {});
  }

  private void receiveChecked(
      PeerSession open, ByteBuf into, int bytes, Continuation then, Runnable dropped) {
    if (!digest.isUsed()) {
      open.receiveBulk(into, bytes, then, dropped);
      return;
    }
    int start = into.writerIndex();
    Continuation check =
        () -> {
          if (!digest.matches(received, into, start, bytes)) {
            dropped.run();
            throw new ProtocolViolation(
                "%d bytes of data do not have the digest that came with them".formatted(bytes));
          }
          then.received();
        };
    open.receiveBulk(
        received.clear(),
        digest.bytes(),
        () -> open.receiveBulk(into, bytes, check, dropped),
        dropped);
  }
}
