package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/**
 * What P_PROTOCOL and P_PROTOCOL_UPDATE carry (spec 1.8.1). The numbers are not judged here: the
 * receiver compares them with its own.
 *
 * @param protocol {@link #PROTOCOL_A}, {@link #PROTOCOL_B} or {@link #PROTOCOL_C}
 * @param afterSb0p number of the after-sb-0pri policy
 * @param afterSb1p number of the after-sb-1pri policy
 * @param afterSb2p number of the after-sb-2pri policy
 * @param connFlags {@link #DISCARD_MY_DATA}, {@link #DRY_RUN}
 * @param twoPrimaries 1 if two primaries are allowed, else 0
 * @param integrityAlg name of data-integrity-alg, empty for none
 */
public record ProtocolSettings(
    int protocol,
    int afterSb0p,
    int afterSb1p,
    int afterSb2p,
    int connFlags,
    int twoPrimaries,
    String integrityAlg) {
  /** The number of protocol A. */
  public static final int PROTOCOL_A = 1;

  /** The number of protocol B. */
  public static final int PROTOCOL_B = 2;

  /** The number of protocol C. */
  public static final int PROTOCOL_C = 3;

  /** The sender gives up its own changes after a split brain. */
  public static final int DISCARD_MY_DATA = 1;

  /** Evaluate the handshake, log it, and part. */
  public static final int DRY_RUN = 2;

  static ProtocolSettings read(Command command, ByteBuf in, int payloadBytes) throws WireException {
    int nameBytes = payloadBytes - PayloadBounds.PROTOCOL_FIXED;
    return new ProtocolSettings(
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        nameBytes == 0 ? "" : Fields.readName(command, in, nameBytes));
  }

  void write(ByteBuf out, WireDialect dialect) {
    out.writeInt(protocol)
        .writeInt(afterSb0p)
        .writeInt(afterSb1p)
        .writeInt(afterSb2p)
        .writeInt(connFlags)
        .writeInt(twoPrimaries);
    if (dialect.protocolVersion() >= 87) {
      Fields.writeName(out, integrityAlg, integrityAlg.length() + 1);
    }
  }
}
