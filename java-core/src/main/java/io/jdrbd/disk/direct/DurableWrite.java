package io.jdrbd.disk.direct;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * A write that is durable when it returns, in one call: {@code pwritev2} with {@code RWF_DSYNC}. On
 * a block device the kernel can turn it into a FUA write, which is much cheaper than a write and a
 * flush of the whole cache. Not every C library has it, hence a class of its own.
 */
final class DurableWrite {
  private static final int RWF_DSYNC = 0x2;

  private static final boolean AVAILABLE = register();

  /** One {@code struct iovec} per thread, so that a write allocates nothing. */
  private static final ThreadLocal<Memory> VECTOR =
      ThreadLocal.withInitial(() -> new Memory(2 * Long.BYTES));

  private DurableWrite() {}

  private static native long pwritev2(int fd, Pointer vectors, int count, long offset, int flags);

  static boolean available() {
    return AVAILABLE;
  }

  /** As {@link Libc#pwrite}, and durable. */
  static long pwrite(int fd, long address, long lengthBytes, long offsetBytes) {
    Memory vector = VECTOR.get();
    vector.setLong(0, address);
    vector.setLong(Long.BYTES, lengthBytes);
    return pwritev2(fd, vector, 1, offsetBytes, RWF_DSYNC);
  }

  private static boolean register() {
    NativeLibrary process = NativeLibrary.getProcess();
    try {
      process.getFunction("pwritev2");
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
    Native.register(DurableWrite.class, process);
    return true;
  }
}
