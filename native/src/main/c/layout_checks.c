/*
 * Compares the offsets and numbers that Java uses (javac writes them into headers) with the kernel's own
 * declarations, at compile time. What is newer than the oldest headers that we build with (Linux 6.1) is not listed.
 */
#include <linux/io_uring.h>
#include <stddef.h>

#include "io_jdrbd_natives_uring_Abi.h"
#include "io_jdrbd_natives_uring_Opcode.h"
#include "io_jdrbd_natives_uring_Sqe.h"

#define SAME(ours, theirs) _Static_assert((ours) == (theirs), #ours " differs from " #theirs)

#define SQE(name, field) SAME(io_jdrbd_natives_uring_Sqe_##name, offsetof(struct io_uring_sqe, field))
SQE(OPCODE, opcode);
SQE(FD, fd);
SQE(OFFSET, off);
SQE(COMMAND_OP, cmd_op);
SQE(ADDRESS, addr);
SQE(LENGTH, len);
SQE(OP_FLAGS, rw_flags);
SQE(USER_DATA, user_data);
SQE(BUFFER_INDEX, buf_index);
SQE(COMMAND, cmd);
SAME(io_jdrbd_natives_uring_Sqe_BYTES, sizeof(struct io_uring_sqe));
SAME(io_jdrbd_natives_uring_Sqe_FSYNC_DATASYNC, IORING_FSYNC_DATASYNC);
SAME(io_jdrbd_natives_uring_Sqe_RWF_DSYNC, RWF_DSYNC);

#define ABI(name, theirs) SAME(io_jdrbd_natives_uring_Abi_##name, theirs)
ABI(CQE_BYTES, sizeof(struct io_uring_cqe));
ABI(CQE_USER_DATA, offsetof(struct io_uring_cqe, user_data));
ABI(CQE_RESULT, offsetof(struct io_uring_cqe, res));
ABI(CQE_FLAGS, offsetof(struct io_uring_cqe, flags));

ABI(PARAMS_BYTES, sizeof(struct io_uring_params));
ABI(PARAMS_SQ_ENTRIES, offsetof(struct io_uring_params, sq_entries));
ABI(PARAMS_CQ_ENTRIES, offsetof(struct io_uring_params, cq_entries));
ABI(PARAMS_FLAGS, offsetof(struct io_uring_params, flags));
ABI(PARAMS_FEATURES, offsetof(struct io_uring_params, features));
ABI(PARAMS_SQ_HEAD, offsetof(struct io_uring_params, sq_off.head));
ABI(PARAMS_SQ_TAIL, offsetof(struct io_uring_params, sq_off.tail));
ABI(PARAMS_SQ_FLAGS, offsetof(struct io_uring_params, sq_off.flags));
ABI(PARAMS_SQ_ARRAY, offsetof(struct io_uring_params, sq_off.array));
ABI(PARAMS_CQ_HEAD, offsetof(struct io_uring_params, cq_off.head));
ABI(PARAMS_CQ_TAIL, offsetof(struct io_uring_params, cq_off.tail));
ABI(PARAMS_CQ_CQES, offsetof(struct io_uring_params, cq_off.cqes));

ABI(SETUP_CQSIZE, IORING_SETUP_CQSIZE);
ABI(SETUP_SUBMIT_ALL, IORING_SETUP_SUBMIT_ALL);
ABI(SETUP_COOP_TASKRUN, IORING_SETUP_COOP_TASKRUN);
ABI(SETUP_TASKRUN_FLAG, IORING_SETUP_TASKRUN_FLAG);
ABI(SETUP_SQE128, IORING_SETUP_SQE128);
ABI(SETUP_SINGLE_ISSUER, IORING_SETUP_SINGLE_ISSUER);
ABI(SETUP_DEFER_TASKRUN, IORING_SETUP_DEFER_TASKRUN);
ABI(FEAT_SINGLE_MMAP, IORING_FEAT_SINGLE_MMAP);
ABI(FEAT_NODROP, IORING_FEAT_NODROP);
ABI(ENTER_GETEVENTS, IORING_ENTER_GETEVENTS);
ABI(SQ_CQ_OVERFLOW, IORING_SQ_CQ_OVERFLOW);
ABI(SQ_TASKRUN, IORING_SQ_TASKRUN);
ABI(OFF_SQ_RING, IORING_OFF_SQ_RING);
ABI(OFF_SQES, IORING_OFF_SQES);
ABI(REGISTER_BUFFERS, IORING_REGISTER_BUFFERS);
ABI(REGISTER_PROBE, IORING_REGISTER_PROBE);
ABI(PROBE_BYTES, sizeof(struct io_uring_probe));
ABI(PROBE_OPS_LEN, offsetof(struct io_uring_probe, ops_len));
ABI(PROBE_OP_BYTES, sizeof(struct io_uring_probe_op));
ABI(PROBE_OP_FLAGS, offsetof(struct io_uring_probe_op, flags));
ABI(PROBE_OP_SUPPORTED, IO_URING_OP_SUPPORTED);

#define OPCODE(name) SAME(io_jdrbd_natives_uring_Opcode_##name, IORING_OP_##name)
OPCODE(NOP);
OPCODE(FSYNC);
OPCODE(READ_FIXED);
OPCODE(WRITE_FIXED);
OPCODE(FALLOCATE);
OPCODE(READ);
OPCODE(WRITE);
OPCODE(URING_CMD);
