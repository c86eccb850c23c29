package io.jdrbd.replication;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import java.util.Optional;

/** One write of a peer from its arrival to its ack. Used again after its end. */
final class IncomingWrite extends DiskRequest {
  private static final IncomingWrites.Manner NO_MANNER =
      new IncomingWrites.Manner(false, false, false, false, false);

  private final IncomingWrites stream;
  private final RangeUser range;
  private Optional<IncomingVolume> volume = Optional.empty();
  private IncomingWrites.Manner manner = NO_MANNER;
  private PooledBuffer payload = PooledBuffer.NONE;
  private long id;
  private boolean hereOnly;

  IncomingWrite(IncomingWrites stream) {
    this.stream = stream;
    this.range =
        new RangeUser() {
          @Override
          public void rangeGranted() {
            write();
          }
        };
  }

  void join(IncomingVolume to, long id, IncomingWrites.Manner manner, PooledBuffer payload) {
    this.volume = Optional.of(to);
    this.id = id;
    this.manner = manner;
    this.payload = payload;
  }

  IncomingVolume volume() {
    return volume.orElseThrow();
  }

  long id() {
    return id;
  }

  IncomingWrites.Manner manner() {
    return manner;
  }

  void begin() {
    hereOnly = volume().markIfHereOnly(offsetBytes(), lengthBytes());
    if (volume()
        .ranges()
        .acquire(range, RangeKind.PEER_WRITE, volume().peer(), offsetBytes(), lengthBytes())) {
      write();
    }
  }

  private void write() {
    if (manner.flushBefore()) {
      volume().flush(this::submit, () -> stream.flushFailed(volume()));
    } else {
      submit();
    }
  }

  private void submit() {
    volume().write(this, hereOnly);
  }

  /** Changes this node's marks, and says what the ack has to say. */
  AckLine.Kind mark(Optional<DiskException> error) {
    if (error.isPresent()) {
      volume().setOutOfSync(offsetBytes(), lengthBytes());
      return AckLine.Kind.FAILED;
    }
    if (manner.mayTakeMarksAway() && volume().isResyncing()) {
      volume().setInSync(offsetBytes(), lengthBytes());
      return AckLine.Kind.WRITTEN_IN_SYNC;
    }
    return AckLine.Kind.WRITTEN;
  }

  /** Frees what it holds. */
  void leave() {
    volume().ranges().release(range);
    payload.release();
    payload = PooledBuffer.NONE;
  }

  @Override
  public void complete() {
    stream.ended(this, Optional.empty());
  }

  @Override
  public void fail(DiskException error) {
    volume().failed(op(), error);
    stream.ended(this, Optional.of(error));
  }
}
