package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/**
 * Reads one direction of one stream, packet by packet: first the header, then the fixed part; bulk
 * data is left to the caller, who may read it straight to where it belongs.
 *
 * <pre>
 *   while (decoder.readHeader(in)) {              // false: wait for more bytes
 *     await(decoder.fixedBytes());
 *     Packet packet = decoder.readFixed(in);
 *     await(packet.bulkBytes()) ...
 *   }
 * </pre>
 *
 * <p>What it was told by {@link #readHeader} is kept until the next header. Not safe for threads.
 */
public final class PacketDecoder {
  private static final int MAGIC_BYTES = 4;

  private final StreamKind stream;
  private WireDialect dialect = WireDialect.BEFORE_AGREEMENT;
  private Command command = Command.P_CONNECTION_FEATURES;
  private int volume = HeaderFormat.NO_VOLUME;
  private int payloadBytes;

  /** A decoder of what is said before the features are agreed. */
  public PacketDecoder(StreamKind stream) {
    this.stream = stream;
  }

  /** What the following packets look like: after P_CONNECTION_FEATURES, and for a new digest. */
  public void dialect(WireDialect next) {
    this.dialect = next;
  }

  /** What packets look like now. */
  public WireDialect dialect() {
    return dialect;
  }

  /**
   * Reads a header, if all of it is there; if not, nothing is read.
   *
   * @throws WireException if it is none, of an unknown packet or of one that has another length
   */
  public boolean readHeader(ByteBuf in) throws WireException {
    if (in.readableBytes() < MAGIC_BYTES) {
      return false;
    }
    HeaderFormat format = HeaderFormat.at(in);
    if (!dialect.accepts(format, stream)) {
      throw new WireException(
          "header of format %s, must not be used with protocol version %d"
              .formatted(format, dialect.protocolVersion()));
    }
    if (in.readableBytes() < format.bytes()) {
      return false;
    }
    int index = in.readerIndex();
    if (format.pad(in, index) != 0) {
      throw new WireException(
          "header ends with %08x, must end with 0".formatted(format.pad(in, index)));
    }
    command = Command.of(format.command(in, index), stream);
    volume = format.volume(in, index);
    long length = format.payloadBytes(in, index);
    PayloadBounds.check(command, length, dialect);
    payloadBytes = (int) length;
    in.skipBytes(format.bytes());
    return true;
  }

  /** The packet that the header announced. */
  public Command command() {
    return command;
  }

  /** The volume in the header, {@link HeaderFormat#NO_VOLUME} for the whole connection. */
  public int volume() {
    return volume;
  }

  /** All bytes that follow the header: at most 1 MiB and a little. */
  public int payloadBytes() {
    return payloadBytes;
  }

  /** How many of them {@link #readFixed} wants; at most 4096. */
  public int fixedBytes() {
    return PayloadBounds.fixedBytes(command, payloadBytes);
  }

  /**
   * Reads the fixed part.
   *
   * @param in has at least {@link #fixedBytes} readable bytes
   * @throws WireException if a field says what none may say
   */
  public Packet readFixed(ByteBuf in) throws WireException {
    return PacketReaders.read(command, in, payloadBytes, dialect);
  }
}
