package io.jdrbd.replication;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import java.util.Optional;

/**
 * An application's write, discard or write of zeroes, cut into pieces that one packet and one
 * transaction of the activity log can take. Used again after its end.
 */
final class ApplicationWrite {
  private final ReplicatedDisk disk;
  private DiskRequest request;
  private Optional<DiskException> error = Optional.empty();
  private int pieces;

  ApplicationWrite(ReplicatedDisk disk, DiskRequest first) {
    this.disk = disk;
    this.request = first;
  }

  /**
   * Cuts and starts.
   *
   * @param pieceBytes no piece is longer, and none crosses a multiple of it
   */
  void start(DiskRequest application, long pieceBytes) {
    request = application;
    error = Optional.empty();
    pieces = 1;
    long end = request.offsetBytes() + request.lengthBytes();
    long from = request.offsetBytes();
    while (from < end) {
      long to = Math.min(end, (from / pieceBytes + 1) * pieceBytes);
      pieces++;
      startPiece(from, to - from);
      from = to;
    }
    pieces--;
    if (pieces == 0) {
      disk.order().loop().execute(this::end);
    }
  }

  private void startPiece(long offsetBytes, long lengthBytes) {
    Write write = disk.newWrite();
    switch (request.op()) {
      case WRITE ->
          write.write(
              offsetBytes,
              (int) lengthBytes,
              request.buffer(),
              request.bufferOffsetBytes() + (int) (offsetBytes - request.offsetBytes()),
              request.fua());
      case DISCARD -> write.writeZeroes(offsetBytes, lengthBytes, true, false, false);
      case WRITE_ZEROES ->
          write.writeZeroes(offsetBytes, lengthBytes, request.mayDiscard(), request.fua(), false);
      case READ, FLUSH -> throw new IllegalStateException(request.op() + " changes nothing");
    }
    write.start(this);
  }

  void pieceDone() {
    pieces--;
    if (pieces == 0) {
      end();
    }
  }

  private void end() {
    DiskRequest ended = request;
    Optional<DiskException> why = error;
    disk.ended(this, ended);
    if (why.isPresent()) {
      ended.fail(why.get());
    } else {
      ended.complete();
    }
  }

  void pieceFailed(DiskException why) {
    error = Optional.of(why);
    pieceDone();
  }
}
