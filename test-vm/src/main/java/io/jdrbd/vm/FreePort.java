package io.jdrbd.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds TCP ports for programs that cannot choose one by themselves. */
public final class FreePort {

  private FreePort() {}

  /** A TCP port on the loopback that nobody listens on now. */
  public static int find() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free TCP port on the loopback", e);
    }
  }
}
