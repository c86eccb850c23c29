package io.jdrbd.conf.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Tells which host of a configuration this one is (spec 7, sections 4.1 and 6.2). */
public final class LocalHosts {
  /** Takes the place of the host's name, as for drbdadm. */
  private static final String NAME_VARIABLE = "__DRBD_NODE__";

  private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");

  private LocalHosts() {}

  /** The host that this process runs on. */
  public static LocalHost ofProcess() {
    return new LocalHost(name(), LocalHosts::isOnAnInterface);
  }

  private static String name() {
    return Optional.ofNullable(System.getenv(NAME_VARIABLE)).orElseGet(LocalHosts::ofKernel);
  }

  private static String ofKernel() {
    try {
      return Files.readString(KERNEL_NAME).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read this host's name", e);
    }
  }

  private static boolean isOnAnInterface(String address) {
    try {
      return NetworkInterface.getByInetAddress(InetAddress.ofLiteral(address)) != null;
    } catch (SocketException | IllegalArgumentException e) {
      return false; // what is no address, or cannot be asked for, is not there
    }
  }
}
