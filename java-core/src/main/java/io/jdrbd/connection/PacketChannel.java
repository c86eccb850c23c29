package io.jdrbd.connection;

import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.transport.PeerStream;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamListener;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.PacketDecoder;
import io.jdrbd.wire.PacketEncoder;
import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * One stream as a sequence of packets, both ways. Receives one packet at a time: while its bulk
 * data is not taken, or a hold is on, nothing more is read, which is the backpressure. Used on the
 * loop.
 */
final class PacketChannel implements StreamListener {
  private static final int SHORT_HEADER_BYTES = 8;
  private static final int LONG_HEADER_BYTES = 16;
  private static final int PACKET_BYTES_MAX = 4096;

  private enum Phase {
    /** Nothing was asked for: held, or the handler still has to take bulk data. */
    IDLE,
    HEADER,
    FIXED,
    BULK
  }

  private final PeerStream stream;
  private final PacketDecoder decoder;
  private final PacketHandler handler;
  private final ByteBuf in = Unpooled.directBuffer(PACKET_BYTES_MAX, PACKET_BYTES_MAX);
  private final ByteBuf out = Unpooled.directBuffer(PACKET_BYTES_MAX, PACKET_BYTES_MAX);
  private WireDialect sending = WireDialect.BEFORE_AGREEMENT;
  private Phase phase = Phase.IDLE;
  private Continuation afterBulk = () -> {};
  private Runnable bulkDropped = () -> {};
  private int bulkBytes;
  private int holds;
  private boolean handling;
  private boolean closed;

  PacketChannel(PeerStream stream, StreamKind kind, PacketHandler handler) {
    this.stream = stream;
    this.decoder = new PacketDecoder(kind);
    this.handler = handler;
  }

  /** Begins to receive. */
  void open() {
    stream.open(this);
    next();
  }

  /** What the packets look like that are sent from now on. */
  void sendDialect(WireDialect dialect) {
    sending = dialect;
  }

  WireDialect sendDialect() {
    return sending;
  }

  /** What the packets look like that arrive from now on. */
  void receiveDialect(WireDialect dialect) {
    decoder.dialect(dialect);
  }

  WireDialect receiveDialect() {
    return decoder.dialect();
  }

  /** Sends a packet without bulk data. */
  void send(int volume, Packet packet) {
    PacketEncoder.encode(out.clear(), sending, volume, packet);
    stream.send(out);
  }

  /** An empty buffer for the hot ways of encoding; to be sent before the next packet is begun. */
  ByteBuf scratch() {
    return out.clear();
  }

  /** Sends what was written into {@link #scratch}. */
  void sendScratch() {
    stream.send(out);
  }

  /**
   * Sends what was written into {@link #scratch}, and bulk data behind it.
   *
   * @param bulk the reference is taken over
   */
  void sendScratch(ByteBuf bulk) {
    stream.send(out, bulk);
  }

  /** Everything leaves now, not at the end of the turn. */
  void flush() {
    stream.flush();
  }

  boolean isWritable() {
    return stream.isWritable();
  }

  PeerStream stream() {
    return stream;
  }

  /** Nothing more is received after the packet in hand. Ends with as many {@link #release}. */
  void hold() {
    holds++;
  }

  /** Ends a hold. */
  void release() {
    holds--;
    next();
  }

  /**
   * Takes part of the bulk data of the packet in hand.
   *
   * @param target has room from its writer index on
   * @param then called when it is there
   * @param dropped called instead if the channel is closed before
   */
  void receiveBulk(ByteBuf target, int bytes, Continuation then, Runnable dropped) {
    startBulk(bytes, then);
    bulkDropped = dropped;
    stream.receive(target, bytes);
  }

  /** Drops part of the bulk data of the packet in hand; then calls back. */
  void skipBulk(int bytes, Runnable then) {
    startBulk(bytes, then::run);
    bulkDropped = () -> {};
    stream.skip(bytes);
  }

  private void startBulk(int bytes, Continuation then) {
    if (phase != Phase.IDLE || bytes < 1 || bytes > bulkBytes) {
      throw new IllegalStateException(
          "%d bytes of bulk data wanted, %d are left".formatted(bytes, bulkBytes));
    }
    bulkBytes -= bytes;
    afterBulk = then;
    phase = Phase.BULK;
  }

  private void next() {
    if (phase == Phase.IDLE && holds == 0 && bulkBytes == 0 && !handling && !closed) {
      phase = Phase.HEADER;
      in.clear();
      stream.receive(in, SHORT_HEADER_BYTES);
    }
  }

  @Override
  public void received() {
    handler.alive();
    if (closed) {
      return;
    }
    try {
      switch (phase) {
        case HEADER -> header();
        case FIXED -> fixed();
        case BULK -> {
          phase = Phase.IDLE;
          afterBulk.received();
        }
        case IDLE -> throw new IllegalStateException("bytes that nobody asked for");
      }
    } catch (WireException e) {
      handler.wrong(e.getMessage());
      return;
    } catch (ProtocolViolation e) {
      handler.wrong(named(e.getMessage()));
      return;
    }
    next();
  }

  /** Whoever notices what is wrong need not know in which packet it came. */
  private String named(String what) {
    String name = decoder.command().name();
    return what.contains(name) ? what : name + ": " + what;
  }

  private void header() throws WireException, ProtocolViolation {
    if (!decoder.readHeader(in)) {
      stream.receive(in, LONG_HEADER_BYTES - SHORT_HEADER_BYTES);
      return;
    }
    in.clear();
    if (decoder.fixedBytes() == 0) {
      fixed();
    } else {
      phase = Phase.FIXED;
      stream.receive(in, decoder.fixedBytes());
    }
  }

  private void fixed() throws WireException, ProtocolViolation {
    phase = Phase.IDLE;
    Packet packet = decoder.readFixed(in);
    bulkBytes = packet.bulkBytes();
    handling = true;
    try {
      handler.packet(decoder.volume(), packet);
    } finally {
      handling = false;
    }
  }

  @Override
  public void writable() {
    handler.writable();
  }

  @Override
  public void ended(StreamEnd end) {
    handler.ended(end);
  }

  /** Nothing more is handed on; the stream itself is closed by its owner. */
  void close() {
    closed = true;
    in.release();
    out.release();
    if (phase == Phase.BULK) {
      bulkDropped.run();
    }
  }
}
