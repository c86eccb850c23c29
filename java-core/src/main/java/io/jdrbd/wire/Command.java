package io.jdrbd.wire;

import static io.jdrbd.wire.StreamKind.CONTROL;
import static io.jdrbd.wire.StreamKind.DATA;

import java.util.Arrays;
import java.util.Locale;

/** Every packet that DRBD 8.4 or 9 sends, with its number and stream (spec 1.14). */
public enum Command {
  P_DATA(0x00, DATA),
  P_DATA_REPLY(0x01, DATA),
  P_RS_DATA_REPLY(0x02, DATA),
  P_BARRIER(0x03, DATA),
  P_BITMAP(0x04, DATA),
  P_UNPLUG_REMOTE(0x07, DATA),
  P_DATA_REQUEST(0x08, DATA),
  P_RS_DATA_REQUEST(0x09, DATA),
  P_SYNC_PARAM(0x0a, DATA),
  P_PROTOCOL(0x0b, DATA),
  P_UUIDS(0x0c, DATA),
  P_SIZES(0x0d, DATA),
  P_STATE(0x0e, DATA),
  P_SYNC_UUID(0x0f, DATA),
  P_AUTH_CHALLENGE(0x10, DATA),
  P_AUTH_RESPONSE(0x11, DATA),
  P_STATE_CHG_REQ(0x12, DATA),
  P_PING(0x13, CONTROL),
  P_PING_ACK(0x14, CONTROL),
  P_RECV_ACK(0x15, CONTROL),
  P_WRITE_ACK(0x16, CONTROL),
  P_RS_WRITE_ACK(0x17, CONTROL),
  P_SUPERSEDED(0x18, CONTROL),
  P_NEG_ACK(0x19, CONTROL),
  P_NEG_DREPLY(0x1a, CONTROL),
  P_NEG_RS_DREPLY(0x1b, CONTROL),
  P_BARRIER_ACK(0x1c, CONTROL),
  P_STATE_CHG_REPLY(0x1d, CONTROL),
  P_OV_REQUEST(0x1e, DATA),
  P_OV_REPLY(0x1f, DATA),
  P_OV_RESULT(0x20, CONTROL),
  P_CSUM_RS_REQUEST(0x21, DATA),
  P_RS_IS_IN_SYNC(0x22, CONTROL),
  P_SYNC_PARAM89(0x23, DATA),
  P_COMPRESSED_BITMAP(0x24, DATA),
  /** Of old tests; read on both streams and ignored. */
  P_DELAY_PROBE(0x27, DATA),
  P_OUT_OF_SYNC(0x28, DATA),
  P_RS_CANCEL(0x29, CONTROL),
  P_CONN_ST_CHG_REQ(0x2a, DATA),
  P_CONN_ST_CHG_REPLY(0x2b, CONTROL),
  P_RETRY_WRITE(0x2c, CONTROL),
  P_PROTOCOL_UPDATE(0x2d, DATA),
  P_TWOPC_PREPARE(0x2e, DATA),
  P_TWOPC_ABORT(0x2f, DATA),
  P_DAGTAG(0x30, DATA),
  P_TRIM(0x31, DATA),
  P_RS_THIN_REQ(0x32, DATA),
  P_RS_DEALLOCATED(0x33, DATA),
  P_TWOPC_PREP_RSZ(0x35, DATA),
  P_ZEROES(0x36, DATA),
  P_PEER_ACK(0x40, CONTROL),
  P_PEERS_IN_SYNC(0x41, CONTROL),
  P_UUIDS110(0x42, DATA),
  P_PEER_DAGTAG(0x43, DATA),
  P_CURRENT_UUID(0x44, DATA),
  P_TWOPC_YES(0x45, CONTROL),
  P_TWOPC_NO(0x46, CONTROL),
  P_TWOPC_COMMIT(0x47, DATA),
  P_TWOPC_RETRY(0x48, CONTROL),
  P_CONFIRM_STABLE(0x49, CONTROL),
  P_RS_CANCEL_AHEAD(0x4a, CONTROL),
  P_DISCONNECT(0x4b, DATA),
  P_RS_DAGTAG_REQ(0x4c, DATA),
  P_RS_CSUM_DAGTAG_REQ(0x4d, DATA),
  P_RS_THIN_DAGTAG_REQ(0x4e, DATA),
  P_OV_DAGTAG_REQ(0x4f, DATA),
  P_OV_DAGTAG_REPLY(0x50, DATA),
  P_WRITE_ACK_IN_SYNC(0x51, CONTROL),
  P_RS_NEG_ACK(0x52, CONTROL),
  P_OV_RESULT_ID(0x53, CONTROL),
  P_RS_DEALLOCATED_ID(0x54, DATA),
  P_FLUSH_REQUESTS(0x55, DATA),
  P_FLUSH_FORWARD(0x56, CONTROL),
  P_FLUSH_REQUESTS_ACK(0x57, DATA),
  P_ENABLE_REPLICATION_NEXT(0x58, DATA),
  P_ENABLE_REPLICATION(0x59, DATA),
  P_INITIAL_META(0xfff1, CONTROL),
  P_INITIAL_DATA(0xfff2, DATA),
  P_CONNECTION_FEATURES(0xfffe, DATA);

  private static final Command[] BY_CODE = byCode(0x5a);

  private final int code;
  private final StreamKind stream;

  Command(int code, StreamKind stream) {
    this.code = code;
    this.stream = stream;
  }

  /** Its number in the header. */
  public int code() {
    return code;
  }

  /** The stream it is sent on. */
  public StreamKind stream() {
    return stream;
  }

  /**
   * The command with this number.
   *
   * @throws WireException if there is none, or if it must not come on this stream
   */
  static Command of(int code, StreamKind stream) throws WireException {
    Command command = find(code);
    if (command.stream != stream && command != P_DELAY_PROBE) {
      throw new WireException(command, "came on the " + words(stream) + ", must come on the other");
    }
    return command;
  }

  private static Command find(int code) throws WireException {
    if (code < BY_CODE.length && BY_CODE[code].code == code) {
      return BY_CODE[code];
    }
    return switch (code) {
      case 0xfff1 -> P_INITIAL_META;
      case 0xfff2 -> P_INITIAL_DATA;
      case 0xfffe -> P_CONNECTION_FEATURES;
      case 0x05, 0x06, 0x25, 0x26, 0x34 ->
          throw new WireException("command 0x%02x is reserved, no DRBD sends it".formatted(code));
      default ->
          throw new WireException(
              "command 0x%02x is not known, the last one is %s (0x%02x)"
                  .formatted(code, P_ENABLE_REPLICATION, P_ENABLE_REPLICATION.code));
    };
  }

  private static String words(StreamKind stream) {
    return stream.name().toLowerCase(Locale.ROOT) + " stream";
  }

  /** Indexed by number; a hole holds some command of another number. */
  private static Command[] byCode(int size) {
    Command[] commands = new Command[size];
    Arrays.fill(commands, P_CONNECTION_FEATURES);
    for (Command command : values()) {
      if (command.code < size) {
        commands[command.code] = command;
      }
    }
    return commands;
  }
}
