package io.jdrbd.kernel.libc;

import java.nio.ByteBuffer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The C functions as they are. Public only because the binding is generated at run time. */
public interface LibC {
  int socket(int domain, int type, int protocol);

  int socketpair(int domain, int type, int protocol, @Out int[] fds);

  int bind(int fd, @In byte[] address, int addressLength);

  int setsockopt(int fd, int level, int option, @In byte[] value, int valueLength);

  @ssize_t
  long sendto(
      int fd,
      @In ByteBuffer bytes,
      @size_t long length,
      int flags,
      @In byte[] address,
      int addressLength);

  @ssize_t
  long recv(int fd, @Out byte[] bytes, @size_t long length, int flags);

  int poll(@In @Out byte[] pollfds, @size_t long count, int timeoutMs);

  int open(String path, int flags);

  int close(int fd);

  int prctl(int option, long arg2, long arg3, long arg4, long arg5);

  int mlock(long address, @size_t long length);

  int mlockall(int flags);

  int munlockall();

  int execv(String path, String[] arguments);

  String strerror(int errno);
}
