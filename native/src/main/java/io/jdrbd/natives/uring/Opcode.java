package io.jdrbd.natives.uring;

import java.lang.annotation.Native;

/** What an entry asks for: the kernel's {@code IORING_OP_} numbers that jdrbd uses. */
public final class Opcode {
  @Native public static final int NOP = 0;
  @Native public static final int FSYNC = 3;
  @Native public static final int READ_FIXED = 4;
  @Native public static final int WRITE_FIXED = 5;
  @Native public static final int FALLOCATE = 17;
  @Native public static final int READ = 22;
  @Native public static final int WRITE = 23;
  @Native public static final int URING_CMD = 46;

  private Opcode() {}
}
