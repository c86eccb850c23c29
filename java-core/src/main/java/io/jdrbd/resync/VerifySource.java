package io.jdrbd.resync;

import io.jdrbd.loop.Loop;
import io.jdrbd.replication.ProtocolViolation;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Compares the own disk with the peer's, block by block, without keeping anybody from writing: asks
 * for the digest of each block, reads its own, and tells the result (spec 6.18).
 */
public final class VerifySource {
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int SECTOR_BYTES = 512;

  /** Is told the end. */
  @FunctionalInterface
  public interface Listener {
    /** Every block of the range is compared. */
    void finished();
  }

  private final ResyncVolume volume;
  private final VerifyLine line;
  private final VerifyTerms terms;
  private final Listener listener;
  private final RateController rate;
  private final Throttle throttle;
  private final VerifyCount count;
  private final int blockBytes;
  private final Map<Long, VerifyRead> outstanding = new HashMap<>();
  private final Map<Long, byte[]> digests = new HashMap<>();
  private final ArrayDeque<VerifyRead> idle = new ArrayDeque<>();
  private Optional<Loop.Timer> timer = Optional.empty();
  private ResyncRate limits;
  private long cursor;
  private long stopBlock;
  private boolean waitsForLine;
  private boolean finished;
  private boolean ended;
  private long lastId;

  /**
   * Does not ask before {@link #start}.
   *
   * @param startBlock the first one that is compared
   * @param stopBlock where it stops; negative for the end of the volume
   */
  public VerifySource(
      ResyncVolume volume,
      VerifyLine line,
      VerifyTerms terms,
      long startBlock,
      long stopBlock,
      Listener listener) {
    this.volume = volume;
    this.line = line;
    this.terms = terms;
    this.listener = listener;
    this.limits = terms.rate();
    this.rate = new RateController(limits, terms.blocksMax(), volume.loop().nanoTime());
    this.throttle = new Throttle(volume.applicationBytes());
    this.blockBytes = volume.disk().bitmap().area().granularity().bytesPerBit();
    this.cursor = Math.min(startBlock, volume.disk().bitmap().bits() - 1);
    this.count = new VerifyCount(volume, cursor);
    this.stopBlock = stopBlock;
  }

  /** Begins to ask; the end is never told from within. */
  public void start() {
    later(0);
  }

  /** It is to stop elsewhere; negative for the end of the volume. */
  public void setStop(long block) {
    stopBlock = block;
    later(0);
  }

  /** Another rate from now on. */
  public void setRate(ResyncRate changed) {
    limits = changed;
    rate.setRate(changed);
  }

  /** There is room to send again. */
  public void writable() {
    if (waitsForLine) {
      batch();
    }
  }

  /** How far it has come. */
  public Progress progress() {
    return count.progress(stopBlock).withWanted(rate.wantedKib());
  }

  /**
   * Nothing more is sent or told.
   *
   * @param complete whether it is over; otherwise the connection is lost
   */
  public VerifyReport end(boolean complete) {
    ended = true;
    timer.ifPresent(Loop.Timer::cancel);
    outstanding.values().forEach(VerifyRead::forget);
    outstanding.clear();
    return count.report(complete);
  }

  /** Where another verify can go on: a block; 0 if nothing is left. */
  public long resumeBlock() {
    return count.left() == 0 ? 0 : count.positionBlock();
  }

  /** The peer has sent its digest of a block. */
  public void replied(long offsetBytes, int lengthBytes, byte[] digest) throws ProtocolViolation {
    VerifyRead block = find(offsetBytes, lengthBytes);
    digests.put(offsetBytes, digest);
    block.read();
  }

  /** The peer cannot compare it now. */
  public void cancelled(long offsetBytes, int lengthBytes) throws ProtocolViolation {
    VerifyRead block = find(offsetBytes, lengthBytes);
    block.forget();
    over(block, VerifyResult.SKIPPED);
  }

  /** Whether this block was asked for and not answered. */
  public boolean awaits(long offsetBytes) {
    return outstanding.containsKey(offsetBytes);
  }

  private VerifyRead find(long offsetBytes, int lengthBytes) throws ProtocolViolation {
    VerifyRead block = outstanding.get(offsetBytes);
    if (block == null || block.isReading() || block.runBytes() != lengthBytes) {
      throw new ProtocolViolation(
          "answer to a verify of %d bytes at sector %d, which was not asked for"
              .formatted(lengthBytes, offsetBytes / SECTOR_BYTES));
    }
    return block;
  }

  /** What cannot be read here is taken for different. */
  private void compared(VerifyRead block, Optional<byte[]> own) {
    byte[] theirs = digests.remove(block.startBytes());
    boolean equal = own.filter(digest -> MessageDigest.isEqual(digest, theirs)).isPresent();
    VerifyResult found = equal ? VerifyResult.IN_SYNC : VerifyResult.OUT_OF_SYNC;
    VerifyResult result = block.isDisturbed() ? VerifyResult.SKIPPED : found;
    line.verified(volume.number(), block.id(), block.startBytes(), block.runBytes(), result);
    over(block, result);
  }

  private void over(VerifyRead block, VerifyResult result) {
    outstanding.remove(block.startBytes());
    rate.answered(block.runBytes() / SECTOR_BYTES);
    count.done(block.startBytes(), block.runBytes(), result);
    idle.add(block);
    if (outstanding.isEmpty()) {
      later(rate.pauseAfterAllNs(volume.loop().nanoTime()));
    }
  }

  private void later(long delayNs) {
    if (!ended) {
      timer.ifPresent(Loop.Timer::cancel);
      timer = Optional.of(volume.loop().schedule(delayNs, this::batch));
    }
  }

  private void batch() {
    if (ended) {
      return;
    }
    if (cursor >= endBlock()) {
      finishIfAnswered();
      return;
    }
    waitsForLine = !line.isWritable();
    if (waitsForLine) {
      later(PAUSE_NS);
      return;
    }
    int number = rate.nextBatch(volume.loop().nanoTime());
    for (int asked = 0; asked < number && cursor < endBlock() && !isThrottled(); asked++) {
      ask();
    }
    later(rate.pauseNs());
  }

  private long endBlock() {
    long bits = volume.disk().bitmap().bits();
    return stopBlock < 0 ? bits : Math.min(stopBlock, bits);
  }

  private boolean isThrottled() {
    return throttle.applies(limits.minKib(), count.speedKib());
  }

  private void ask() {
    long offsetBytes = cursor * blockBytes;
    long end = Math.min(offsetBytes + blockBytes, volume.disk().sizeBytes());
    int lengthBytes = (int) (end - offsetBytes);
    VerifyRead block =
        idle.isEmpty() ? new VerifyRead(volume, terms, () -> ended, this::compared) : idle.remove();
    cursor++;
    outstanding.put(offsetBytes, block);
    rate.requested(lengthBytes / SECTOR_BYTES);
    block.watch(++lastId, offsetBytes, lengthBytes);
    line.verify(volume.number(), lastId, offsetBytes, lengthBytes);
  }

  private void finishIfAnswered() {
    if (outstanding.isEmpty() && !finished) {
      finished = true;
      listener.finished();
    }
  }
}
