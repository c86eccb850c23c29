package io.jdrbd.transport.connect;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamKind;
import io.jdrbd.transport.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The first packet of a socket, which says what stream it is (spec 1.4.1). The dialling node sends
 * it; {@link #await} is the accepting one's side.
 */
final class FirstPacket implements StreamListener {
  private static final int BYTES = 8;
  private static final int MAGIC = 0x83740267;

  private final PeerSocket socket;
  private final ByteBuf packet = Unpooled.buffer(BYTES, BYTES);
  private final Consumer<Optional<StreamKind>> result;
  private final Loop.Timer timer;
  private boolean done;

  private FirstPacket(
      Loop loop, PeerSocket socket, long timeoutNs, Consumer<Optional<StreamKind>> result) {
    this.socket = socket;
    this.result = result;
    this.timer = loop.schedule(timeoutNs, () -> end(Optional.empty()));
  }

  static void send(PeerSocket socket, StreamKind kind) {
    ByteBuf packet = Unpooled.buffer(BYTES, BYTES);
    packet.writeInt(MAGIC).writeShort(kind.firstPacket()).writeShort(0);
    socket.send(packet);
    socket.flush();
  }

  /**
   * Reads it.
   *
   * @param result gets the stream; nothing if the packet is another one, or does not come in time
   */
  static void await(
      Loop loop, PeerSocket socket, long timeoutNs, Consumer<Optional<StreamKind>> result) {
    FirstPacket first = new FirstPacket(loop, socket, timeoutNs, result);
    socket.open(first);
    socket.receive(first.packet, BYTES);
  }

  @Override
  public void received() {
    end(packet.getInt(0) == MAGIC ? kind(packet.getUnsignedShort(4)) : Optional.empty());
  }

  private static Optional<StreamKind> kind(int command) {
    for (StreamKind kind : StreamKind.values()) {
      if (kind.firstPacket() == command) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  @Override
  public void writable() {}

  @Override
  public void ended(StreamEnd end) {
    end(Optional.empty());
  }

  private void end(Optional<StreamKind> kind) {
    if (!done) {
      done = true;
      timer.cancel();
      kind.ifPresent(socket::become);
      result.accept(kind);
    }
  }
}
