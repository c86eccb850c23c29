package io.jdrbd.kernel.netlink;

import java.io.IOException;

/** Bytes from netlink that are not what netlink is defined to be. */
public final class NetlinkFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  NetlinkFormatException(String message) {
    super("netlink: " + message);
  }
}
