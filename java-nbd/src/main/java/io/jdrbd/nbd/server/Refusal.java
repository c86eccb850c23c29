package io.jdrbd.nbd.server;

import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.nbd.protocol.CommandFlag;
import io.jdrbd.nbd.protocol.ExportInfo;
import io.jdrbd.nbd.protocol.NbdCommand;
import io.jdrbd.nbd.protocol.NbdError;
import io.jdrbd.nbd.protocol.ReplyMode;

/** Why a request is answered with an error before it reaches the disk, and with which. */
enum Refusal {
  /** It is not refused. */
  NONE(NbdError.NONE, ""),
  UNKNOWN_COMMAND(NbdError.EINVAL, "unknown command"),
  WRONG_FLAG(NbdError.EINVAL, "flag is not valid with this command"),
  NOT_NEGOTIATED(NbdError.EINVAL, "was not negotiated"),
  READ_ONLY(NbdError.EPERM, "export is read-only"),
  BEYOND_END(NbdError.EINVAL, "range is beyond the end"),
  NO_SPACE(NbdError.ENOSPC, "range is beyond the end"),
  EMPTY(NbdError.EINVAL, "length is zero"),
  UNALIGNED(NbdError.EINVAL, "range is not aligned to the block size"),
  TOO_LONG(NbdError.EINVAL, "length is over the maximum payload"),
  NO_MEMORY(NbdError.ENOMEM, "payload is larger than the buffer pool"),
  BAD_PAYLOAD(NbdError.EINVAL, "payload is malformed");

  private final NbdError error;
  private final String text;

  Refusal(NbdError error, String text) {
    this.error = error;
    this.text = text;
  }

  NbdError error() {
    return error;
  }

  /** For people, sent where the protocol has room for it. */
  String text() {
    return text;
  }

  /**
   * What was agreed on with a client.
   *
   * @param readOnly whether the export may only be read
   * @param blockStatus whether a metadata context was selected
   */
  record Agreement(ReplyMode mode, boolean readOnly, boolean blockStatus) {}

  /** Judges command and flags. */
  static Refusal ofFlags(NbdCommand command, int flags, Agreement agreed) {
    if (!command.allows(flags)) {
      return WRONG_FLAG;
    }
    if ((CommandFlag.DF.isIn(flags) && !agreed.mode().chunked())
        || (CommandFlag.PAYLOAD_LEN.isIn(flags) && !agreed.mode().extended())
        || (command == NbdCommand.BLOCK_STATUS && !agreed.blockStatus())) {
      return NOT_NEGOTIATED;
    }
    return agreed.readOnly() && changes(command) ? READ_ONLY : NONE;
  }

  /**
   * Judges the range of a request; offset and length are unsigned, as they came.
   *
   * @param geometry of the export's disk
   */
  static Refusal ofRange(
      NbdCommand command, long offsetBytes, long lengthBytes, DiskGeometry geometry) {
    if (command == NbdCommand.FLUSH || command == NbdCommand.DISC) {
      return NONE;
    }
    if (offsetBytes < 0
        || lengthBytes < 0
        || offsetBytes > geometry.sizeBytes()
        || lengthBytes > geometry.sizeBytes() - offsetBytes) {
      return command == NbdCommand.WRITE || command == NbdCommand.WRITE_ZEROES
          ? NO_SPACE
          : BEYOND_END;
    }
    if (lengthBytes == 0) {
      return EMPTY;
    }
    if (offsetBytes % geometry.logicalBlockBytes() != 0
        || lengthBytes % geometry.logicalBlockBytes() != 0) {
      return UNALIGNED;
    }
    if (command == NbdCommand.READ && lengthBytes > ExportInfo.MAX_PAYLOAD_BYTES) {
      return TOO_LONG;
    }
    return command == NbdCommand.TRIM && !geometry.canDiscard() ? NOT_NEGOTIATED : NONE;
  }

  private static boolean changes(NbdCommand command) {
    return switch (command) {
      case WRITE, TRIM, WRITE_ZEROES -> true;
      case READ, DISC, FLUSH, CACHE, BLOCK_STATUS -> false;
    };
  }
}
