package io.jdrbd.wire.capture;

import io.jdrbd.wire.Command;
import io.jdrbd.wire.HandshakePacket.Protocol;
import io.jdrbd.wire.HandshakePacket.ProtocolUpdate;
import io.jdrbd.wire.HeaderFormat;
import io.jdrbd.wire.KeepalivePacket;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.PacketDecoder;
import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/** Cuts one direction of one stream into packets, as a receiver does. */
final class DirectionReader {
  /** The hashes that are used in the captures. */
  private static final Map<String, Integer> DIGEST_BYTES =
      Map.of("", 0, "crc32c", 4, "md5", 16, "sha1", 20);

  private final int sender;
  private final StreamKind stream;
  private final WireDialect agreed;
  private final Consumer<CapturedPacket> packets;
  private final PacketDecoder decoder;
  private final ByteBuf bytes = Unpooled.buffer();

  /** Where {@code bytes} stand: before a header, before a fixed part, or before bulk data. */
  private enum Position {
    HEADER,
    FIXED,
    BULK
  }

  private Position position = Position.HEADER;
  private HeaderFormat format = HeaderFormat.H80;
  private byte[] head = {};
  private byte[] bulk = {};
  private Packet packet = new KeepalivePacket.Ping();
  private WireDialect dialect = WireDialect.BEFORE_AGREEMENT;
  private int bulkSeen;

  DirectionReader(
      int sender, StreamKind stream, WireDialect agreed, Consumer<CapturedPacket> packets) {
    this.sender = sender;
    this.stream = stream;
    this.agreed = agreed;
    this.packets = packets;
    this.decoder = new PacketDecoder(stream);
    if (stream == StreamKind.CONTROL) {
      decoder.dialect(agreed);
    }
  }

  /** Takes bytes, and a number of bytes that were left out. */
  void feed(long timeUs, byte[] more, int omitted) throws WireException {
    bytes.writeBytes(more);
    boolean progress = true;
    while (progress) {
      progress =
          switch (position) {
            case HEADER -> header();
            case FIXED -> fixed();
            case BULK -> bulk(timeUs, 0);
          };
    }
    if (omitted > 0) {
      bulk(timeUs, omitted);
    }
    bytes.discardReadBytes();
  }

  /** Bytes that are no whole packet. */
  int leftoverBytes() {
    return bytes.readableBytes() + (position == Position.BULK ? bulkSeen : 0);
  }

  private boolean header() throws WireException {
    int start = bytes.readerIndex();
    if (!decoder.readHeader(bytes)) {
      return false;
    }
    int headerBytes = bytes.readerIndex() - start;
    format = headerBytes == HeaderFormat.H100.bytes() ? HeaderFormat.H100 : HeaderFormat.H80;
    head = new byte[headerBytes + decoder.fixedBytes()];
    bytes.getBytes(start, head, 0, headerBytes);
    dialect = decoder.dialect();
    position = Position.FIXED;
    return true;
  }

  private boolean fixed() throws WireException {
    int fixedBytes = decoder.fixedBytes();
    if (bytes.readableBytes() < fixedBytes) {
      return false;
    }
    int start = bytes.readerIndex();
    bytes.getBytes(start, head, head.length - fixedBytes, fixedBytes);
    packet = decoder.readFixed(bytes);
    if (bytes.readerIndex() != start + fixedBytes) {
      throw new IllegalStateException(
          "%s read %d of %d bytes".formatted(packet, bytes.readerIndex() - start, fixedBytes));
    }
    bulk = new byte[0];
    bulkSeen = 0;
    position = Position.BULK;
    return true;
  }

  private boolean bulk(long timeUs, int omitted) {
    int taken = Math.min(bytes.readableBytes(), packet.bulkBytes() - bulkSeen);
    int kept = bulk.length;
    bulk = Arrays.copyOf(bulk, kept + taken);
    bytes.readBytes(bulk, kept, taken);
    bulkSeen += taken + omitted;
    if (bulkSeen < packet.bulkBytes()) {
      return false;
    }
    packets.accept(
        new CapturedPacket(
            timeUs, sender, stream, dialect, format, decoder.volume(), packet, head, bulk));
    switchDialect();
    position = Position.HEADER;
    return true;
  }

  /** The features switch the format, the settings switch the digest, for what follows. */
  private void switchDialect() {
    if (decoder.command() == Command.P_CONNECTION_FEATURES) {
      decoder.dialect(agreed);
    } else if (packet instanceof Protocol protocol) {
      switchDigest(protocol.settings().integrityAlg());
    } else if (packet instanceof ProtocolUpdate update) {
      switchDigest(update.settings().integrityAlg());
    }
  }

  private void switchDigest(String algorithm) {
    decoder.dialect(decoder.dialect().withDigestBytes(DIGEST_BYTES.get(algorithm)));
  }
}
