package io.jdrbd.sim;

import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamKind;
import io.jdrbd.transport.StreamListener;
import io.jdrbd.transport.TransportOptions;
import io.jdrbd.transport.connect.PeerSocket;
import io.jdrbd.transport.connect.StreamInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** One end of a simulated TCP connection. */
final class SimSocket implements PeerSocket {
  private static final StreamEnd RESET =
      new StreamEnd(StreamEnd.Kind.RESET, "Connection reset by peer");
  private static final long CLOSE_GRACE_NS = TimeUnit.SECONDS.toNanos(2);

  /** As much as both kernels' socket buffers hold. */
  private static final int WINDOW_BYTES = 256 << 10;

  private final SimSockets sockets;
  private final NodeLoop loop;
  private final InetAddress localIp;
  private final InetAddress remoteIp;
  private final int sendQueueBytes;
  private final StreamInput input;
  private final ByteBuf inbox = Unpooled.buffer();
  private final ArrayDeque<ByteBuf> unsent = new ArrayDeque<>();
  private SimSocket other = this;
  private SimWire wire;
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();
  private long queuedBytes;
  private int unsentBytes;
  private int untakenBytes;
  private long lastReceivedNs;
  private long stalledSinceNs;
  private boolean transmitScheduled;
  private boolean wasFull;
  private boolean finSent;
  private boolean closing;
  private boolean closed;

  SimSocket(
      SimSockets sockets, InetAddress localIp, InetAddress remoteIp, TransportOptions options) {
    this.sockets = sockets;
    this.loop = sockets.loop();
    this.localIp = localIp;
    this.remoteIp = remoteIp;
    this.sendQueueBytes = options.sendQueueBytes();
    this.input = new StreamInput(loop, () -> inbox, this::settle);
    this.lastReceivedNs = loop.nanoTime();
    this.wire = new SimWire(sockets.network(), this, this);
    sockets.opened(this);
  }

  static void join(SimSocket one, SimSocket two) {
    one.other = two;
    two.other = one;
    one.wire = new SimWire(one.sockets.network(), one, two);
    two.wire = new SimWire(two.sockets.network(), two, one);
  }

  InetAddress localIp() {
    return localIp;
  }

  @Override
  public InetAddress remoteAddress() {
    return remoteIp;
  }

  @Override
  public boolean isEstablished() {
    return !closed && !closing && !input.hasEnded();
  }

