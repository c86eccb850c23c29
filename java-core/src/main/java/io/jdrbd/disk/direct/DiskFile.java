package io.jdrbd.disk.direct;

import io.jdrbd.disk.BlockDisk.Extent;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.RequestRules;
import java.util.List;
import java.util.Optional;

/**
 * An opened and claimed block device or regular file, and its operations, which block. Any number
 * of threads may use it at once; {@link #close} only when nobody does.
 *
 * <p>Engines that do their transfers otherwise use {@link #fd} for them and {@link #perform} for
 * all else.
 */
public final class DiskFile {
  private final int fd;
  private final String path;
  private final boolean readOnly;
  private final boolean direct;
  private final Backing backing;
  private final Transfer transfer;
  private volatile DiskGeometry geometry;

  DiskFile(int fd, String path, boolean readOnly, boolean direct, Backing backing)
      throws DiskException {
    this.fd = fd;
    this.path = path;
    this.readOnly = readOnly;
    this.direct = direct;
    this.backing = backing;
    this.transfer = new Transfer(fd, path);
    this.geometry = backing.geometry();
  }

  /**
   * Opens and claims a disk: no other program that asks, and no other jdrbd, can use it until it is
   * closed. A block device in use by the kernel (mounted, part of a RAID or a volume group) is
   * refused.
   *
   * @param path of a block device or regular file
   * @param readOnly whether writes are refused
   * @throws DiskException if it cannot be opened, is neither, or is in use
   */
  public static DiskFile open(String path, boolean readOnly) throws DiskException {
    return DiskFileOpener.open(path, readOnly, true);
  }

  /**
   * Opens a disk for a program that works on a part of it that nobody else uses: without claiming
   * it.
   *
   * @throws DiskException if it cannot be opened or is neither a block device nor a regular file
   */
  public static DiskFile openShared(String path) throws DiskException {
    return DiskFileOpener.open(path, false, false);
  }

  /** The open file; belongs to this object, which closes it. */
  public int fd() {
    return fd;
  }

  public String path() {
    return path;
  }

  public boolean readOnly() {
    return readOnly;
  }

  /** Whether it is used with O_DIRECT; if not, writes go through the page cache. */
  public boolean direct() {
    return direct;
  }

  /** Sizes as of the opening or the last {@link #refresh}. */
  public DiskGeometry geometry() {
    return geometry;
  }

  /** Asks for the sizes again. */
  public DiskGeometry refresh() throws DiskException {
    geometry = backing.geometry();
    return geometry;
  }

  /** Why a request cannot be carried out, found without touching the disk. */
  public Optional<DiskException> refusal(DiskRequest request) {
    if (readOnly && request.op().changes()) {
      return Optional.of(DiskException.of(Errno.EROFS, request, path, "opened read-only"));
    }
    return RequestRules.refusal(request, geometry, path);
  }

  /**
   * Carries a request out, and returns when it is done; completes nothing.
   *
   * @throws DiskException why it failed
   */
  public void perform(DiskRequest request) throws DiskException {
    long offset = request.offsetBytes();
    long length = request.lengthBytes();
    switch (request.op()) {
      case READ -> transfer.read(address(request), length, offset);
      case WRITE -> {
        if (request.fua()) {
          transfer.writeDurably(address(request), length, offset);
        } else {
          transfer.write(address(request), length, offset);
        }
      }
      case FLUSH -> transfer.sync();
      case DISCARD -> backing.discard(offset, length);
      case WRITE_ZEROES -> writeZeroes(request);
    }
  }

  private void writeZeroes(DiskRequest request) throws DiskException {
    long offset = request.offsetBytes();
    long length = request.lengthBytes();
    if (!backing.zeroFast(offset, length, request.mayDiscard())) {
      if (request.fastOnly()) {
        throw DiskException.of(
            Errno.EOPNOTSUPP, request, path, "this disk can only write zeroes as data");
      }
      transfer.writeZeroes(length, offset);
    }
    if (request.fua()) {
      transfer.sync();
    }
  }

  private static long address(DiskRequest request) {
    return request.buffer().memoryAddress() + request.bufferOffsetBytes();
  }

  /** What is allocated in a range within the disk, at least its beginning. */
  public List<Extent> extents(long offsetBytes, long lengthBytes) throws DiskException {
    return backing.extents(offsetBytes, lengthBytes);
  }

  /** Closes the file and gives up the claim. */
  public void close() throws DiskException {
    if (Libc.close(fd) != 0) {
      throw DiskException.ofWhole(Libc.lastErrno(), "close", path, "");
    }
  }
}
