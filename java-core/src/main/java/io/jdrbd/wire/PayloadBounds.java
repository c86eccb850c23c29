package io.jdrbd.wire;

/**
 * How long the payload of a packet may be, and how much of it is the fixed part (spec 1.14). It is
 * checked as soon as the header is there, before anything is read or allocated for the payload.
 */
final class PayloadBounds {
  /** Sector, block id, sequence number, flags. */
  static final int DATA_FIXED = 24;

  /** The most data that one packet carries, at any version (spec 2.2). */
  static final int BULK_BYTES_MAX = 1 << 20;

  /** Data comes in sectors. */
  static final int SECTOR_BYTES = 512;

  static final int BLOCK_REQUEST_FIXED = 24;
  static final int DAGTAG_REQUEST_FIXED = 32;
  static final int PROTOCOL_FIXED = 24;
  static final int UUIDS110_FIXED = 40;

  private static final int NAME_BYTES_MAX = 64;

  private PayloadBounds() {}

  /**
   * Checks the length in a header.
   *
   * @throws WireException if no such packet is so long
   */
  static void check(Command command, long payloadBytes, WireDialect dialect) throws WireException {
    int min = min(command, dialect);
    int max = max(command, dialect);
    if (payloadBytes < min || payloadBytes > max) {
      throw new WireException(
          command,
          min == max
              ? "length %d, must be %d".formatted(payloadBytes, min)
              : "length %d, must be %d to %d".formatted(payloadBytes, min, max));
    }
    int unit = unit(command);
    if ((payloadBytes - min) % unit != 0) {
      throw new WireException(
          command, "length %d, must be %d and a multiple of %d".formatted(payloadBytes, min, unit));
    }
  }

  /** What of the payload belongs to the fixed part; the rest is bulk, left on the stream. */
  static int fixedBytes(Command command, int payloadBytes) {
    return switch (command) {
      case P_DATA, P_DATA_REPLY, P_RS_DATA_REPLY -> DATA_FIXED;
      case P_BITMAP -> 0;
      case P_COMPRESSED_BITMAP -> 1;
      default -> payloadBytes;
    };
  }

  private static int unit(Command command) {
    return switch (command) {
      case P_DATA, P_DATA_REPLY, P_RS_DATA_REPLY -> SECTOR_BYTES;
      case P_BITMAP, P_UUIDS110 -> Long.BYTES;
      default -> 1;
    };
  }

  private static int min(Command command, WireDialect dialect) {
    return switch (command) {
      case P_DATA, P_DATA_REPLY, P_RS_DATA_REPLY ->
          DATA_FIXED + dialect.digestBytes() + SECTOR_BYTES;
      case P_COMPRESSED_BITMAP -> 2;
      case P_AUTH_RESPONSE -> 1;
      case P_OV_REPLY, P_CSUM_RS_REQUEST -> BLOCK_REQUEST_FIXED + 1;
      case P_RS_CSUM_DAGTAG_REQ, P_OV_DAGTAG_REPLY -> DAGTAG_REQUEST_FIXED + 1;
      case P_PROTOCOL, P_PROTOCOL_UPDATE ->
          PROTOCOL_FIXED + (dialect.protocolVersion() >= 87 ? 1 : 0);
      case P_SYNC_PARAM -> dialect.protocolVersion() >= 88 ? 5 : 4;
      default -> exact(command, dialect);
    };
  }

  private static int max(Command command, WireDialect dialect) {
    return switch (command) {
      case P_DATA, P_DATA_REPLY, P_RS_DATA_REPLY ->
          DATA_FIXED + dialect.digestBytes() + BULK_BYTES_MAX;
      case P_BITMAP, P_COMPRESSED_BITMAP -> dialect.roomBytes();
      case P_UUIDS110 -> UUIDS110_FIXED + (32 + 32) * Long.BYTES;
      case P_AUTH_RESPONSE -> WireDialect.DIGEST_BYTES_MAX;
      case P_OV_REPLY, P_CSUM_RS_REQUEST -> BLOCK_REQUEST_FIXED + WireDialect.DIGEST_BYTES_MAX;
      case P_RS_CSUM_DAGTAG_REQ, P_OV_DAGTAG_REPLY ->
          DAGTAG_REQUEST_FIXED + WireDialect.DIGEST_BYTES_MAX;
      case P_PROTOCOL, P_PROTOCOL_UPDATE ->
          PROTOCOL_FIXED + (dialect.protocolVersion() >= 87 ? NAME_BYTES_MAX : 0);
      case P_SYNC_PARAM -> dialect.protocolVersion() >= 88 ? 4 + NAME_BYTES_MAX : 4;
      default -> exact(command, dialect);
    };
  }

  /** The length of a packet that has only one. */
  private static int exact(Command command, WireDialect dialect) {
    return switch (command) {
      case P_INITIAL_META, P_INITIAL_DATA, P_PING, P_PING_ACK, P_UNPLUG_REMOTE, P_DISCONNECT -> 0;
      case P_STATE, P_STATE_CHG_REPLY, P_CONN_ST_CHG_REPLY -> 4;
      case P_ENABLE_REPLICATION_NEXT, P_ENABLE_REPLICATION -> 4;
      case P_BARRIER, P_BARRIER_ACK, P_DAGTAG, P_DELAY_PROBE, P_FLUSH_REQUESTS -> 8;
      case P_SYNC_UUID, P_STATE_CHG_REQ, P_CONN_ST_CHG_REQ -> 8;
      case P_PEER_DAGTAG, P_FLUSH_FORWARD, P_FLUSH_REQUESTS_ACK -> 12;
      case P_OUT_OF_SYNC, P_RS_DEALLOCATED, P_PEER_ACK, P_CURRENT_UUID -> 16;
      case P_DATA_REQUEST, P_RS_DATA_REQUEST, P_RS_THIN_REQ, P_OV_REQUEST -> BLOCK_REQUEST_FIXED;
      case P_RECV_ACK, P_WRITE_ACK, P_RS_WRITE_ACK, P_SUPERSEDED, P_NEG_ACK, P_NEG_DREPLY -> 24;
      case P_NEG_RS_DREPLY, P_OV_RESULT, P_RS_IS_IN_SYNC, P_RS_CANCEL, P_RETRY_WRITE -> 24;
      case P_RS_CANCEL_AHEAD, P_WRITE_ACK_IN_SYNC, P_RS_NEG_ACK, P_RS_DEALLOCATED_ID -> 24;
      case P_CONFIRM_STABLE, P_PEERS_IN_SYNC -> 24;
      case P_TRIM, P_ZEROES -> 28;
      case P_RS_DAGTAG_REQ, P_RS_THIN_DAGTAG_REQ, P_OV_DAGTAG_REQ -> DAGTAG_REQUEST_FIXED;
      case P_OV_RESULT_ID, P_TWOPC_YES, P_TWOPC_NO, P_TWOPC_RETRY -> 32;
      case P_TWOPC_PREPARE, P_TWOPC_ABORT, P_TWOPC_PREP_RSZ, P_TWOPC_COMMIT -> 36;
      case P_UUIDS -> 48;
      case P_SIZES -> dialect.has(Feature.WSAME) ? 56 : 32;
      case P_AUTH_CHALLENGE -> 64;
      case P_CONNECTION_FEATURES -> 72;
      case P_SYNC_PARAM89 -> dialect.protocolVersion() >= 95 ? 148 : 132;
      case P_BITMAP -> 0;
      case P_UUIDS110 -> UUIDS110_FIXED;
      default -> throw new IllegalStateException("no length known of " + command);
    };
  }
}
