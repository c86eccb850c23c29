package io.jdrbd.driver.sim;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.transport.PeerStream;
import io.jdrbd.transport.StreamKind;
import io.jdrbd.transport.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** One connection of a peer that does mischief, as long as its streams stand. */
final class HostileLink {
  private static final long IDLE_NS = 50_000_000;

  private final PeerLink real;
  private final Loop loop;
  private final Mischief mischief;
  private boolean closed;

  HostileLink(PeerLink real, Loop loop, Mischief mischief) {
    this.real = real;
    this.loop = loop;
    this.mischief = mischief;
    mischief.begins();
    beIdle();
  }

  /** What the node gets. */
  PeerLink disguised() {
    return new PeerLink(
        new Stream(StreamKind.DATA),
        new Stream(StreamKind.CONTROL),
        real.path(),
        real.resolveConflicts());
  }

  /** Says something, whatever it is. */
  void say(StreamKind kind, byte[] bytes) {
    if (!closed) {
      real.stream(kind).send(Unpooled.wrappedBuffer(bytes));
    }
  }

  /** Now and then something is said of which the node knows nothing. */
  private void beIdle() {
    loop.schedule(
        IDLE_NS,
        () -> {
          if (!closed) {
            mischief.idle(this);
            beIdle();
          }
        });
  }

  /** One stream; what is sent is handed over to the mischief, packet by packet. */
  private final class Stream implements PeerStream {
    private final StreamKind kind;
    private final PeerStream below;

    Stream(StreamKind kind) {
      this.kind = kind;
      this.below = real.stream(kind);
    }

    @Override
    public void open(StreamListener listener) {
      below.open(listener);
    }

    @Override
    public void receive(ByteBuf target, int lengthBytes) {
      below.receive(target, lengthBytes);
    }

    @Override
    public void skip(long lengthBytes) {
      below.skip(lengthBytes);
    }

    @Override
    public long lastReceivedNs() {
      return below.lastReceivedNs();
    }

    @Override
    public void send(ByteBuf packet) {
      mischief.sends(HostileLink.this, kind, ByteBufUtil.getBytes(packet));
    }

    @Override
    public void send(ByteBuf head, ByteBuf bulk) {
      byte[] packet = new byte[head.readableBytes() + bulk.readableBytes()];
      head.getBytes(head.readerIndex(), packet, 0, head.readableBytes());
      bulk.getBytes(bulk.readerIndex(), packet, head.readableBytes(), bulk.readableBytes());
      bulk.release();
      mischief.sends(HostileLink.this, kind, packet);
    }

    @Override
    public void flush() {
      below.flush();
    }

    @Override
    public boolean isWritable() {
      return below.isWritable();
    }

    @Override
    public void whenSent(Runnable then) {
      below.whenSent(then);
    }

    @Override
    public long unsentBytes() {
      return below.unsentBytes();
    }

    @Override
    public long sendStalledNs() {
      return below.sendStalledNs();
    }

    @Override
    public void close() {
      closed = true;
      below.close();
    }

    @Override
    public void closeWhenSent() {
      closed = true;
      below.closeWhenSent();
    }
  }
}
