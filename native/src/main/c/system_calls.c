/*
 * The system calls of io.jdrbd.natives.uring.SystemCalls. Each answers what the kernel answers, or -errno.
 * There is no liburing: the rings are shared memory that Java reads and writes by itself.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "io_jdrbd_natives_uring_SystemCalls.h"

#define SYSTEM_CALL(result, name, ...) \
  JNIEXPORT result JNICALL Java_io_jdrbd_natives_uring_SystemCalls_##name(JNIEnv *env, jclass class, __VA_ARGS__)

#define UNUSED ((void)env, (void)class)

static inline void *pointer(jlong address) {
  return (void *)(uintptr_t)address;
}

static inline jint answer(long result) {
  return result < 0 ? -errno : (jint)result;
}

SYSTEM_CALL(jint, setup, jint entries, jlong params) {
  UNUSED;
  return answer(syscall(__NR_io_uring_setup, entries, pointer(params)));
}

SYSTEM_CALL(jint, enter, jint fd, jint to_submit, jint min_complete, jint flags) {
  UNUSED;
  return answer(syscall(__NR_io_uring_enter, fd, to_submit, min_complete, flags, NULL, 0));
}

SYSTEM_CALL(jint, register, jint fd, jint opcode, jlong argument, jint count) {
  UNUSED;
  return answer(syscall(__NR_io_uring_register, fd, opcode, pointer(argument), count));
}

SYSTEM_CALL(jlong, map, jint fd, jlong length, jlong offset) {
  UNUSED;
  void *memory = mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, (off_t)offset);
  return memory == MAP_FAILED ? -errno : (jlong)(uintptr_t)memory;
}

SYSTEM_CALL(jint, unmap, jlong address, jlong length) {
  UNUSED;
  return answer(munmap(pointer(address), (size_t)length));
}

SYSTEM_CALL(jint, close, jint fd) {
  UNUSED;
  return answer(close(fd));
}

SYSTEM_CALL(jstring, errorText, jint number) {
  UNUSED;
  char text[128];
  return (*env)->NewStringUTF(env, strerror_r(number, text, sizeof text));
}
