package io.jdrbd.transport.connect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What a stream's user has asked for and not got yet. Used on the loop. */
public final class Demand {
  private ByteBuf target = Unpooled.EMPTY_BUFFER;
  private long missingBytes;
  private boolean skips;

  /** Asks for bytes; see {@link io.jdrbd.transport.PeerStream#receive}. */
  public void receive(ByteBuf into, int lengthBytes) {
    if (lengthBytes > into.writableBytes()) {
      throw new IllegalArgumentException(
          "%d bytes asked for, but the target has room for %d"
              .formatted(lengthBytes, into.writableBytes()));
    }
    begin(lengthBytes);
    target = into;
    skips = false;
  }

  /** Asks for bytes to be dropped; see {@link io.jdrbd.transport.PeerStream#skip}. */
  public void skip(long lengthBytes) {
    begin(lengthBytes);
    skips = true;
  }

  private void begin(long lengthBytes) {
    if (missingBytes > 0) {
      throw new IllegalStateException("%d bytes are asked for already".formatted(missingBytes));
    }
    if (lengthBytes < 1) {
      throw new IllegalArgumentException("%d bytes asked for".formatted(lengthBytes));
    }
    missingBytes = lengthBytes;
  }

  /** Whether something is asked for. */
  public boolean isOpen() {
    return missingBytes > 0;
  }

  /** How much is missing, in bytes. */
  public long missingBytes() {
    return missingBytes;
  }

  /**
   * Takes what it can.
   *
   * @return whether something had been asked for, and now all of it is there
   */
  public boolean takeFrom(ByteBuf arrived) {
    if (missingBytes == 0) {
      return false;
    }
    int now = (int) Math.min(missingBytes, arrived.readableBytes());
    if (skips) {
      arrived.skipBytes(now);
    } else {
      target.writeBytes(arrived, now);
    }
    return taken(now);
  }

  /** Bytes that were written into the target by somebody else have arrived. */
  public boolean taken(int bytes) {
    missingBytes -= bytes;
    return missingBytes == 0;
  }

  /** Where a socket may write to itself; nothing if the bytes are to be dropped. */
  public ByteBuf target() {
    return skips || missingBytes == 0 ? Unpooled.EMPTY_BUFFER : target;
  }

  /** Forgets it; the target is not touched any more. */
  public void cancel() {
    missingBytes = 0;
    target = Unpooled.EMPTY_BUFFER;
  }
}
