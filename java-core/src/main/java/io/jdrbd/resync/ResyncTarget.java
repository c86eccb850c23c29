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
 * Gets what the own bitmap marks from the source: asks for runs of marked blocks, at most a window
 * of them at a time, writes what comes and acknowledges it (spec 6.5, 6.7). Walks the bitmap again
 * as long as marks are left and nothing failed.
 */
public final class ResyncTarget {
  /** Largest request: 1 MiB. */
  private static final int REQUEST_BLOCKS_MAX = 256;

  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

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
  private final int windowBlocks;
  private final int blockBytes;
  private final Map<Long, TargetRequest> outstanding = new HashMap<>();
  private final ArrayDeque<TargetRequest> idle = new ArrayDeque<>();
  private final Pace pace;
  private Optional<Loop.Timer> timer = Optional.empty();
  private long cursor;
  private long failedBlocks;
  private int blocksInFlight;
  private boolean paused;
  private boolean ended;
  private long lastId;

  /**
   * @param windowBlocks how many blocks of 4 KiB may be asked for and not be written ({@code
   *     max-buffers})
   */
  public ResyncTarget(ResyncVolume volume, TargetLine line, int windowBlocks, Listener listener) {
    this.volume = volume;
    this.line = line;
    this.windowBlocks = windowBlocks;
    this.listener = listener;
    this.blockBytes = volume.disk().bitmap().area().granularity().bytesPerBit();
    this.pace = new Pace(volume.loop().nanoTime(), volume.marked());
  }

  /** Begins to ask; the end is never told from within. */
  public void start() {
    later(0);
  }

  /** Asks for nothing more for now; what was asked for goes on. */
  public void pause() {
    paused = true;
    pace.pause(volume.loop().nanoTime());
  }

  /** Ends a pause: from the start of the bitmap again. */
  public void resume() {
    paused = false;
    pace.resume(volume.loop().nanoTime());
    cursor = 0;
    later(0);
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
    return pace.progress(volume.loop().nanoTime(), volume.marked(), failedBlocks);
  }

  /** There is room to send again. */
  public void writable() {
    ask();
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
    blocksInFlight -= request.blocks();
    request.release();
    idle.add(request);
    ask();
  }

  private void later(long delayNs) {
    timer.ifPresent(Loop.Timer::cancel);
    timer = Optional.of(volume.loop().schedule(delayNs, this::ask));
  }

  private void ask() {
    if (ended) {
      return;
    }
    while (!paused && blocksInFlight < windowBlocks && line.isWritable()) {
      long first = volume.disk().bitmap().next(volume.slot(), cursor);
      if (first == Bitmap.NO_BIT) {
        endOfPass();
        return;
      }
      ask(first, run(first));
    }
  }

  /** How many marked blocks from here on make one request: aligned by its own length. */
  private int run(long first) {
    int most =
        first == 0
            ? REQUEST_BLOCKS_MAX
            : (int) Math.min(Long.lowestOneBit(first), REQUEST_BLOCKS_MAX);
    int blocks = 1;
    Bitmap bitmap = volume.disk().bitmap();
    while (blocks < most
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
    TargetRequest request = idle.isEmpty() ? new TargetRequest(this) : idle.remove();
    outstanding.put(offsetBytes, request);
    blocksInFlight += blocks;
    request.ask(++lastId, offsetBytes, (int) (end - offsetBytes), blocks);
  }

  private void endOfPass() {
    if (!outstanding.isEmpty()) {
      return;
    }
    if (volume.marked() > 0 && failedBlocks == 0) {
      cursor = 0;
      later(PAUSE_NS);
    } else {
      ended = true;
      timer.ifPresent(Loop.Timer::cancel);
      volume.loop().execute(() -> listener.finished(failedBlocks));
    }
  }
}
