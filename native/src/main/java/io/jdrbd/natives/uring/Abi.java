package io.jdrbd.natives.uring;

import java.lang.annotation.Native;

/**
 * Numbers and offsets of {@code <linux/io_uring.h>}, under the kernel's names. The C build compares
 * each with the kernel's header.
 */
final class Abi {
  @Native static final int CQE_BYTES = 16;
  @Native static final int CQE_USER_DATA = 0;
  @Native static final int CQE_RESULT = 8;
  @Native static final int CQE_FLAGS = 12;

  @Native static final int PARAMS_BYTES = 120;
  @Native static final int PARAMS_SQ_ENTRIES = 0;
  @Native static final int PARAMS_CQ_ENTRIES = 4;
  @Native static final int PARAMS_FLAGS = 8;
  @Native static final int PARAMS_FEATURES = 20;
  @Native static final int PARAMS_SQ_HEAD = 40;
  @Native static final int PARAMS_SQ_TAIL = 44;
  @Native static final int PARAMS_SQ_FLAGS = 56;
  @Native static final int PARAMS_SQ_ARRAY = 64;
  @Native static final int PARAMS_CQ_HEAD = 80;
  @Native static final int PARAMS_CQ_TAIL = 84;
  @Native static final int PARAMS_CQ_CQES = 100;

  @Native static final int SETUP_CQSIZE = 1 << 3;
  @Native static final int SETUP_SUBMIT_ALL = 1 << 7;
  @Native static final int SETUP_COOP_TASKRUN = 1 << 8;
  @Native static final int SETUP_TASKRUN_FLAG = 1 << 9;
  @Native static final int SETUP_SQE128 = 1 << 10;
  @Native static final int SETUP_SINGLE_ISSUER = 1 << 12;
  @Native static final int SETUP_DEFER_TASKRUN = 1 << 13;

  @Native static final int FEAT_SINGLE_MMAP = 1;
  @Native static final int FEAT_NODROP = 1 << 1;

  @Native static final int ENTER_GETEVENTS = 1;
  @Native static final int SQ_CQ_OVERFLOW = 1 << 1;
  @Native static final int SQ_TASKRUN = 1 << 2;

  @Native static final long OFF_SQ_RING = 0;
  @Native static final long OFF_SQES = 0x10000000L;

  @Native static final int REGISTER_BUFFERS = 0;
  @Native static final int REGISTER_PROBE = 8;

  @Native static final int PROBE_BYTES = 16;
  @Native static final int PROBE_OPS_LEN = 1;
  @Native static final int PROBE_OP_BYTES = 8;
  @Native static final int PROBE_OP_FLAGS = 2;
  @Native static final int PROBE_OP_SUPPORTED = 1;

  private Abi() {}
}
