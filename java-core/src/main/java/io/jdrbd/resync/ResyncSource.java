package io.jdrbd.resync;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.loop.Loop;
import io.jdrbd.replication.DataGate;
import io.jdrbd.replication.ProtocolViolation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Answers a resync target: reads what is asked for, sends it, and keeps the range from being
 * written until the target has acknowledged it (spec 6.6, 6.9). While applications use the disk,
 * one request in a tenth of a second is answered, unless the resync is slower than {@code
 * c-min-rate}.
 */
public final class ResyncSource {
  /** So many may be asked for and not be acknowledged; beyond, the data stream has to wait. */
  static final int REQUESTS_MAX = 4096;

  private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ResyncVolume volume;
  private final SourceLine line;
  private final SourceTerms terms;
  private final DataGate gate;
  private final Map<Long, SourceRequest> unacknowledged = new HashMap<>();
  private final ArrayDeque<SourceRequest> idle = new ArrayDeque<>();
  private final ArrayDeque<SourceRequest> slowedDown = new ArrayDeque<>();
  private final Throttle throttle;
  private final Pace pace;
  private Optional<Loop.Timer> step = Optional.empty();
  private ResyncRate limits;
  private long failedBlocks;
  private long equalBlocks;
  private boolean ended;

  /**
   * @param gate of the stream that requests come on
   */
  public ResyncSource(ResyncVolume volume, SourceLine line, SourceTerms terms, DataGate gate) {
    this.volume = volume;
    this.line = line;
    this.terms = terms;
    this.gate = gate;
    this.limits = terms.rate();
    this.throttle = new Throttle(volume.applicationBytes());
    this.pace = new Pace(volume.loop().nanoTime(), volume.marked());
  }

  /** Another rate from now on. */
  public void setRate(ResyncRate changed) {
    limits = changed;
  }

  /** The target asks. */
  public void requested(long id, long offsetBytes, int lengthBytes, SourceWish wish)
      throws ProtocolViolation {
    if (unacknowledged.containsKey(offsetBytes)) {
      throw new ProtocolViolation(
          "sector %d is asked for a second time before the first was acknowledged"
              .formatted(offsetBytes >>> 9));
    }
    SourceRequest request = idle.isEmpty() ? new SourceRequest(this) : idle.remove();
    unacknowledged.put(offsetBytes, request);
    if (unacknowledged.size() == REQUESTS_MAX) {
      gate.hold();
    }
    request.set(id, offsetBytes, lengthBytes, wish);
    if (slowedDown.isEmpty() && !isThrottled()) {
      request.start();
    } else {
      slowedDown.add(request);
      nextStep();
    }
  }

  private boolean isThrottled() {
    long speedKib = pace.speedKib(volume.loop().nanoTime(), volume.marked());
    return !terms.peerIsPrimary().getAsBoolean() && throttle.applies(limits.minKib(), speedKib);
  }

  private void nextStep() {
    if (step.isEmpty()) {
      step = Optional.of(volume.loop().schedule(STEP_NS, this::step));
    }
  }

  private void step() {
    step = Optional.empty();
    do {
      slowedDown.remove().start();
    } while (!slowedDown.isEmpty() && !isThrottled());
    if (!slowedDown.isEmpty()) {
      nextStep();
    }
  }

  /**
   * The target has written an answer, or could not.
   *
   * @param written whether it is on its disk
   */
  public void acknowledged(long offsetBytes, int lengthBytes, boolean written)
      throws ProtocolViolation {
    SourceRequest request = unacknowledged.get(offsetBytes);
    if (request == null || !request.isSent() || request.runBytes() != lengthBytes) {
      throw new ProtocolViolation(
          "ack of a resync of %d bytes at sector %d, which was not sent"
              .formatted(lengthBytes, offsetBytes >>> 9));
    }
    if (written) {
      volume.setInSync(offsetBytes, lengthBytes);
    } else {
      failedBlocks += blocks(request);
    }
    pace.goesOn(volume.loop().nanoTime(), volume.marked());
    remove(request);
  }

  /** Blocks that could not be read here or written there. */
  public long failedBlocks() {
    return failedBlocks;
  }

  /** How far it has come. */
  public Progress progress() {
    return pace.progress(volume.loop().nanoTime(), volume.marked(), failedBlocks)
        .withEqual(equalBlocks);
  }

  /** The target asks for nothing for now. */
  public void pause() {
    pace.pause(volume.loop().nanoTime());
  }

  /** The target goes on. */
  public void resume() {
    pace.resume(volume.loop().nanoTime());
  }

  /** The resync is over or the connection lost: nothing more is sent. */
  public void end() {
    ended = true;
    step.ifPresent(Loop.Timer::cancel);
    List<SourceRequest> left = new ArrayList<>(unacknowledged.values());
    left.forEach(SourceRequest::abort);
    if (unacknowledged.size() == REQUESTS_MAX) {
      gate.release();
    }
    unacknowledged.clear();
    slowedDown.clear();
  }

  /** Requests that the target has not acknowledged. */
  public int unacknowledged() {
    return unacknowledged.size();
  }

  ResyncVolume volume() {
    return volume;
  }

  SourceLine line() {
    return line;
  }

  BufferPool buffers() {
    return terms.buffers();
  }

  Optional<BlockDigest> checksum() {
    return terms.checksum();
  }

  boolean hasEnded() {
    return ended;
  }

  /** Could not be read; the target was told. */
  void failed(SourceRequest request) {
    failedBlocks += blocks(request);
    remove(request);
  }

  /** The target has the same data, and was told so: it will not say anything more of it. */
  void wasEqual(SourceRequest request) {
    volume.setInSync(request.startBytes(), request.runBytes());
    equalBlocks += blocks(request);
    pace.goesOn(volume.loop().nanoTime(), volume.marked());
    remove(request);
  }

  private int blocks(SourceRequest request) {
    return Math.ceilDiv(
        request.runBytes(), volume.disk().bitmap().area().granularity().bytesPerBit());
  }

  private void remove(SourceRequest request) {
    if (unacknowledged.size() == REQUESTS_MAX) {
      gate.release();
    }
    unacknowledged.remove(request.startBytes());
    request.release();
    idle.add(request);
  }
}
