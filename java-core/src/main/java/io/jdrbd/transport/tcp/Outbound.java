package io.jdrbd.transport.tcp;

import io.jdrbd.buffer.ReusedBuffer;
import io.jdrbd.loop.EpollLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * What a stream sends: small packets gathered, bulk data as it lies in its buffer, and all of one
 * turn of the loop with one flush, which is one {@code writev} as long as the socket takes it.
 */
final class Outbound {
  /** The longest packet without bulk data (spec 1.5), so that every packet fits. */
  private static final int GATHERED_BYTES = 4096;

  /** Bulk data up to this is gathered too: cheaper than a part of its own. */
  private static final int BULK_GATHERED_BYTES = 256;

  private final EpollLoop loop;
  private final Channel channel;
  private final boolean batches;
  private final ReusedBuffer.Pool buffers = new ReusedBuffer.Pool(GATHERED_BYTES);
  private final Runnable flush = this::flushAtEndOfTurn;
  private ReusedBuffer open = buffers.take();
  private boolean flushScheduled;
  private boolean closed;

  private long partsWritten;
  private long partsFlushed;

  /** What the socket had taken when that was last seen to change, if anything waited. */
  private boolean waiting;

  private long takenParts;
  private long takenOfFirst;
  private long sinceNs;

  /**
   * @param batches packets of a turn leave together; otherwise each leaves at once
   */
  Outbound(EpollLoop loop, Channel channel, boolean batches) {
    this.loop = loop;
    this.channel = channel;
    this.batches = batches;
  }

  void send(ByteBuf packet) {
    gather(packet);
    packetComplete();
  }

  void send(ByteBuf head, ByteBuf bulk) {
    gather(head);
    if (bulk.readableBytes() <= Math.min(BULK_GATHERED_BYTES, open.writableBytes())) {
      open.writeBytes(bulk, bulk.readerIndex(), bulk.readableBytes());
      bulk.release();
    } else {
      writeOpen();
      write(bulk);
    }
    packetComplete();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught
  void whenSent(Runnable then) {
    writeOpen();
    partsWritten++;
    channel
        .write(Unpooled.EMPTY_BUFFER)
        .addListener(
            taken -> {
              if (taken.isSuccess()) {
                loop.execute(then);
              }
            });
    packetComplete();
  }

  private void gather(ByteBuf bytes) {
    int length = bytes.readableBytes();
    if (length > GATHERED_BYTES) {
      throw new IllegalArgumentException(
          "packet of %d bytes: at most %d without bulk data".formatted(length, GATHERED_BYTES));
    }
    if (open.writableBytes() < length) {
      writeOpen();
    }
    open.writeBytes(bytes, bytes.readerIndex(), length);
  }

  private void packetComplete() {
    if (!batches) {
      flush();
    } else if (!flushScheduled) {
      flushScheduled = true;
      loop.executeAtEndOfTurn(flush);
    }
  }

  private void flushAtEndOfTurn() {
    flushScheduled = false;
    flush();
  }

  /** Lets everything leave that the socket takes. */
  void flush() {
    if (!closed) {
      writeOpen();
      partsFlushed = partsWritten;
      channel.flush();
    }
  }

  private void writeOpen() {
    if (open.isReadable()) {
      write(open);
      open = buffers.take();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a void promise: failures reach exceptionCaught
  private void write(ByteBuf bytes) {
    partsWritten++;
    channel.write(bytes, channel.voidPromise());
  }

  /** How much the socket has not taken yet, with Netty's own few bytes for each part. */
  long unsentBytes() {
    return pendingBytes() + open.readableBytes();
  }

  /** For how long the socket has taken nothing of what waits, as far as it has been asked. */
  long stalledNs(long nowNs) {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    if (outbound == null || outbound.size() == 0) {
      waiting = false;
      return 0;
    }
    long taken = partsFlushed - outbound.size();
    long progress = outbound.currentProgress();
    if (!waiting || taken != takenParts || progress != takenOfFirst) {
      waiting = true;
      takenParts = taken;
      takenOfFirst = progress;
      sinceNs = nowNs;
    }
    return nowNs - sinceNs;
  }

  private long pendingBytes() {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    return outbound == null ? 0 : outbound.totalPendingWriteBytes();
  }

  /** Frees what it keeps; nothing may be sent any more. */
  void close() {
    if (!closed) {
      closed = true;
      open.release();
      buffers.close();
    }
  }
}
