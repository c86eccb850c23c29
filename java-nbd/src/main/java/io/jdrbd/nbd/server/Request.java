package io.jdrbd.nbd.server;

import io.jdrbd.nbd.protocol.CommandFlag;
import io.jdrbd.nbd.protocol.NbdCommand;
import io.jdrbd.nbd.protocol.NbdError;
import io.jdrbd.nbd.protocol.RequestHeader;

/**
 * One request of a client, from its header to its reply. It is carried out by one {@link Piece} or
 * by several. Used again for later requests of the connection.
 */
final class Request {
  private NbdCommand command = NbdCommand.DISC;
  private int flags;
  private long cookie;
  private long offsetBytes;
  private long lengthBytes;
  private long begunBytes;
  private int piecesInFlight;
  private NbdError error = NbdError.NONE;
  private boolean abandoned;

  Request begin(NbdCommand newCommand, RequestHeader header) {
    command = newCommand;
    flags = header.flags();
    cookie = header.cookie();
    offsetBytes = header.offsetBytes();
    lengthBytes = header.lengthBytes();
    begunBytes = 0;
    piecesInFlight = 0;
    error = NbdError.NONE;
    abandoned = false;
    return this;
  }

  NbdCommand command() {
    return command;
  }

  boolean has(CommandFlag flag) {
    return flag.isIn(flags);
  }

  long cookie() {
    return cookie;
  }

  long offsetBytes() {
    return offsetBytes;
  }

  long lengthBytes() {
    return lengthBytes;
  }

  /** Where the next piece begins. */
  long nextOffsetBytes() {
    return offsetBytes + begunBytes;
  }

  /** How much is not yet covered by pieces. */
  long remainingBytes() {
    return lengthBytes - begunBytes;
  }

  /** A piece of this length was begun. */
  void pieceBegun(long bytes) {
    begunBytes += bytes;
    piecesInFlight++;
  }

  /** A piece has ended. The first error is the one that is answered. */
  void pieceEnded(NbdError pieceError) {
    piecesInFlight--;
    fail(pieceError);
  }

  void fail(NbdError newError) {
    if (error == NbdError.NONE) {
      error = newError;
    }
  }

  int piecesInFlight() {
    return piecesInFlight;
  }

  NbdError error() {
    return error;
  }

  boolean failed() {
    return error != NbdError.NONE;
  }

  /** The client is gone before it had sent all: no more pieces, no reply. */
  void abandon() {
    abandoned = true;
  }

  boolean abandoned() {
    return abandoned;
  }

  /** Whether nothing is left to be begun or waited for. */
  boolean ended() {
    return piecesInFlight == 0 && (remainingBytes() == 0 || abandoned);
  }
}
