package io.jdrbd.nbd.server;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.buffer.ReadTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Where a connection's bytes arrive. Headers, and what comes with them, are read into one buffer
 * that lives as long as the connection; while a payload is awaited, the socket reads straight into
 * the payload's own buffer.
 */
final class Inbound {
  private static final int HANDSHAKE_BYTES = 1024;
  private static final int TRANSMISSION_BYTES = 64 << 10;
  private static final int TLS_READ_BYTES = 32 << 10;

  private ByteBuf inbox;
  private ByteBuf window = Unpooled.EMPTY_BUFFER;
  private boolean encrypted;

  Inbound(ByteBufAllocator allocator) {
    inbox = allocator.directBuffer(HANDSHAKE_BYTES);
  }

  /** What has arrived and was not consumed; payload that went to its own buffer is not in it. */
  ByteBuf inbox() {
    return inbox;
  }

  /** From now on the socket's bytes are TLS records: they go to buffers of their own. */
  void encrypted() {
    encrypted = true;
  }

  /** Makes the inbox large enough for a pipeline of requests. */
  void enlargeForTransmission() {
    inbox.ensureWritable(TRANSMISSION_BYTES - inbox.readableBytes());
  }

  /** Makes room for a message that is known to be longer than the inbox. */
  void reserve(int bytes) {
    dropConsumed();
    inbox.ensureWritable(bytes - Math.min(bytes, inbox.readableBytes()));
  }

  /**
   * Lets the next bytes of the socket go straight into a payload's buffer.
   *
   * @param buffer its writer index says how much has arrived
   * @param lengthBytes of the whole payload
   */
  void expectPayload(PooledBuffer buffer, int lengthBytes) {
    if (!encrypted) {
      window = buffer.capacity() == lengthBytes ? buffer : buffer.slice(0, lengthBytes);
      window.writerIndex(buffer.writerIndex());
    }
  }

  /** Ends {@link #expectPayload}. */
  void payloadComplete() {
    window = Unpooled.EMPTY_BUFFER;
  }

  /**
   * Takes in what Netty has read.
   *
   * @param bytes one of this object's targets, or something else, which is copied; the reference is
   *     taken over
   * @param payload whose window was read into, if it was
   */
  @SuppressWarnings("ReferenceEquality") // equal bytes in another buffer are another buffer
  void arrived(ByteBuf bytes, PooledBuffer payload) {
    if (bytes == window) {
      payload.writerIndex(window.writerIndex());
    } else if (bytes != inbox) {
      dropConsumed();
      inbox.writeBytes(bytes);
    }
    bytes.release();
  }

  /** Frees the inbox. */
  void close() {
    window = Unpooled.EMPTY_BUFFER;
    inbox.release();
    inbox = Unpooled.EMPTY_BUFFER;
  }

  /** The buffer for the next read of the socket; see {@link ReadTarget}. */
  ByteBuf next(ByteBufAllocator allocator) {
    if (encrypted) {
      return allocator.directBuffer(TLS_READ_BYTES);
    }
    if (window.isWritable()) {
      return window.retain();
    }
    dropConsumed();
    // Full while the connection is paused: then only the rest of a closed socket is read, which is
    // no more than the socket's own buffer.
    inbox.ensureWritable(HANDSHAKE_BYTES);
    return inbox.retain();
  }

  private void dropConsumed() {
    if (inbox.isReadable()) {
      inbox.discardReadBytes();
    } else {
      inbox.clear();
    }
  }
}
