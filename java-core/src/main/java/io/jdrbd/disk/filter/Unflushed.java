package io.jdrbd.disk.filter;

import io.jdrbd.disk.DiskRequest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A write that a {@link TornDisk} keeps in memory.
 *
 * @param offsetBytes where it belongs on the disk
 * @param lengthBytes how much it is
 * @param data its data; empty where it writes zeroes
 * @param durable it is on the disk already and is kept only because it came after others
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Unflushed(long offsetBytes, long lengthBytes, byte[] data, boolean durable) {
  private static final byte[] ZEROES = {};

  static Unflushed of(DiskRequest request) {
    byte[] data = ZEROES;
    if (request.op() == DiskRequest.Op.WRITE) {
      data = new byte[(int) request.lengthBytes()];
      MemorySegment from = request.buffer().segment();
      MemorySegment.copy(
          from, request.bufferOffsetBytes(), MemorySegment.ofArray(data), 0, data.length);
    }
    return new Unflushed(request.offsetBytes(), request.lengthBytes(), data, request.fua());
  }

  boolean isZeroes() {
    return data.length == 0;
  }

  long endBytes() {
    return offsetBytes + lengthBytes;
  }

  /** Puts its part of what a read has read from the disk over it. */
  void overlay(DiskRequest read) {
    long start = Math.max(offsetBytes, read.offsetBytes());
    long length = Math.min(endBytes(), read.offsetBytes() + read.lengthBytes()) - start;
    if (length <= 0) {
      return;
    }
    long at = read.bufferOffsetBytes() + (start - read.offsetBytes());
    MemorySegment into = read.buffer().segment().asSlice(at, length);
    if (isZeroes()) {
      into.fill((byte) 0);
    } else {
      into.copyFrom(MemorySegment.ofArray(data).asSlice(start - offsetBytes, length));
    }
  }

  /** What is left of it after the power failed: all, nothing, or some of its sectors. */
  List<Unflushed> survivors(Random random, int sectorBytes) {
    if (durable) {
      return List.of(this);
    }
    return switch (random.nextInt(3)) {
      case 0 -> List.of(this);
      case 1 -> List.of();
      default -> isZeroes() ? prefix(random, sectorBytes) : torn(random, sectorBytes);
    };
  }

  /** A large range of zeroes is torn in one place only, so that it stays cheap. */
  private List<Unflushed> prefix(Random random, int sectorBytes) {
    long sectors = random.nextLong(lengthBytes / sectorBytes + 1);
    return sectors == 0
        ? List.of()
        : List.of(new Unflushed(offsetBytes, sectors * sectorBytes, data, false));
  }

  private List<Unflushed> torn(Random random, int sectorBytes) {
    List<Unflushed> left = new ArrayList<>();
    for (long position = offsetBytes; position < endBytes(); ) {
      long next = Math.min(endBytes(), (position / sectorBytes + 1) * sectorBytes);
      if (random.nextBoolean()) {
        int from = (int) (position - offsetBytes);
        int to = (int) (next - offsetBytes);
        left.add(
            new Unflushed(position, next - position, Arrays.copyOfRange(data, from, to), false));
      }
      position = next;
    }
    return left;
  }
}
