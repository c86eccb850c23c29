package io.jdrbd.nbd.server;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.nbd.protocol.CommandFlag;
import io.jdrbd.nbd.protocol.NbdCommand;
import io.jdrbd.nbd.protocol.NbdError;
import io.jdrbd.nbd.protocol.RequestHeader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;

/**
 * Carries out the requests of one connection: hands pieces to the disk, and answers when they have
 * ended. Nothing is allocated for a request in the steady state.
 */
final class RequestRunner implements Piece.End {
  private static final Logger LOG = System.getLogger(RequestRunner.class.getName());

  private final ReplyWriter replies;
  private final ExportCounters counters;
  private final Piece.Pieces pieces;
  private final LongReads longReads;
  private final BlockDisk disk;
  private final Runnable progressed;
  private final ArrayDeque<Request> free = new ArrayDeque<>();
  private int requestsInFlight;
  private long heldBytes;
  private boolean mute;

  /**
   * @param progressed called when requests have ended, so that more may be taken
   */
  RequestRunner(
      BlockDisk disk,
      ReplyWriter replies,
      ExportCounters counters,
      Connection connection,
      Runnable progressed) {
    this.replies = replies;
    this.counters = counters;
    this.pieces = new Piece.Pieces(disk, this);
    this.longReads =
        new LongReads(connection.pool(), connection.loop(), connection.channel(), this::submitRead);
    this.disk = disk;
    this.progressed = progressed;
  }

  int requestsInFlight() {
    return requestsInFlight;
  }

  /** How much memory is filled by the client or in use by the disk. */
  long heldBytes() {
    return heldBytes;
  }

  /** A request that is worked on from now until its reply. */
  Request begin(NbdCommand command, RequestHeader header) {
    requestsInFlight++;
    Request request = free.isEmpty() ? new Request() : free.pop();
    return request.begin(command, header);
  }

  /** Answers a request with an error without beginning it. */
  void refuse(RequestHeader header, Refusal refusal) {
    counters.failed();
    boolean chunked =
        NbdCommand.READ.number() == header.type()
            || NbdCommand.BLOCK_STATUS.number() == header.type();
    if (chunked) {
      replies.error(refusal.error(), header.cookie(), header.offsetBytes(), refusal.text());
    } else {
      replies.status(refusal.error(), header.cookie(), header.offsetBytes());
    }
  }

  /** Whether a read is answered in several chunks. */
  boolean isLongRead(Request request) {
    return request.lengthBytes() > Piece.MAX_BYTES
        && replies.mode().chunked()
        && !request.has(CommandFlag.DF);
  }

  /** Begins a read that is answered with one run of data. */
  void read(Request request, PooledBuffer into) {
    submitRead(request, into, (int) request.lengthBytes());
  }

  /** Begins a read that is answered in chunks. */
  void readLong(Request request) {
    longReads.begin(request);
  }

  /** A part of a write's payload, to be filled by the client. */
  Piece writePiece(Request request, PooledBuffer buffer, int lengthBytes) {
    heldBytes += lengthBytes;
    return pieces.take(request, buffer, lengthBytes);
  }

  /** Begins to write a part whose payload has arrived. */
  void write(Piece piece) {
    Request request = piece.request();
    piece.write(
        request.nextOffsetBytes(),
        piece.payloadBytes(),
        piece.payload(),
        0,
        request.has(CommandFlag.FUA));
    request.pieceBegun(piece.payloadBytes());
    pieces.submit(piece);
  }

  /** A write whose payload will not arrive: the client is gone. */
  void abandon(Request request) {
    request.abandon();
    endIfDone(request);
  }

  /** A part of a write's payload that will not arrive: the client is gone. */
  void dropPiece(Piece piece) {
    heldBytes -= piece.payloadBytes();
    pieces.giveBack(piece);
  }

