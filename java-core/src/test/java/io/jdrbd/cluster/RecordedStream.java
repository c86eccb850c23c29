package io.jdrbd.cluster;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.PeerStream;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamListener;
import io.jdrbd.transport.connect.StreamInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** A stream whose other end is a script: what is sent goes to it, what it says arrives. */
final class RecordedStream implements PeerStream {
  private final Loop loop;
  private final Consumer<ByteBuf> sent;
  private final ByteBuf inbox = Unpooled.buffer();
  private final StreamInput input;
  private volatile boolean closed;

  /**
   * @param sent gets every packet as a whole, on the loop
   */
  RecordedStream(Loop loop, Consumer<ByteBuf> sent) {
    this.loop = loop;
    this.sent = sent;
    this.input = new StreamInput(loop, () -> inbox, () -> {});
  }

  /** The script says this. Any thread. */
  void say(ByteBuf bytes) {
    loop.execute(
        () -> {
          if (!closed) {
            inbox.discardReadBytes().writeBytes(bytes);
            input.arrived();
          }
        });
  }

  /** The script's end of the stream is closed. Any thread. */
  void hangUp() {
    loop.execute(
        () -> {
          if (!closed) {
            input.end(StreamEnd.CLOSED);
          }
        });
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void open(StreamListener listener) {
    input.open(listener);
  }

  @Override
  public void receive(ByteBuf target, int lengthBytes) {
    input.receive(target, lengthBytes);
  }

  @Override
  public void skip(long lengthBytes) {
    input.skip(lengthBytes);
  }

  @Override
  public long lastReceivedNs() {
    return loop.nanoTime();
  }

  @Override
  public void send(ByteBuf packet) {
    if (!closed) {
      sent.accept(packet.copy());
    }
  }

  @Override
  public void send(ByteBuf head, ByteBuf bulk) {
    if (!closed) {
      sent.accept(Unpooled.wrappedBuffer(head.copy(), bulk.copy()));
    }
    bulk.release();
  }

  @Override
  public void whenSent(Runnable then) {
    loop.execute(then);
  }

  @Override
  public void flush() {
    // everything is handed over at once
  }

  @Override
  public boolean isWritable() {
    return !closed;
  }

  @Override
  public long unsentBytes() {
    return 0;
  }

  @Override
  public long sendStalledNs() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
    input.close();
  }

  @Override
  public void closeWhenSent() {
    close();
  }
}
