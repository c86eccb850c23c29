package io.jdrbd.nbd.server;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * A part of a client's request as a request to the disk. Most requests have one; payloads of more
 * than {@link #MAX_BYTES} have several, so that no request needs a large run of memory at once and
 * a large one does not hold up small ones. Used again for later pieces of the connection.
 */
final class Piece extends DiskRequest {
  /** The longest payload of a piece where there may be several. */
  static final int MAX_BYTES = 1 << 20;

  private final Pieces pieces;
  private final Optional<Piece> present = Optional.of(this);
  private Request request;
  private PooledBuffer payload = PooledBuffer.NONE;
  private int payloadBytes;
  private boolean flushNext;

  private Piece(Pieces pieces, Request request) {
    this.pieces = pieces;
    this.request = request;
  }

  /** This piece, as an Optional that is made once. */
  Optional<Piece> present() {
    return present;
  }

  Request request() {
    return request;
  }

  /** Its memory, owned by this piece until {@link #takePayload}; NONE if it has none. */
  PooledBuffer payload() {
    return payload;
  }

  /** How long the payload is; the buffer may be longer. */
  int payloadBytes() {
    return payloadBytes;
  }

  /** Hands the buffer and its reference to the caller. */
  PooledBuffer takePayload() {
    PooledBuffer taken = payload;
    payload = PooledBuffer.NONE;
    return taken;
  }

  /** After success, makes the result durable before the piece ends. */
  void thenFlush() {
    flushNext = true;
  }

  @Override
  public void complete() {
    if (flushNext) {
      flushNext = false;
      pieces.submit(flush());
    } else {
      pieces.end.succeeded(this);
    }
  }

  @Override
  public void fail(DiskException error) {
    pieces.end.failed(this, error);
  }

  /** Is told on the loop how a piece has ended. */
  interface End {
    void succeeded(Piece piece);

    void failed(Piece piece, DiskException error);
  }

  /** The pieces of one connection. */
  static final class Pieces {
    private final ArrayDeque<Piece> free = new ArrayDeque<>();
    private final BlockDisk disk;
    private final End end;

    Pieces(BlockDisk disk, End end) {
      this.disk = disk;
      this.end = end;
    }

    /** A piece of a request; takes the payload's reference over. */
    Piece take(Request request, PooledBuffer payload, int payloadBytes) {
      Piece piece = free.isEmpty() ? new Piece(this, request) : free.pop();
      piece.request = request;
      piece.payload = payload;
      piece.payloadBytes = payloadBytes;
      piece.flushNext = false;
      return piece;
    }

    /** Takes a piece back that has ended; releases its payload if it still has it. */
    void giveBack(Piece piece) {
      if (piece.payload.capacity() > 0) {
        piece.takePayload().release();
      }
      free.push(piece);
    }

    void submit(DiskRequest piece) {
      disk.submit(piece);
    }
  }
}
