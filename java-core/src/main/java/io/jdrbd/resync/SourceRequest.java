package io.jdrbd.resync;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.replication.RangeKind;
import io.jdrbd.replication.RangeUser;

/** One request to a resync source, until the target has acknowledged it. Used again after that. */
final class SourceRequest extends DiskRequest {
  private enum Phase {
    WAITS,
    READS,
    SENT
  }

  private final ResyncSource source;
  private final RangeUser range;
  private Phase phase = Phase.WAITS;
  private PooledBuffer data = PooledBuffer.NONE;
  private long id;
  private long offset;
  private int length;
  private SourceWish wish = SourceWish.DATA;

  SourceRequest(ResyncSource source) {
    this.source = source;
    this.range =
        new RangeUser() {
          @Override
          public void rangeGranted() {
            allocate();
          }
        };
  }

  void set(long requestId, long offsetBytes, int lengthBytes, SourceWish wanted) {
    phase = Phase.WAITS;
    id = requestId;
    offset = offsetBytes;
    length = lengthBytes;
    wish = wanted;
  }

  void start() {
    if (source.volume().acquire(range, RangeKind.RESYNC_READ, offset, length)) {
      allocate();
    }
  }

  private void allocate() {
    phase = Phase.READS;
    source.buffers().allocate(length, source.volume().loop(), this::read);
  }

  private void read(PooledBuffer into) {
    data = into;
    if (source.hasEnded()) {
      free();
    } else {
      read(offset, length, data, 0);
      source.volume().disk().data().submit(this);
    }
  }

  boolean isSent() {
    return phase == Phase.SENT;
  }

  long startBytes() {
    return offset;
  }

  int runBytes() {
    return length;
  }

  @Override
  public void complete() {
    if (source.hasEnded()) {
      free();
      return;
    }
    phase = Phase.SENT;
    SourceLine line = source.line();
    int number = source.volume().number();
    switch (wish.answer(source.checksum(), data, length)) {
      case EQUAL -> {
        releaseData();
        line.inSync(number, id, offset, length);
        source.wasEqual(this);
      }
      case ZEROES -> line.deallocated(number, id, offset, length);
      case DATA -> line.reply(number, id, offset, length, data);
    }
    releaseData();
  }

  @Override
  public void fail(DiskException error) {
    source.volume().events().dataFailed(Op.READ, error);
    if (source.hasEnded()) {
      free();
      return;
    }
    releaseData();
    source.line().failed(source.volume().number(), id, offset, length);
    source.failed(this);
  }

  /** Gives the range up. */
  void release() {
    source.volume().ranges().release(range);
  }

  /** Nothing more is sent; a read in flight ends by itself and then gives up its range. */
  void abort() {
    if (phase != Phase.READS) {
      release();
    }
  }

  private void free() {
    releaseData();
    release();
  }

  private void releaseData() {
    data.release();
    data = PooledBuffer.NONE;
  }
}
