package io.jdrbd.natives.uring;

import java.lang.annotation.Native;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Fills a submission entry, as {@link Ring#nextEntry} gives it: 64 bytes, or 128 in a wide ring,
 * zeroed. Every method writes one field and answers the entry.
 */
public final class Sqe {
  /** Operation flag of {@link Opcode#FSYNC}: data, and what is needed to find it, only. */
  @Native public static final int FSYNC_DATASYNC = 1;

  /** Operation flag of a write: complete only when the data is durable. */
  @Native public static final int RWF_DSYNC = 2;

  @Native static final int BYTES = 64;
  @Native static final int OPCODE = 0;
  @Native static final int FD = 4;
  @Native static final int OFFSET = 8;
  @Native static final int COMMAND_OP = 8;
  @Native static final int ADDRESS = 16;
  @Native static final int LENGTH = 24;
  @Native static final int OP_FLAGS = 28;
  @Native static final int USER_DATA = 32;
  @Native static final int BUFFER_INDEX = 40;
  @Native static final int COMMAND = 48;

  private Sqe() {}

  /** What to do, and to which file. */
  public static MemorySegment operation(MemorySegment entry, int opcode, int fd) {
    entry.set(ValueLayout.JAVA_BYTE, OPCODE, (byte) opcode);
    entry.set(ValueLayout.JAVA_INT, FD, fd);
    return entry;
  }

  /** Where in the file, in bytes. */
  public static MemorySegment offset(MemorySegment entry, long offsetBytes) {
    entry.set(ValueLayout.JAVA_LONG, OFFSET, offsetBytes);
    return entry;
  }

  /** Where in memory, and how much (from 0 to 2^31-1). */
  public static MemorySegment memory(MemorySegment entry, long address, int lengthBytes) {
    entry.set(ValueLayout.JAVA_LONG, ADDRESS, address);
    entry.set(ValueLayout.JAVA_INT, LENGTH, lengthBytes);
    return entry;
  }

  /** The flags whose meaning the operation gives: {@code RWF_*}, {@code FSYNC_*}. */
  public static MemorySegment operationFlags(MemorySegment entry, int flags) {
    entry.set(ValueLayout.JAVA_INT, OP_FLAGS, flags);
    return entry;
  }

  /** Which registered buffer the memory lies in, for the {@code _FIXED} operations. */
  public static MemorySegment bufferIndex(MemorySegment entry, int index) {
    entry.set(ValueLayout.JAVA_SHORT, BUFFER_INDEX, (short) index);
    return entry;
  }

  /** What the completion brings back. */
  public static MemorySegment userData(MemorySegment entry, long userData) {
    entry.set(ValueLayout.JAVA_LONG, USER_DATA, userData);
    return entry;
  }

  static long userData(MemorySegment entry) {
    return entry.get(ValueLayout.JAVA_LONG, USER_DATA);
  }

  /** The driver's number of the command, for {@link Opcode#URING_CMD}. */
  public static MemorySegment command(MemorySegment entry, int commandOp) {
    entry.set(ValueLayout.JAVA_INT, COMMAND_OP, commandOp);
    return entry;
  }

  /** The command's own bytes, for {@link Opcode#URING_CMD}: 16, or 80 in a wide ring. */
  public static MemorySegment commandBytes(MemorySegment entry) {
    return entry.asSlice(COMMAND);
  }
}
