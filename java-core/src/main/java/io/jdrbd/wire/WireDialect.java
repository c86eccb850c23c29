package io.jdrbd.wire;

/**
 * All that decides how packets look on one direction of a connection: the agreed protocol version
 * and features, and the digest that precedes bulk data (spec 1.5, 1.6, 1.8.4). The two directions
 * differ only in the digest, and only after P_PROTOCOL_UPDATE.
 *
 * @param protocolVersion the agreed version
 * @param features the agreed {@link Feature} bits
 * @param digestBytes size of the digest before the data of P_DATA, P_DATA_REPLY and
 *     P_RS_DATA_REPLY, 0 without data-integrity-alg, at most {@link #DIGEST_BYTES_MAX}
 */
public record WireDialect(int protocolVersion, int features, int digestBytes) {
  /** No digest is larger (spec 1.8.4). */
  public static final int DIGEST_BYTES_MAX = 64;

  /** From this version on there are node ids, two-phase commits and P_UUIDS110. */
  public static final int VERSION_9 = 110;

  /** No packet but P_DATA and replies with data is larger, its header included (spec 1.5). */
  private static final int PACKET_BYTES_MAX = 4096;

  /** What is spoken until both P_CONNECTION_FEATURES have been read: header format 80. */
  public static final WireDialect BEFORE_AGREEMENT = new WireDialect(86, 0, 0);

  /** Checks the size of the digest. */
  public WireDialect {
    if (digestBytes < 0 || digestBytes > DIGEST_BYTES_MAX) {
      throw new IllegalArgumentException(
          "digest of %d bytes, at most %d".formatted(digestBytes, DIGEST_BYTES_MAX));
    }
  }

  /** A dialect without a digest. */
  public static WireDialect of(int protocolVersion, int features) {
    return new WireDialect(protocolVersion, features, 0);
  }

  /** The same with a digest of another size. */
  public WireDialect withDigestBytes(int bytes) {
    return new WireDialect(protocolVersion, features, bytes);
  }

  /** Whether both nodes offered it. */
  public boolean has(Feature feature) {
    return (features & feature.mask()) != 0;
  }

  /** Whether the version is one of DRBD 9: node ids, two-phase commit, P_UUIDS110. */
  public boolean isVersion9() {
    return protocolVersion >= VERSION_9;
  }

  /**
   * The header that a packet is sent with (spec 1.5).
   *
   * @param payloadBytes what follows the header
   */
  public HeaderFormat headerFormat(int payloadBytes) {
    if (protocolVersion >= 100) {
      return HeaderFormat.H100;
    }
    return protocolVersion >= 95 && payloadBytes > HeaderFormat.H80_PAYLOAD_BYTES_MAX
        ? HeaderFormat.H95
        : HeaderFormat.H80;
  }

  /** The most data that one packet carries, in bytes (spec 2.2). */
  public int bulkBytesMax() {
    if (protocolVersion >= 100) {
      return PayloadBounds.BULK_BYTES_MAX;
    }
    return protocolVersion >= 95 ? 128 << 10 : 32 << 10;
  }

  /**
   * Whether a received header may have this format. On the control stream the formats may be mixed
   * while the features are agreed; below version 100 the magic tells 80 from 95.
   */
  boolean accepts(HeaderFormat format, StreamKind stream) {
    return stream == StreamKind.CONTROL
        || (protocolVersion >= 100) == (format == HeaderFormat.H100);
  }

  /** What a packet that is not P_DATA or a reply with data has room for behind its header. */
  public int roomBytes() {
    return PACKET_BYTES_MAX
        - (protocolVersion >= 100 ? HeaderFormat.H100 : HeaderFormat.H80).bytes();
  }
}
