package io.jdrbd.natives.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What a ring's kernel side is told or asked in advance.
 *
 * <p>Files are not registered on purpose: a ring keeps a registered file open, and on some kernels
 * for a while after it was taken out, so that the claim on a disk would outlive the disk.
 */
public final class RingRegistration {
  private static final int PROBED_OPS = 256;

  private final int ringFd;

  RingRegistration(int ringFd) {
    this.ringFd = ringFd;
  }

  /**
   * Registers one region of memory as buffer 0 and pins it.
   *
   * @throws UringException {@code ENOMEM} when the limit on locked memory forbids it
   */
  public void buffer(long address, long lengthBytes) throws UringException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment iovec = arena.allocateFrom(ValueLayout.JAVA_LONG, address, lengthBytes);
      register("IORING_REGISTER_BUFFERS", Abi.REGISTER_BUFFERS, iovec, 1);
    }
  }

  /** Whether the kernel knows every one of these {@link Opcode} numbers. */
  public boolean supports(int... opcodes) throws UringException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment probe =
          arena.allocate(Abi.PROBE_BYTES + (long) PROBED_OPS * Abi.PROBE_OP_BYTES, Long.BYTES);
      register("IORING_REGISTER_PROBE", Abi.REGISTER_PROBE, probe, PROBED_OPS);
      int known = Byte.toUnsignedInt(probe.get(ValueLayout.JAVA_BYTE, Abi.PROBE_OPS_LEN));
      return Arrays.stream(opcodes).allMatch(opcode -> opcode < known && supported(probe, opcode));
    }
  }

  private static boolean supported(MemorySegment probe, int opcode) {
    long at = Abi.PROBE_BYTES + (long) opcode * Abi.PROBE_OP_BYTES + Abi.PROBE_OP_FLAGS;
    return (probe.get(ValueLayout.JAVA_SHORT, at) & Abi.PROBE_OP_SUPPORTED) != 0;
  }

  private void register(String name, int opcode, MemorySegment argument, int count)
      throws UringException {
    UringException.check(name, SystemCalls.register(ringFd, opcode, argument.address(), count));
  }
}
