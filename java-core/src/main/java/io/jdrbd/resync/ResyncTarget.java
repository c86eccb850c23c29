package io.jdrbd.resync;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.replication.ProtocolViolation;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Gets what the own bitmap marks from the source: asks for runs of marked blocks, as many at a time
 * as the rate allows, writes what comes and acknowledges it (spec 6.5, 6.7). Walks the bitmap again
 * as long as marks are left and nothing failed.
 */
public final class ResyncTarget {
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int SECTOR_BYTES = 512;

  /** Is told the end. */
  public interface Listener {
    /**
     * Nothing is left to ask for, and everything is answered and acknowledged.
     *
     * @param failedBlocks that stay marked
     */
    void finished(long failedBlocks);
  }

  private final ResyncVolume volume;
  private final TargetLine line;
  private final Listener listener;
  private final TargetTerms terms;
  private final int blockBytes;
  private final int thinBlocks;
  private final int requestBlocksMax;
  private final RateController rate;
  private final Throttle throttle;
  private final Map<Long, TargetRequest> outstanding = new HashMap<>();
  private final ArrayDeque<TargetRequest> idle = new ArrayDeque<>();
  private final Pace pace;
  private Optional<Loop.Timer> timer = Optional.empty();
  private ResyncRate limits;
  private long cursor;
  private long failedBlocks;
  private long equalBlocks;
  private boolean waitsForLine;
  private boolean passIsOver;
  private boolean restarts;
  private boolean paused;
  private boolean ended;
  private long lastId;

  /** Does not ask before {@link #start}. */
  public ResyncTarget(ResyncVolume volume, TargetLine line, TargetTerms terms, Listener listener) {
    long now = volume.loop().nanoTime();
    this.volume = volume;
    this.line = line;
    this.terms = terms;
    this.listener = listener;
    this.limits = terms.rate();
    this.blockBytes = volume.disk().bitmap().area().granularity().bytesPerBit();
    this.thinBlocks = terms.thinBytes() / blockBytes;
    this.requestBlocksMax = Math.max(1, terms.requestBytesMax() / blockBytes);
    this.rate = new RateController(limits, terms.blocksMax(), now);
    this.throttle = new Throttle(volume.applicationBytes());
    this.pace = new Pace(now, volume.marked());
  }

  /** Begins to ask; the end is never told from within. */
  public void start() {
    later(0);
  }

  /** Another rate from now on. */
  public void setRate(ResyncRate changed) {
    limits = changed;
    rate.setRate(changed);
  }

  /** Asks for nothing more for now; what was asked for goes on. */
  public void pause() {
    paused = true;
    pace.pause(volume.loop().nanoTime());
  }

  /** Ends a pause: from the start of the bitmap again. */
  public void resume() {
    if (paused) {
      paused = false;
      pace.resume(volume.loop().nanoTime());
      restarts = true;
      if (outstanding.isEmpty()) {
        allAreAnswered();
      }
    }
  }

  /** The connection is lost or the resync is given up: nothing more is sent or told. */
  public void abort() {
    ended = true;
    timer.ifPresent(Loop.Timer::cancel);
    for (TargetRequest request : outstanding.values()) {
      request.abort();
    }
    outstanding.clear();
  }

  /** How far it has come. */
  public Progress progress() {
    return pace.progress(volume.loop().nanoTime(), volume.marked(), failedBlocks)
        .withEqual(equalBlocks)
        .withWanted(rate.wantedKib());
  }

  /** Requests that are not answered, or whose data is not written. */
  public int outstanding() {
    return outstanding.size();
  }

  /** Sectors of them. */
  public long outstandingSectors() {
    return outstanding.values().stream().mapToLong(TargetRequest::lengthBytes).sum() / SECTOR_BYTES;
  }

  /** There is room to send again. */
  public void writable() {
    if (waitsForLine) {
      batch();
    }
  }

  /**
   * Whether this is what was asked for: data of that length may be received.
   *
   * @throws ProtocolViolation it was not asked for
   */
  public void expect(long offsetBytes, int lengthBytes) throws ProtocolViolation {
    find(offsetBytes, lengthBytes);
  }

  /**
   * Data has arrived.
   *
   * @param data from its start; the reference is taken over
   */
  public void data(long offsetBytes, int lengthBytes, PooledBuffer data) throws ProtocolViolation {
    find(offsetBytes, lengthBytes).write(data);
  }

  /** The source says that the range reads as zeroes. */
  public void deallocated(long offsetBytes, int lengthBytes) throws ProtocolViolation {
    find(offsetBytes, lengthBytes).writeZeroes();
  }

