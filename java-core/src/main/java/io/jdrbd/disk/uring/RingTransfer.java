package io.jdrbd.disk.uring;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.natives.uring.Opcode;
import io.jdrbd.natives.uring.Sqe;
import java.lang.foreign.MemorySegment;

/**
 * One read, write or flush on its way through the ring, in as many steps as it takes. Used again
 * and again by its disk.
 */
final class RingTransfer {
  /** A step that moves nothing is repeated so often where the kernel says "again". */
  private static final int ATTEMPTS_MAX = 16;

  private final UringDisk disk;
  private final int fd;
  private final String path;
  private DiskRequest request;
  private int doneBytes;
  private int attempts;

  RingTransfer(UringDisk disk, int fd, String path, DiskRequest first) {
    this.disk = disk;
    this.fd = fd;
    this.path = path;
    this.request = first;
  }

  RingTransfer with(DiskRequest next) {
    request = next;
    doneBytes = 0;
    attempts = 0;
    return this;
  }

  DiskRequest request() {
    return request;
  }

  /**
   * Fills an entry for the next step.
   *
   * @param slot what the completion brings back
   */
  void prepare(MemorySegment entry, int slot, RegisteredMemory registered) {
    Sqe.userData(entry, slot);
    switch (request.op()) {
      case READ -> prepareMove(entry, registered, Opcode.READ, Opcode.READ_FIXED);
      case WRITE -> {
        prepareMove(entry, registered, Opcode.WRITE, Opcode.WRITE_FIXED);
        Sqe.operationFlags(entry, request.fua() ? Sqe.RWF_DSYNC : 0);
      }
      case FLUSH -> Sqe.operationFlags(Sqe.operation(entry, Opcode.FSYNC, fd), Sqe.FSYNC_DATASYNC);
      case DISCARD, WRITE_ZEROES ->
          throw new IllegalStateException(request.op() + " does not go through the ring");
    }
  }

  private void prepareMove(MemorySegment entry, RegisteredMemory registered, int plain, int fixed) {
    long address = request.buffer().memoryAddress() + request.bufferOffsetBytes() + doneBytes;
    int lengthBytes = remainingBytes();
    boolean isFixed = registered.contains(address, lengthBytes);
    Sqe.operation(entry, isFixed ? fixed : plain, fd);
    Sqe.offset(entry, request.offsetBytes() + doneBytes);
    Sqe.memory(entry, address, lengthBytes);
    Sqe.bufferIndex(entry, 0);
  }

  private int remainingBytes() {
    return (int) request.lengthBytes() - doneBytes;
  }

  /**
   * Takes the answer to a step.
   *
   * @param result bytes moved, or a negative error number
   */
  void completed(int result) {
    switch (request.op()) {
      case READ, WRITE -> moved(result);
      case FLUSH, DISCARD, WRITE_ZEROES -> {
        if (result < 0) {
          stepFailed(-result);
        } else {
          disk.completed(this);
        }
      }
    }
  }

  private void moved(int result) {
    if (result < 0) {
      stepFailed(-result);
    } else if (result == 0) {
      disk.failed(this, nothingMoved());
    } else {
      doneBytes += result;
      attempts = 0;
      if (remainingBytes() == 0) {
        disk.completed(this);
      } else {
        disk.again(this);
      }
    }
  }

  private DiskException nothingMoved() {
    return request.op() == DiskRequest.Op.READ
        ? error(Errno.EIO, "the disk ends before this; it has become smaller since it was opened")
        : error(Errno.ENOSPC, "nothing more is accepted here");
  }

  private void stepFailed(int errnoNumber) {
    Errno errno = Errno.of(errnoNumber);
    boolean again = errno == Errno.EAGAIN || errno == Errno.EINTR;
    if (again && ++attempts < ATTEMPTS_MAX) {
      disk.again(this);
    } else if (errno == Errno.EOPNOTSUPP && request.fua()) {
      disk.handOver(this);
    } else {
      disk.failed(this, error(errno, again ? "tried " + attempts + " times" : ""));
    }
  }

  private DiskException error(Errno errno, String reason) {
    String operation =
        switch (request.op()) {
          case READ -> "io_uring read";
          case WRITE -> "io_uring write";
          case FLUSH, DISCARD, WRITE_ZEROES -> "io_uring fsync";
        };
    return request.op() == DiskRequest.Op.FLUSH
        ? DiskException.ofWhole(errno, operation, path, reason)
        : new DiskException(
            errno, operation, path, request.offsetBytes() + doneBytes, remainingBytes(), reason);
  }
}
