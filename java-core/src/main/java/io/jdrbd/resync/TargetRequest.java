package io.jdrbd.resync;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.replication.RangeKind;
import io.jdrbd.replication.RangeUser;
import java.util.Optional;

/** One request of a resync target, until what came is written. Used again after its end. */
final class TargetRequest {
  private enum Phase {
    IDLE,
    WAITS_FOR_RANGE,
    COMPARES,
    ASKED,
    WAITS_TO_WRITE,
    WRITING
  }

  private final ResyncTarget target;
  private final RangeUser range;
  private final DiskRequest io;
  private final DiskRequest comparison;
  private Phase phase = Phase.IDLE;
  private PooledBuffer data = PooledBuffer.NONE;
  private long id;
  private long offsetBytes;
  private int lengthBytes;
  private int blocks;

  TargetRequest(ResyncTarget target) {
    this.target = target;
    this.range =
        new RangeUser() {
          @Override
          public void rangeGranted() {
            if (phase == Phase.WAITS_FOR_RANGE) {
              begin();
            } else {
              submit();
            }
          }
        };
    this.comparison =
        new DiskRequest() {
          @Override
          public void complete() {
            compared(target.terms().checksum());
          }

          @Override
          public void fail(DiskException error) {
            target.volume().events().dataFailed(Op.READ, error);
            compared(Optional.empty());
          }
        };
    this.io =
        new DiskRequest() {
          @Override
          public void complete() {
            written();
          }

          @Override
          public void fail(DiskException error) {
            notWritten(op(), error);
          }
        };
  }

  void ask(long requestId, long offset, int length, int blockCount) {
    id = requestId;
    offsetBytes = offset;
    lengthBytes = length;
    blocks = blockCount;
    phase = Phase.WAITS_FOR_RANGE;
    if (target.volume().acquire(range, RangeKind.RESYNC_REQUEST, offsetBytes, lengthBytes)) {
      begin();
    }
  }

  private void begin() {
    if (target.terms().checksum().isEmpty()) {
      send();
      return;
    }
    phase = Phase.COMPARES;
    target.terms().buffers().allocate(lengthBytes, target.volume().loop(), this::read);
  }

  private void read(PooledBuffer into) {
    data = into;
    if (target.hasEnded()) {
      releaseData();
      release();
    } else {
      comparison.read(offsetBytes, lengthBytes, data, 0);
      target.volume().disk().data().submit(comparison);
    }
  }

  /** What cannot be read is asked for as if it were not there: to write it may mend it. */
  private void compared(Optional<BlockDigest> checksum) {
    Optional<byte[]> digest = checksum.map(algorithm -> algorithm.of(data, lengthBytes));
    releaseData();
    if (target.hasEnded()) {
      release();
    } else if (digest.isPresent()) {
      phase = Phase.ASKED;
      target
          .line()
          .requestUnlessEqual(target.volume().number(), id, offsetBytes, lengthBytes, digest.get());
    } else {
      send();
    }
  }

  private void send() {
    phase = Phase.ASKED;
    if (lengthBytes == target.terms().thinBytes()) {
      target.line().requestThin(target.volume().number(), id, offsetBytes, lengthBytes);
    } else {
      target.line().request(target.volume().number(), id, offsetBytes, lengthBytes);
    }
  }

  boolean isAsked() {
    return phase == Phase.ASKED;
  }

  long offsetBytes() {
    return offsetBytes;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  int blocks() {
    return blocks;
  }

  void write(PooledBuffer arrived) {
    data = arrived;
    io.write(offsetBytes, lengthBytes, data, 0, false);
    waitToWrite();
  }

  void writeZeroes() {
    io.writeZeroes(offsetBytes, lengthBytes, true, false, false);
    waitToWrite();
  }

  private void waitToWrite() {
    phase = Phase.WAITS_TO_WRITE;
    if (target.volume().ranges().change(range, RangeKind.RESYNC_WRITE)) {
      submit();
    }
  }

  private void submit() {
    phase = Phase.WRITING;
    target.volume().disk().data().submit(io);
  }

  private void written() {
    target.volume().setInSync(offsetBytes, lengthBytes);
    end(true);
  }

  private void notWritten(DiskRequest.Op op, DiskException error) {
    target.volume().events().dataFailed(op, error);
    end(false);
  }

  private void end(boolean written) {
    releaseData();
    if (target.hasEnded()) {
      release();
    } else {
      target.line().ack(target.volume().number(), id, offsetBytes, lengthBytes, written);
      target.answered(this, written);
    }
  }

  /** Gives the range up. */
  void release() {
    phase = Phase.IDLE;
    target.volume().ranges().release(range);
  }

  /**
   * Nothing more will come; a read or write in flight ends by itself and then gives up its range.
   */
  void abort() {
    if (phase != Phase.WRITING && phase != Phase.COMPARES) {
      releaseData();
      release();
    }
  }

  private void releaseData() {
    data.release();
    data = PooledBuffer.NONE;
  }
}
