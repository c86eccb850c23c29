package io.jdrbd.disk;

import java.util.Optional;

/** What every engine refuses before it does anything. */
public final class RequestRules {
  private RequestRules() {}

  /**
   * Why a request cannot be carried out on a disk of this geometry: out of range ({@code ENOSPC}
   * for what would store data there, {@code EINVAL} otherwise), misaligned, or longer than its
   * buffer.
   *
   * @param path the disk, for the error
   * @return empty where it can
   */
  public static Optional<DiskException> refusal(
      DiskRequest request, DiskGeometry geometry, String path) {
    return switch (request.op()) {
      case FLUSH -> Optional.empty();
      case DISCARD, WRITE_ZEROES -> rangeRefusal(request, geometry, path);
      case READ, WRITE -> {
        Optional<DiskException> refusal = rangeRefusal(request, geometry, path);
        yield refusal.isPresent() ? refusal : bufferRefusal(request, geometry, path);
      }
    };
  }

  private static Optional<DiskException> rangeRefusal(
      DiskRequest request, DiskGeometry geometry, String path) {
    long offset = request.offsetBytes();
    long length = request.lengthBytes();
    if (offset < 0 || length < 1) {
      return refused(Errno.EINVAL, request, path, "offset below 0 or length below 1");
    }
    if (length > geometry.sizeBytes() || offset > geometry.sizeBytes() - length) {
      return refused(
          beyondEnd(request.op()), request, path, "the disk ends at " + geometry.sizeBytes());
    }
    int block = geometry.logicalBlockBytes();
    if (offset % block != 0 || length % block != 0) {
      return refused(Errno.EINVAL, request, path, "not a multiple of the block size " + block);
    }
    return Optional.empty();
  }

  private static Optional<DiskException> bufferRefusal(
      DiskRequest request, DiskGeometry geometry, String path) {
    int start = request.bufferOffsetBytes();
    int capacity = request.buffer().capacity();
    if (start < 0 || request.lengthBytes() > capacity - start) {
      return refused(Errno.EINVAL, request, path, "buffer of " + capacity + " used from " + start);
    }
    if (start % geometry.logicalBlockBytes() != 0) {
      return refused(Errno.EINVAL, request, path, "buffer used from " + start + " is misaligned");
    }
    return Optional.empty();
  }

  private static Errno beyondEnd(DiskRequest.Op op) {
    return switch (op) {
      case WRITE, WRITE_ZEROES -> Errno.ENOSPC;
      case READ, FLUSH, DISCARD -> Errno.EINVAL;
    };
  }

  private static Optional<DiskException> refused(
      Errno errno, DiskRequest request, String path, String reason) {
    return Optional.of(DiskException.of(errno, request, path, reason));
  }
}
