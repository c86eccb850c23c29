package io.jdrbd.disk.uring;

/**
 * The memory that the kernel has mapped once and for all, so that it need not look up its pages for
 * each request.
 *
 * @param address of the first byte
 * @param lengthBytes 0 where nothing is registered
 */
record RegisteredMemory(long address, long lengthBytes) {
  static final RegisteredMemory NONE = new RegisteredMemory(0, 0);

  boolean contains(long start, long rangeBytes) {
    return start >= address && start - address <= lengthBytes - rangeBytes;
  }
}
