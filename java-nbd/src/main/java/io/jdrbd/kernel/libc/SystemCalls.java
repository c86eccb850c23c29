package io.jdrbd.kernel.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * System calls with their failures as {@link KernelException}. Linux only. May be called on any
 * thread; {@link #poll} and whatever the kernel does inside a call may block.
 */
public final class SystemCalls {
  private static final int AF_UNIX = 1;
  private static final int AF_NETLINK = 16;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SOL_NETLINK = 270;
  private static final int O_EXCL = 0x80;
  private static final int O_CLOEXEC = 0x80000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final short POLLIN = 1;
  private static final int POLLFD_BYTES = 8;
  private static final int POLLFD_REVENTS = 6;
  private static final int SOCKADDR_NL_BYTES = 12;

  private static final LibC LIBC = load();
  private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

  private SystemCalls() {}

  /** A netlink socket of a protocol such as {@code NETLINK_GENERIC}, bound to an own address. */
  public static Fd netlinkSocket(int protocol) throws KernelException {
    Fd socket = new Fd(check(LIBC.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol), "socket"));
    int bound = LIBC.bind(socket.number(), kernelAddress(), SOCKADDR_NL_BYTES);
    if (bound < 0) {
      KernelException failure = lastError("bind of a netlink socket");
      socket.close();
      throw failure;
    }
    return socket;
  }

  /** Sets a netlink socket option to a number. */
  public static void setNetlinkOption(Fd socket, int option, int value) throws KernelException {
    byte[] bytes = nativeInt(value);
    check(
        LIBC.setsockopt(socket.number(), SOL_NETLINK, option, bytes, bytes.length),
        "setsockopt of netlink option " + option);
  }

  /**
   * Sends one datagram, from position 0 to the limit, to the kernel. The kernel carries the command
   * out inside this call: it may take as long as the command takes.
   */
  public static void sendToKernel(Fd socket, ByteBuffer bytes) throws KernelException {
    check(
        LIBC.sendto(socket.number(), bytes, bytes.limit(), 0, kernelAddress(), SOCKADDR_NL_BYTES),
        "sendto of a netlink socket");
  }

  /**
   * Receives what is there without waiting.
   *
   * @param maxBytes of which the rest of the datagram is cut off
   */
  public static ByteBuffer receive(Fd socket, int maxBytes) throws KernelException {
    byte[] bytes = new byte[maxBytes];
    int length = check(LIBC.recv(socket.number(), bytes, maxBytes, MSG_DONTWAIT), "recv");
    return ByteBuffer.wrap(Arrays.copyOf(bytes, length)).order(ByteOrder.nativeOrder());
  }

  /**
   * Waits until one of the descriptors is readable or hung up.
   *
   * @param timeoutMs at least 0
   * @return which of them are
   */
  public static boolean[] poll(int timeoutMs, Fd... fds) throws KernelException {
    ByteBuffer set = ByteBuffer.allocate(fds.length * POLLFD_BYTES).order(ByteOrder.nativeOrder());
    for (Fd fd : fds) {
      set.putInt(fd.number()).putShort(POLLIN).putShort((short) 0);
    }
    int ready = LIBC.poll(set.array(), fds.length, timeoutMs);
    if (ready < 0 && errno() != KernelException.EINTR) {
      throw lastError("poll");
    }
    boolean[] readable = new boolean[fds.length];
    for (int i = 0; ready > 0 && i < fds.length; i++) {
      readable[i] = set.getShort(i * POLLFD_BYTES + POLLFD_REVENTS) != 0;
    }
    return readable;
  }

  /**
   * Two connected stream sockets of the Unix family that never let a call wait, as an event loop
   * needs it. The kernel's NBD client, which gets one of them, waits all the same: it does not use
   * the file, to which this belongs, but the socket in it.
   */
  public static SocketPair socketPair() throws KernelException {
    int[] fds = new int[2];
    check(
        LIBC.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), "socketpair");
    return new SocketPair(new Fd(fds[0]), new Fd(fds[1]));
  }

  /**
   * Makes a socket's send buffer larger than the system's limit; needs CAP_NET_ADMIN.
   *
   * @param bytes of payload; the kernel doubles it for its own bookkeeping
   */
  public static void forceSendBuffer(Fd socket, int bytes) throws KernelException {
    byte[] value = nativeInt(bytes);
    check(
        LIBC.setsockopt(socket.number(), SOL_SOCKET, SO_SNDBUFFORCE, value, value.length),
        "setsockopt SO_SNDBUFFORCE");
  }

  /**
   * Opens a block device for itself alone, for reading: fails with EBUSY while it is mounted, in
   * use as swap, or claimed by device mapper and the like.
   */
  public static Fd openExclusive(String path) throws KernelException {
    return new Fd(check(LIBC.open(path, O_EXCL | O_CLOEXEC), "open of " + path));
  }

  /** {@code prctl} with one argument. */
  public static int prctl(int option, long argument) throws KernelException {
    return check(LIBC.prctl(option, argument, 0, 0, 0), "prctl " + option);
  }

  /** Locks a range of memory, which is found for it at once. */
  public static void mlock(long address, long lengthBytes) throws KernelException {
    check(LIBC.mlock(address, lengthBytes), "mlock of " + lengthBytes + " bytes");
  }

  /** {@code mlockall}. */
  public static void mlockall(int flags) throws KernelException {
    check(LIBC.mlockall(flags), "mlockall");
  }

  /** Ends every lock on memory of this process. */
  public static void munlockall() throws KernelException {
    check(LIBC.munlockall(), "munlockall");
  }

  /** Replaces this process by a program; returns only by failing. */
  public static KernelException exec(String path, String... arguments) {
    String[] terminated = Arrays.copyOf(arguments, arguments.length + 1);
    LIBC.execv(path, terminated);
    return lastError("execv of " + path);
  }

  /** What {@code strerror} says. */
  public static String errorText(int errno) {
    return LIBC.strerror(errno);
  }

  /** Two ends of one connection. */
  public record SocketPair(Fd ours, Fd kernels) {}

  static void close(int fd) {
    if (LIBC.close(fd) < 0) {
      throw new IllegalStateException("close of fd " + fd + ": " + errorText(errno()));
    }
  }

  /** These calls are few: a binding that starts quickly is better than one that calls quickly. */
  private static LibC load() {
    System.setProperty("jnr.ffi.asm.enabled", "false");
    return LibraryLoader.create(LibC.class).load("c");
  }

  private static byte[] kernelAddress() {
    ByteBuffer address = ByteBuffer.allocate(SOCKADDR_NL_BYTES).order(ByteOrder.nativeOrder());
    return address.putShort((short) AF_NETLINK).array();
  }

  private static byte[] nativeInt(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  private static int check(long result, String what) throws KernelException {
    if (result < 0) {
      throw lastError(what);
    }
    return (int) result;
  }

  private static KernelException lastError(String what) {
    int errno = errno();
    return new KernelException(errno, what + ": " + errorText(errno));
  }

  private static int errno() {
    return LastError.getLastError(RUNTIME);
  }
}
