/*
 * deny_io_uring ERRNO PROGRAM [ARGUMENT...]
 *
 * Runs a program under a seccomp filter that answers the three io_uring system calls with an errno and allows all
 * others: what the default profiles of Docker and containerd do to it (EPERM), and what a kernel without it does (ENOSYS).
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(__NR_io_uring_enter == __NR_io_uring_setup + 1, "the calls are numbered in a row");
_Static_assert(__NR_io_uring_register == __NR_io_uring_setup + 2, "the calls are numbered in a row");

static int deny(unsigned answer) {
  struct sock_filter instructions[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, __NR_io_uring_setup, 0, 2),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, __NR_io_uring_register, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (answer & SECCOMP_RET_DATA)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {.len = sizeof instructions / sizeof instructions[0], .filter = instructions};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return -1;
  }
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s ERRNO PROGRAM [ARGUMENT...]\n", argv[0]);
    return 2;
  }
  if (deny((unsigned)strtoul(argv[1], NULL, 10)) != 0) {
    fprintf(stderr, "seccomp: %s\n", strerror(errno));
    return 1;
  }
  execvp(argv[2], argv + 2);
  fprintf(stderr, "%s: %s\n", argv[2], strerror(errno));
  return 127;
}
