package io.jdrbd.kernel.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Buffers as netlink wants them: in the machine's byte order, parts aligned to 4 bytes. */
final class NativeBytes {
  private static final int ALIGNMENT = 4;

  private NativeBytes() {}

  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  static ByteBuffer slice(ByteBuffer bytes, int from, int length) {
    return bytes.slice(from, length).order(ByteOrder.nativeOrder());
  }

  static int aligned(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
