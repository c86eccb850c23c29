package io.jdrbd.resync;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.replication.DataGate;
import io.jdrbd.replication.ProtocolViolation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers a resync target: reads what is asked for, sends it, and keeps the range from being
 * written until the target has acknowledged it (spec 6.6, 6.9).
 */
public final class ResyncSource {
  /** So many may be asked for and not be acknowledged; beyond, the data stream has to wait. */
  static final int REQUESTS_MAX = 4096;

  private final ResyncVolume volume;
  private final SourceLine line;
  private final BufferPool buffers;
  private final DataGate gate;
  private final Map<Long, SourceRequest> unacknowledged = new HashMap<>();
  private final ArrayDeque<SourceRequest> idle = new ArrayDeque<>();
  private final Pace pace;
  private long failedBlocks;
  private boolean ended;

  /**
   * @param buffers where data is read into
   * @param gate of the stream that requests come on
   */
  public ResyncSource(ResyncVolume volume, SourceLine line, BufferPool buffers, DataGate gate) {
    this.volume = volume;
    this.line = line;
    this.buffers = buffers;
    this.gate = gate;
    this.pace = new Pace(volume.loop().nanoTime(), volume.marked());
  }

  /** The target asks. */
  public void requested(long id, long offsetBytes, int lengthBytes) throws ProtocolViolation {
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
    request.start(id, offsetBytes, lengthBytes);
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
      countFailed(lengthBytes);
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
    return pace.progress(volume.loop().nanoTime(), volume.marked(), failedBlocks);
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
    List<SourceRequest> left = new ArrayList<>(unacknowledged.values());
    left.forEach(SourceRequest::abort);
    if (unacknowledged.size() == REQUESTS_MAX) {
      gate.release();
    }
    unacknowledged.clear();
  }

  ResyncVolume volume() {
    return volume;
  }

  SourceLine line() {
    return line;
  }

  BufferPool buffers() {
    return buffers;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Could not be read; the target was told. */
  void failed(SourceRequest request) {
    countFailed(request.runBytes());
    remove(request);
  }

  private void countFailed(int lengthBytes) {
    failedBlocks +=
        Math.ceilDiv(lengthBytes, volume.disk().bitmap().area().granularity().bytesPerBit());
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
