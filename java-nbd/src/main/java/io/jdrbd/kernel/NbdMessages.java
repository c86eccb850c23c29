package io.jdrbd.kernel;

import io.jdrbd.kernel.netlink.Attributes;
import io.jdrbd.kernel.netlink.NetlinkFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The messages of the kernel's netlink family {@code nbd}, as linux/nbd-netlink.h defines them. */
final class NbdMessages {
  static final String FAMILY = "nbd";

  static final int COMMAND_CONNECT = 1;
  static final int COMMAND_DISCONNECT = 2;
  static final int COMMAND_RECONFIGURE = 3;
  static final int COMMAND_STATUS = 5;

  private static final int INDEX = 1;
  private static final int SIZE_BYTES = 2;
  private static final int BLOCK_SIZE_BYTES = 3;
  private static final int TIMEOUT = 4;
  private static final int SERVER_FLAGS = 5;
  private static final int CLIENT_FLAGS = 6;
  private static final int SOCKETS = 7;
  private static final int DEAD_CONNECTION_TIMEOUT = 8;
  private static final int DEVICE_LIST = 9;
  private static final int BACKEND_IDENTIFIER = 10;

  private static final int SOCKET_ITEM = 1;
  private static final int SOCKET_FD = 1;
  private static final int DEVICE_INDEX = 1;
  private static final int DEVICE_CONNECTED = 2;

  /**
   * Client flags: the device stays when its last user closes it, and stays known when it is
   * disconnected.
   */
  private static final long CLIENT_FLAGS_NONE = 0;

  private NbdMessages() {}

  /**
   * What a device is to be.
   *
   * @param index of the device; empty: the kernel takes one that is free
   * @param sizeBytes its size
   * @param blockBytes its logical and physical block, a power of two from 512 to 4096
   * @param timeoutS after how many seconds an unanswered request ends its connection; 0: never,
   *     where there is one connection
   * @param deadConnectionTimeoutS how long requests wait for a new connection when there is none
   * @param serverFlags {@link ServerFlag#bits}
   * @param backend what a later reconfigure must know it by
   * @param fds one connected socket for each connection
   */
  record Connect(
      OptionalInt index,
      long sizeBytes,
      int blockBytes,
      long timeoutS,
      long deadConnectionTimeoutS,
      long serverFlags,
      String backend,
      List<Integer> fds) {}

  static Attributes connect(Connect device) {
    Attributes attributes = Attributes.NONE;
    if (device.index.isPresent()) {
      attributes = attributes.withU32(INDEX, device.index.getAsInt());
    }
    return attributes
        .withU64(SIZE_BYTES, device.sizeBytes)
        .withU64(BLOCK_SIZE_BYTES, device.blockBytes)
        .withU64(TIMEOUT, device.timeoutS)
        .withU64(DEAD_CONNECTION_TIMEOUT, device.deadConnectionTimeoutS)
        .withU64(SERVER_FLAGS, device.serverFlags)
        .withU64(CLIENT_FLAGS, CLIENT_FLAGS_NONE)
        .withString(BACKEND_IDENTIFIER, device.backend)
        .withNested(SOCKETS, sockets(device.fds));
  }

  /** New sockets in place of dead ones. */
  static Attributes newSockets(int index, String backend, List<Integer> fds) {
    return Attributes.NONE
        .withU32(INDEX, index)
        .withString(BACKEND_IDENTIFIER, backend)
        .withNested(SOCKETS, sockets(fds));
  }

  /** Another size. */
  static Attributes newSize(int index, String backend, long sizeBytes, int blockBytes) {
    return Attributes.NONE
        .withU32(INDEX, index)
        .withU64(SIZE_BYTES, sizeBytes)
        .withU64(BLOCK_SIZE_BYTES, blockBytes)
        .withString(BACKEND_IDENTIFIER, backend);
  }

  /** The argument of disconnect, and of the question for the state of one device. */
  static Attributes device(int index) {
    return Attributes.NONE.withU32(INDEX, index);
  }

  /** The device that the kernel names in its answer to connect. */
  static int connectedDevice(Attributes answer) throws NetlinkFormatException {
    return (int) answer.requireNumber(INDEX);
  }

  /** The devices of an answer to status. */
  static List<DeviceStatus> devices(Attributes answer) throws NetlinkFormatException {
    List<DeviceStatus> devices = new ArrayList<>();
    for (Attributes device : answer.nested(DEVICE_LIST).items()) {
      devices.add(
          new DeviceStatus(
              (int) device.requireNumber(DEVICE_INDEX),
              device.requireNumber(DEVICE_CONNECTED) != 0));
    }
    return devices;
  }

  private static Attributes sockets(List<Integer> fds) {
    Attributes sockets = Attributes.NONE;
    for (int fd : fds) {
      sockets = sockets.withNested(SOCKET_ITEM, Attributes.NONE.withU32(SOCKET_FD, fd));
    }
    return sockets;
  }
}
