package io.jdrbd.cluster.line;

import io.jdrbd.connection.PeerSession;
import io.jdrbd.resync.VerifyResult;
import io.jdrbd.wire.AckPacket;
import io.jdrbd.wire.Feature;
import io.jdrbd.wire.OpaqueBytes;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.RequestPacket;

/** The requests of resync and verify, and a verify's answers, in the agreed dialect (spec 6.4). */
public final class ResyncPackets {
  private static final int SECTOR_SHIFT = 9;

  private final PeerSession session;

  ResyncPackets(PeerSession session) {
    this.session = session;
  }

  /** What is asked for, with and without a position in the peer's writes. */
  enum Question {
    DATA(
        RequestPacket.BlockRequest.Kind.RS_DATA_REQUEST,
        RequestPacket.DagtagRequest.Kind.RS_DAGTAG_REQ),
    THIN(
        RequestPacket.BlockRequest.Kind.RS_THIN_REQ,
        RequestPacket.DagtagRequest.Kind.RS_THIN_DAGTAG_REQ),
    UNLESS_EQUAL(
        RequestPacket.BlockRequest.Kind.CSUM_RS_REQUEST,
        RequestPacket.DagtagRequest.Kind.RS_CSUM_DAGTAG_REQ),
    DIGEST(
        RequestPacket.BlockRequest.Kind.OV_REQUEST, RequestPacket.DagtagRequest.Kind.OV_DAGTAG_REQ);

    private final RequestPacket.BlockRequest.Kind plain;
    private final RequestPacket.DagtagRequest.Kind dagtag;

    Question(RequestPacket.BlockRequest.Kind plain, RequestPacket.DagtagRequest.Kind dagtag) {
      this.plain = plain;
      this.dagtag = dagtag;
    }
  }

  private boolean ids() {
    return session.dialect().protocolVersion() >= OutgoingLine.IDS_ARE_ECHOED;
  }

  private boolean dagtags() {
    return session.dialect().has(Feature.RESYNC_DAGTAG);
  }

  /** Asks. */
  void ask(
      Question what, int volume, long id, long offsetBytes, int lengthBytes, OpaqueBytes digest) {
    long sector = offsetBytes >>> SECTOR_SHIFT;
    Packet packet =
        dagtags()
            ? new RequestPacket.DagtagRequest(what.dagtag, sector, id, lengthBytes, 0, 0, digest)
            : new RequestPacket.BlockRequest(
                what.plain, sector, ids() ? id : OutgoingLine.ALL_ONES, lengthBytes, digest);
    session.send(volume, packet);
  }

  /** Answers a verify; the id is the asking node's own. */
  void digest(int volume, long id, long offsetBytes, int lengthBytes, OpaqueBytes digest) {
    long sector = offsetBytes >>> SECTOR_SHIFT;
    session.send(
        volume,
        dagtags()
            ? new RequestPacket.DagtagRequest(
                RequestPacket.DagtagRequest.Kind.OV_DAGTAG_REPLY,
                sector,
                id,
                lengthBytes,
                0,
                0,
                digest)
            : new RequestPacket.BlockRequest(
                RequestPacket.BlockRequest.Kind.OV_REPLY, sector, id, lengthBytes, digest));
  }

  /** Says what a verify has found of a block. */
  void result(
      int volume, long id, long offsetBytes, int lengthBytes, int sequence, VerifyResult result) {
    long sector = offsetBytes >>> SECTOR_SHIFT;
    session.send(
        volume,
        ids()
            ? new AckPacket.OvResultId(sector, id, lengthBytes, sequence, number(result))
            : new AckPacket.BlockAck(
                AckPacket.BlockAck.Kind.OV_RESULT, sector, word(result), lengthBytes, sequence));
  }

  private static int number(VerifyResult result) {
    return switch (result) {
      case SKIPPED -> AckPacket.OvResultId.SKIPPED;
      case IN_SYNC -> AckPacket.OvResultId.IN_SYNC;
      case OUT_OF_SYNC -> AckPacket.OvResultId.OUT_OF_SYNC;
    };
  }

  private static long word(VerifyResult result) {
    return switch (result) {
      case SKIPPED -> AckPacket.OV_SKIPPED;
      case IN_SYNC -> AckPacket.OV_IN_SYNC;
      case OUT_OF_SYNC -> AckPacket.OV_OUT_OF_SYNC;
    };
  }

  /** What a result means that came in its own field. */
  public static VerifyResult result(AckPacket.OvResultId packet) {
    return switch (packet.result()) {
      case AckPacket.OvResultId.OUT_OF_SYNC -> VerifyResult.OUT_OF_SYNC;
      case AckPacket.OvResultId.IN_SYNC -> VerifyResult.IN_SYNC;
      default -> VerifyResult.SKIPPED;
    };
  }

  /** What a result means that came in place of an id; whatever is not known is no difference. */
  public static VerifyResult result(AckPacket.BlockAck packet) {
    if (packet.blockId() == AckPacket.OV_OUT_OF_SYNC) {
      return VerifyResult.OUT_OF_SYNC;
    }
    return packet.blockId() == AckPacket.OV_SKIPPED ? VerifyResult.SKIPPED : VerifyResult.IN_SYNC;
  }
}
