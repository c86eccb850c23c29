package io.jdrbd.nbd.server;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.loop.Loop;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads that are answered in several chunks: begins their pieces one after another, no faster than
 * the client takes the data and than memory is free, so that smaller requests pass them by.
 */
final class LongReads {
  private static final int PIECES_IN_FLIGHT = 4;

  private final BufferPool pool;
  private final Loop loop;
  private final Channel channel;
  private final Submit submit;

  /** Those that have pieces left to begin; the first one is served. */
  private final ArrayDeque<Request> requests = new ArrayDeque<>();

  private boolean awaitsMemory;

  LongReads(BufferPool pool, Loop loop, Channel channel, Submit submit) {
    this.pool = pool;
    this.loop = loop;
    this.channel = channel;
    this.submit = submit;
  }

  void begin(Request request) {
    requests.add(request);
    proceed();
  }

  void remove(Request request) {
    requests.remove(request);
  }

  /** Forgets all; answers those that had pieces left to begin. */
  List<Request> removeAll() {
    List<Request> removed = new ArrayList<>(requests);
    requests.clear();
    return removed;
  }

  /** Begins what can be begun. Called whenever something has changed. */
  void proceed() {
    while (!awaitsMemory && mayBegin()) {
      int lengthBytes = nextBytes();
      Optional<PooledBuffer> buffer = pool.tryAllocate(lengthBytes);
      if (buffer.isPresent()) {
        beginPiece(buffer.get(), lengthBytes);
      } else {
        awaitsMemory = true;
        pool.allocate(lengthBytes, loop, this::granted);
      }
    }
  }

  private boolean mayBegin() {
    return !requests.isEmpty()
        && requests.element().piecesInFlight() < PIECES_IN_FLIGHT
        && channel.isWritable();
  }

  private int nextBytes() {
    return (int) Math.min(Piece.MAX_BYTES, requests.element().remainingBytes());
  }

  /** The first request may be another one than when the memory was asked for, or there is none. */
  private void granted(PooledBuffer buffer) {
    awaitsMemory = false;
    if (mayBegin() && buffer.capacity() >= nextBytes()) {
      beginPiece(buffer, nextBytes());
    } else {
      buffer.release();
    }
    proceed();
  }

  private void beginPiece(PooledBuffer buffer, int lengthBytes) {
    Request request = requests.element();
    if (request.remainingBytes() == lengthBytes) {
      requests.remove();
    }
    submit.read(request, buffer, lengthBytes);
  }

  /** Hands a piece of a read to the disk. */
  interface Submit {
    void read(Request request, PooledBuffer into, int lengthBytes);
  }
}
