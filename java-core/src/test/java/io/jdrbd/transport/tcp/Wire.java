package io.jdrbd.transport.tcp;

import io.jdrbd.transport.PeerStream;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A stream as a test uses it: with words instead of packets, from its own thread. */
final class Wire implements StreamListener {
  private final Side side;
  private final PeerStream stream;
  private final CompletableFuture<StreamEnd> end = new CompletableFuture<>();
  private volatile CompletableFuture<Boolean> received = new CompletableFuture<>();
  private final CompletableFuture<Boolean> writable = new CompletableFuture<>();

  Wire(Side side, PeerStream stream) throws Exception {
    this.side = side;
    this.stream = stream;
    side.onLoop(
        () -> {
          stream.open(this);
          return true;
        });
  }

  PeerStream stream() {
    return stream;
  }

  void send(String text) throws Exception {
    side.onLoop(
        () -> {
          stream.send(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
          return true;
        });
  }

  /** Asks for bytes without waiting for them. */
  void ask(ByteBuf target, int lengthBytes) throws Exception {
    received = new CompletableFuture<>();
    side.onLoop(
        () -> {
          stream.receive(target, lengthBytes);
          return true;
        });
  }

  void awaitReceived() throws Exception {
    received.get(Side.WAIT_S, TimeUnit.SECONDS);
  }

  boolean hasReceived() {
    return received.isDone();
  }

  String receive(int lengthBytes) throws Exception {
    ByteBuf target = Unpooled.directBuffer(lengthBytes, lengthBytes);
    ask(target, lengthBytes);
    awaitReceived();
    String text = target.toString(StandardCharsets.US_ASCII);
    target.release();
    return text;
  }

  void skip(long lengthBytes) throws Exception {
    received = new CompletableFuture<>();
    side.onLoop(
        () -> {
          stream.skip(lengthBytes);
          return true;
        });
    awaitReceived();
  }

  /** Returns when it was told for the first time, now or before. */
  void awaitWritable() throws Exception {
    writable.get(Side.WAIT_S, TimeUnit.SECONDS);
  }

  StreamEnd awaitEnd() throws Exception {
    return end.get(Side.WAIT_S, TimeUnit.SECONDS);
  }

  boolean hasEnded() {
    return end.isDone();
  }

  @Override
  public void received() {
    received.complete(true);
  }

  @Override
  public void writable() {
    writable.complete(true);
  }

  @Override
  public void ended(StreamEnd how) {
    if (!end.complete(how)) {
      throw new AssertionError("ended twice");
    }
  }
}