  /** The source has the same data. */
  public void isInSync(long offsetBytes, int lengthBytes) throws ProtocolViolation {
    TargetRequest request = find(offsetBytes, lengthBytes);
    volume.setInSync(offsetBytes, lengthBytes);
    equalBlocks += request.blocks();
    pace.goesOn(volume.loop().nanoTime(), volume.marked());
    remove(request);
  }

  /** The source cannot read it; the marks stay. */
  public void refused(long offsetBytes, int lengthBytes) throws ProtocolViolation {
    TargetRequest request = find(offsetBytes, lengthBytes);
    failedBlocks += request.blocks();
    remove(request);
  }

  /** The source does not want to answer now; the blocks are asked for again. */
  public void cancelled(long offsetBytes, int lengthBytes) throws ProtocolViolation {
    remove(find(offsetBytes, lengthBytes));
  }

  private TargetRequest find(long offsetBytes, int lengthBytes) throws ProtocolViolation {
    TargetRequest request = outstanding.get(offsetBytes);
    if (request == null || !request.isAsked() || request.lengthBytes() != lengthBytes) {
      throw new ProtocolViolation(
          "resync answer of %d bytes at sector %d, which was not asked for"
              .formatted(lengthBytes, offsetBytes >>> 9));
    }
    return request;
  }

  ResyncVolume volume() {
    return volume;
  }

  TargetLine line() {
    return line;
  }

  TargetTerms terms() {
    return terms;
  }

  boolean hasEnded() {
    return ended;
  }

  /** A request's data is on the disk, or could not be written; it was acknowledged. */
  void answered(TargetRequest request, boolean written) {
    failedBlocks += written ? 0 : request.blocks();
    pace.goesOn(volume.loop().nanoTime(), volume.marked());
    remove(request);
  }

  private void remove(TargetRequest request) {
    outstanding.remove(request.offsetBytes());
    rate.answered(request.lengthBytes() / SECTOR_BYTES);
    request.release();
    idle.add(request);
    if (outstanding.isEmpty()) {
      allAreAnswered();
    }
  }

  private void allAreAnswered() {
    if (paused) {
      return;
    }
    if (restarts) {
      restarts = false;
      passIsOver = false;
      cursor = 0;
      later(0);
    } else if (passIsOver) {
      endOfPass();
    } else {
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
    if (ended || paused || passIsOver || restarts) {
      return;
    }
    waitsForLine = !line.isWritable();
    if (waitsForLine) {
      later(PAUSE_NS);
      return;
    }
    askFor(rate.nextBatch(volume.loop().nanoTime()));
    if (passIsOver && outstanding.isEmpty()) {
      endOfPass();
    } else {
      later(rate.pauseNs());
    }
  }

  /** Requests are counted before they are sent, so that early answers find them. */
  private void askFor(int number) {
    int left = number > 0 ? Math.max(number, thinBlocks) : 0;
    long next = cursor;
    int last = 0;
    while (left > 0 && !isThrottled()) {
      long first = volume.disk().bitmap().next(volume.slot(), cursor);
      if (first == Bitmap.NO_BIT) {
        passIsOver = true;
        return;
      }
      if (first == next && left < last) {
        return;
      }
      last = run(first, RequestSize.most(first, left, requestBlocksMax));
      next = first + last;
      left -= last;
      ask(first, last);
    }
  }

  private boolean isThrottled() {
    long speedKib = pace.speedKib(volume.loop().nanoTime(), volume.marked());
    return throttle.applies(limits.minKib(), speedKib);
  }

  /** How many marked blocks from here on make one request. */
  private int run(long first, int most) {
    int blocks = 1;
    Bitmap bitmap = volume.disk().bitmap();
    while (blocks < most
        && blocks != thinBlocks
        && first + blocks < bitmap.bits()
        && bitmap.get(volume.slot(), first + blocks)) {
      blocks++;
    }
    return blocks;
  }

  private void ask(long first, int blocks) {
    cursor = first + blocks;
    long offsetBytes = first * blockBytes;
    if (outstanding.containsKey(offsetBytes)) {
      return;
    }
    long end = Math.min((first + blocks) * blockBytes, volume.disk().sizeBytes());
    int lengthBytes = (int) (end - offsetBytes);
    TargetRequest request = idle.isEmpty() ? new TargetRequest(this) : idle.remove();
    outstanding.put(offsetBytes, request);
    rate.requested(lengthBytes / SECTOR_BYTES);
    request.ask(++lastId, offsetBytes, lengthBytes, blocks);
  }

  private void endOfPass() {
    if (volume.marked() > 0 && failedBlocks == 0) {
      cursor = 0;
      passIsOver = false;
      later(PAUSE_NS);
    } else {
      ended = true;
      timer.ifPresent(Loop.Timer::cancel);
      volume.loop().execute(() -> listener.finished(failedBlocks));
    }
  }
}