  /** Begins a request that has no payload and is not a read or block status. */
  void run(Request request) {
    boolean fua = request.has(CommandFlag.FUA);
    Piece piece = pieces.take(request, PooledBuffer.NONE, 0);
    request.pieceBegun(request.lengthBytes());
    switch (request.command()) {
      case FLUSH -> piece.flush();
      case TRIM -> {
        piece.discard(request.offsetBytes(), request.lengthBytes());
        if (fua) {
          piece.thenFlush();
        }
      }
      case WRITE_ZEROES ->
          piece.writeZeroes(
              request.offsetBytes(),
              request.lengthBytes(),
              !request.has(CommandFlag.NO_HOLE),
              fua,
              request.has(CommandFlag.FAST_ZERO));
      case CACHE, READ, WRITE, DISC, BLOCK_STATUS ->
          throw new IllegalArgumentException(request.command() + " is not run this way");
    }
    pieces.submit(piece);
  }

  /** Answers a request that needs nothing to be done. */
  void succeed(Request request) {
    request.pieceBegun(request.lengthBytes());
    request.pieceEnded(NbdError.NONE);
    finish(request);
  }

  /** Answers a request with an error that was found after it was begun. */
  void fail(Request request, NbdError error) {
    request.pieceBegun(request.lengthBytes());
    request.pieceEnded(error);
    finish(request);
  }

  /**
   * Answers what is allocated.
   *
   * @param lengthBytes of the range, which begins at the request's offset
   */
  void status(Request request, long lengthBytes) {
    disk.extents(
        request.offsetBytes(),
        lengthBytes,
        extents -> {
          if (!mute) {
            BlockStatus.reply(replies, request, lengthBytes, extents);
          }
          release(request);
          progressed.run();
        });
  }

  /** The socket takes more. */
  void writable() {
    longReads.proceed();
  }

  /** Sends nothing any more: the channel is closed. */
  void mute() {
    mute = true;
    longReads.removeAll().forEach(this::abandon);
  }

  @Override
  public void succeeded(Piece piece) {
    ended(piece, NbdError.NONE);
  }

  @Override
  public void failed(Piece piece, DiskException error) {
    LOG.log(Level.DEBUG, () -> "request failed: " + error.getMessage());
    ended(piece, NbdError.of(error.errno()));
  }

  private void submitRead(Request request, PooledBuffer into, int lengthBytes) {
    heldBytes += lengthBytes;
    Piece piece = pieces.take(request, into, lengthBytes);
    piece.read(request.nextOffsetBytes(), lengthBytes, into, 0);
    request.pieceBegun(lengthBytes);
    pieces.submit(piece);
  }

  private void ended(Piece piece, NbdError error) {
    Request request = piece.request();
    request.pieceEnded(error);
    heldBytes -= piece.payloadBytes();
    if (request.command() == NbdCommand.READ) {
      sendRead(request, piece);
    }
    pieces.giveBack(piece);
    endIfDone(request);
    longReads.proceed();
    progressed.run();
  }

  private void sendRead(Request request, Piece piece) {
    if (request.failed() || mute) {
      return;
    }
    boolean done = request.piecesInFlight() == 0 && request.remainingBytes() == 0;
    PooledBuffer data = piece.takePayload();
    data.setIndex(0, piece.payloadBytes());
    replies.data(done, request.cookie(), request.offsetBytes(), piece.offsetBytes(), data);
  }

  private void endIfDone(Request request) {
    if (request.command() == NbdCommand.READ && request.failed()) {
      longReads.remove(request);
      request.abandon();
    }
    if (request.ended()) {
      finish(request);
    }
  }

  private void finish(Request request) {
    if (request.failed()) {
      counters.failed();
    } else {
      count(request);
    }
    if (!mute && !(request.abandoned() && !request.failed())) {
      reply(request);
    }
    release(request);
  }

  private void reply(Request request) {
    if (request.command() != NbdCommand.READ) {
      replies.status(request.error(), request.cookie(), request.offsetBytes());
    } else if (request.failed()) {
      replies.error(request.error(), request.cookie(), request.offsetBytes(), "read failed");
    }
  }

  private void release(Request request) {
    requestsInFlight--;
    free.push(request);
  }

  private void count(Request request) {
    switch (request.command()) {
      case READ -> counters.read(request.lengthBytes());
      case WRITE -> counters.written(request.lengthBytes());
      case FLUSH -> counters.flushed();
      case TRIM -> counters.discarded();
      case WRITE_ZEROES -> counters.zeroed();
      case CACHE, BLOCK_STATUS, DISC -> {}
    }
  }
}
