package io.jdrbd.resync;

import io.jdrbd.replication.DataGate;
import io.jdrbd.replication.ProtocolViolation;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Answers a verify: reads the blocks that the peer asks for, sends their digests, and marks what
 * the peer finds to differ (spec 6.18).
 */
public final class VerifyTarget {
  /** So many may be asked for and not be read; beyond, the data stream has to wait. */
  private static final int READS_MAX = 4096;

  /** Is told the end. */
  @FunctionalInterface
  public interface Listener {
    /** Every block up to the end of the volume is compared. */
    void finished();
  }

  private final ResyncVolume volume;
  private final VerifyLine line;
  private final VerifyTerms terms;
  private final DataGate gate;
  private final boolean cancels;
  private final Listener listener;
  private final ArrayDeque<VerifyRead> idle = new ArrayDeque<>();

  /** Blocks that were written while they were read, where the peer cannot be told. */
  private final Set<Long> disturbed = new HashSet<>();

  private Optional<VerifyCount> count = Optional.empty();
  private int reading;
  private boolean ended;

  /**
   * @param gate of the stream that requests come on
   * @param cancels whether the peer is told of a block that is written while it is read: from
   *     protocol version 110 on
   */
  public VerifyTarget(
      ResyncVolume volume,
      VerifyLine line,
      VerifyTerms terms,
      DataGate gate,
      boolean cancels,
      Listener listener) {
    this.volume = volume;
    this.line = line;
    this.terms = terms;
    this.gate = gate;
    this.cancels = cancels;
    this.listener = listener;
  }

  /** The peer asks for a block; with the first one it says where it begins. */
  public void requested(long id, long offsetBytes, int lengthBytes) {
    if (count.isEmpty()) {
      int blockBytes = volume.disk().bitmap().area().granularity().bytesPerBit();
      count = Optional.of(new VerifyCount(volume, offsetBytes / blockBytes));
    }
    VerifyRead block =
        idle.isEmpty() ? new VerifyRead(volume, terms, () -> ended, this::read) : idle.remove();
    reading++;
    if (reading == READS_MAX) {
      gate.hold();
    }
    block.watch(id, offsetBytes, lengthBytes);
    block.read();
  }

  /** What cannot be read has the digest zero. */
  private void read(VerifyRead block, Optional<byte[]> digest) {
    if (reading == READS_MAX) {
      gate.release();
    }
    reading--;
    long start = block.startBytes();
    int length = block.runBytes();
    idle.add(block);
    if (block.isDisturbed() && cancels) {
      line.cancel(volume.number(), block.id(), start, length);
      done(start, length, VerifyResult.SKIPPED);
      return;
    }
    if (block.isDisturbed()) {
      disturbed.add(start);
    }
    byte[] told = digest.orElseGet(() -> new byte[terms.digest().bytes()]);
    line.digest(volume.number(), block.id(), start, length, told);
  }

  /** The peer has compared a block. */
  public void result(long offsetBytes, int lengthBytes, VerifyResult result)
      throws ProtocolViolation {
    if (count.isEmpty()) {
      throw new ProtocolViolation(
          "result of a verify at sector %d, which was not asked for".formatted(offsetBytes >>> 9));
    }
    boolean unsure = disturbed.remove(offsetBytes);
    done(offsetBytes, lengthBytes, unsure ? VerifyResult.SKIPPED : result);
  }

  private void done(long offsetBytes, int lengthBytes, VerifyResult result) {
    VerifyCount counted = count.orElseThrow();
    counted.done(offsetBytes, lengthBytes, result);
    if (counted.left() == 0) {
      listener.finished();
    }
  }

  /** How far it has come; empty before the first block. */
  public Optional<Progress> progress() {
    return count.map(counted -> counted.progress(-1));
  }

  /**
   * Nothing more is sent or told.
   *
   * @param complete whether it is over; otherwise the connection is lost
   */
  public Optional<VerifyReport> end(boolean complete) {
    ended = true;
    if (reading >= READS_MAX) {
      gate.release();
    }
    return count.map(counted -> counted.report(complete));
  }
}
