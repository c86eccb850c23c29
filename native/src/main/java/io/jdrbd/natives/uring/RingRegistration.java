package io.jdrbd.natives.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** What a ring's kernel side is told in advance, so that it need not look it up per request. */
public final class RingRegistration {
  private static final int EMPTY_SLOT = -1;
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

  /** Makes room for registered files; all slots are empty. */
  public void fileSlots(int slots) throws UringException {
    int[] empty = new int[slots];
    Arrays.fill(empty, EMPTY_SLOT);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fds = arena.allocateFrom(ValueLayout.JAVA_INT, empty);
      register("IORING_REGISTER_FILES", Abi.REGISTER_FILES, fds, slots);
    }
  }

  /** Puts a file into a slot; entries then name the slot with {@link Sqe#FIXED_FILE}. */
  public void file(int slot, int fd) throws UringException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fds = arena.allocateFrom(ValueLayout.JAVA_INT, fd);
      MemorySegment update = arena.allocate(Abi.FILES_UPDATE_BYTES, Long.BYTES);
      update.set(ValueLayout.JAVA_INT, Abi.FILES_UPDATE_OFFSET, slot);
      update.set(ValueLayout.JAVA_LONG, Abi.FILES_UPDATE_FDS, fds.address());
      register("IORING_REGISTER_FILES_UPDATE", Abi.REGISTER_FILES_UPDATE, update, 1);
    }
  }

  /** Empties a slot; the ring no longer keeps the file open. */
  public void noFile(int slot) throws UringException {
    file(slot, EMPTY_SLOT);
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
