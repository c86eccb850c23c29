package io.jdrbd.nbd.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Where a server listens. */
public sealed interface NbdAddress {

  /**
   * A socket in the file system.
   *
   * @param path its name, at most 106 bytes
   * @param permissions who may connect, which takes permission to write
   */
  record Unix(Path path, Set<PosixFilePermission> permissions) implements NbdAddress {
    public Unix {
      permissions = Set.copyOf(permissions);
    }

    /** One that only its owner may connect to (mode 0600). */
    public static Unix ownerOnly(Path path) {
      return new Unix(path, PosixFilePermissions.fromString("rw-------"));
    }

    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /**
   * A TCP port.
   *
   * @param address resolved; port 0 takes a free one
   */
  record Tcp(InetSocketAddress address) implements NbdAddress {
    @Override
    public String toString() {
      return "tcp:" + address.getHostString() + ":" + address.getPort();
    }
  }
}