  @Override
  public void become(StreamKind kind) {}

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
    return lastReceivedNs;
  }

  @Override
  public void send(ByteBuf packet) {
    if (isEstablished()) {
      queue(onHeap(packet));
    }
  }

  @Override
  public void send(ByteBuf head, ByteBuf bulk) {
    if (isEstablished()) {
      queue(onHeap(head));
      queue(bulk);
    } else {
      bulk.release();
    }
  }

  private static ByteBuf onHeap(ByteBuf bytes) {
    return Unpooled.wrappedBuffer(ByteBufUtil.getBytes(bytes));
  }

  private void queue(ByteBuf bytes) {
    if (unsentBytes == 0) {
      stalledSinceNs = loop.nanoTime();
    }
    unsent.add(bytes);
    unsentBytes += bytes.readableBytes();
    queuedBytes += bytes.readableBytes();
    wasFull |= !isWritable();
    if (!transmitScheduled) {
      transmitScheduled = true;
      loop.execute(this::endOfTurn);
    }
  }

  private void endOfTurn() {
    transmitScheduled = false;
    transmit();
  }

  @Override
  public void flush() {
    transmit();
  }

  @Override
  public void whenSent(Runnable then) {
    if (!isEstablished()) {
      return;
    }
    if (unsentBytes == 0) {
      loop.execute(then);
    } else {
      marks.add(new Mark(queuedBytes, then));
    }
  }

  /** Somebody wants to know when so many bytes have left. */
  private record Mark(long bytes, Runnable then) {}

  /** Puts on the wire what the window allows, in pieces of any size. */
  private void transmit() {
    while (!closed && !unsent.isEmpty() && untakenBytes < WINDOW_BYTES) {
      ByteBuf next = unsent.peek();
      int room = Math.min(next.readableBytes(), WINDOW_BYTES - untakenBytes);
      byte[] piece = new byte[pieceBytes(room)];
      next.readBytes(piece);
      if (!next.isReadable()) {
        unsent.remove().release();
      }
      unsentBytes -= piece.length;
      untakenBytes += piece.length;
      stalledSinceNs = loop.nanoTime();
      wire.send(new Segment.Bytes(sockets.network().arriving(piece)));
      if (sockets.network().breaksNow()) {
        breakConnection();
      }
    }
    while (!marks.isEmpty() && marks.element().bytes() <= queuedBytes - unsentBytes) {
      loop.execute(marks.remove().then());
    }
    if (closing && unsent.isEmpty()) {
      fin();
    }
    if (wasFull && unsentBytes <= sendQueueBytes / 2) {
      wasFull = false;
      loop.execute(input::tellWritable);
    }
  }

  private int pieceBytes(int mostBytes) {
    var random = sockets.network().world().random();
    return mostBytes < 2 || random.nextInt(4) > 0 ? mostBytes : 1 + random.nextInt(mostBytes);
  }

  private void fin() {
    if (!finSent) {
      finSent = true;
      wire.send(new Segment.Fin());
    }
  }

  @Override
  public boolean isWritable() {
    return unsentBytes < sendQueueBytes;
  }

  @Override
  public long unsentBytes() {
    return unsentBytes;
  }

  @Override
  public long sendStalledNs() {
    return unsentBytes == 0 ? 0 : loop.nanoTime() - stalledSinceNs;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (inbox.isReadable()) {
      wire.cutAtRandomByte();
      wire.send(new Segment.Reset());
    } else if (!finSent) {
      wire.send(new Segment.Fin());
    }
    vanish();
  }

  @Override
  public void closeWhenSent() {
    if (closed || closing) {
      return;
    }
    if (input.hasEnded()) {
      close();
      return;
    }
    closing = true;
    input.close();
    dropInbox();
    transmit();
    loop.schedule(CLOSE_GRACE_NS, this::close);
  }

  /** It is gone without a word to the peer. */
  void vanish() {
    if (!closed) {
      closed = true;
      input.close();
      unsent.forEach(ByteBuf::release);
      unsent.clear();
      marks.clear();
      unsentBytes = 0;
      sockets.closed(this);
    }
  }

  /** The network breaks the connection: either side has got a part of what was on its way. */
  void breakConnection() {
    wire.cutAtRandomByte();
    other.wire.cutAtRandomByte();
    wire.send(new Segment.Reset());
    other.wire.send(new Segment.Reset());
  }

  /** Something has arrived at this end's machine. */
  void deliver(Segment segment) {
    if (!closed) {
      loop.execute(() -> take(segment));
    } else if (segment instanceof Segment.Bytes) {
      wire.send(new Segment.Reset());
    }
  }

  private void take(Segment segment) {
    if (closed) {
      deliver(segment);
      return;
    }
    switch (segment) {
      case Segment.Bytes(byte[] bytes) -> {
        lastReceivedNs = loop.nanoTime();
        inbox.writeBytes(bytes);
        if (closing) {
          dropInbox();
        } else {
          input.arrived();
        }
      }
      case Segment.Taken(int bytes) -> {
        untakenBytes -= bytes;
        transmit();
      }
      case Segment.Fin() -> end(StreamEnd.CLOSED);
      case Segment.Reset() -> end(RESET);
    }
  }

  private void end(StreamEnd how) {
    if (closing) {
      close();
    } else {
      input.end(how);
    }
  }

  private void dropInbox() {
    inbox.skipBytes(inbox.readableBytes());
    settle();
  }

  /** Tells the peer how much has been taken, so that it can send more. */
  private void settle() {
    int taken = inbox.readerIndex();
    if (taken > 0 && !closed) {
      inbox.discardReadBytes();
      wire.send(new Segment.Taken(taken));
    }
  }
}
