package io.jdrbd.resync;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.replication.RangeKind;
import io.jdrbd.replication.RangeUser;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One block of a verify: knows whether somebody writes it while it is compared, and reads it. Used
 * again after its end.
 */
final class VerifyRead extends DiskRequest {

  /** Is told what was read. */
  @FunctionalInterface
  interface Listener {
    /**
     * It was read.
     *
     * @param digest of what was read; empty if it could not be
     */
    void read(VerifyRead block, Optional<byte[]> digest);
  }

  private final ResyncVolume volume;
  private final VerifyTerms terms;
  private final BooleanSupplier ended;
  private final Listener listener;
  private final RangeUser range;
  private PooledBuffer data = PooledBuffer.NONE;
  private long id;
  private long start;
  private int length;
  private boolean disturbed;
  private boolean reads;

  /**
   * @param ended whether nobody wants to know any more
   */
  VerifyRead(ResyncVolume volume, VerifyTerms terms, BooleanSupplier ended, Listener listener) {
    this.volume = volume;
    this.terms = terms;
    this.ended = ended;
    this.listener = listener;
    this.range =
        new RangeUser() {
          @Override
          public void rangeGranted() {
            throw new IllegalStateException("a verify waits for nobody");
          }

          @Override
          public void disturbed() {
            disturbed = true;
          }
        };
  }

  /** From now on writes are noticed. */
  void watch(long requestId, long offset, int lengthBytes) {
    id = requestId;
    start = offset;
    length = lengthBytes;
    disturbed = false;
    reads = false;
    volume.acquire(range, RangeKind.VERIFY, offset, lengthBytes);
  }

  /** Reads it; the listener is told. */
  void read() {
    reads = true;
    terms.buffers().allocate(length, volume.loop(), this::readInto);
  }

  private void readInto(PooledBuffer buffer) {
    data = buffer;
    if (ended.getAsBoolean()) {
      free();
    } else {
      read(start, length, data, 0);
      volume.disk().data().submit(this);
    }
  }

  @Override
  public void complete() {
    if (ended.getAsBoolean()) {
      free();
    } else {
      tell(Optional.of(terms.digest().of(data, length)));
    }
  }

  @Override
  public void fail(DiskException error) {
    volume.events().dataFailed(Op.READ, error);
    if (ended.getAsBoolean()) {
      free();
    } else {
      tell(Optional.empty());
    }
  }

  private void tell(Optional<byte[]> digest) {
    free();
    listener.read(this, digest);
  }

  private void free() {
    data.release();
    data = PooledBuffer.NONE;
    volume.ranges().release(range);
  }

  /** Nobody wants to know any more; a read in flight ends by itself. */
  void forget() {
    if (!reads) {
      volume.ranges().release(range);
    }
  }

  boolean isReading() {
    return reads;
  }

  /** Whether somebody has written it since {@link #watch}. */
  boolean isDisturbed() {
    return disturbed;
  }

  long id() {
    return id;
  }

  long startBytes() {
    return start;
  }

  int runBytes() {
    return length;
  }
}
