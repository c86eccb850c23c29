package io.jdrbd.daemon;

import io.jdrbd.nbd.server.NbdAddress;
import io.jdrbd.nbd.server.TlsPolicy;

/** Addresses as NBD URIs; {@code %s} stands for the export's name. */
final class NbdUri {
  private NbdUri() {}

  static String format(NbdAddress address, TlsPolicy tls) {
    String scheme = tls instanceof TlsPolicy.Require ? "nbds" : "nbd";
    return switch (address) {
      case NbdAddress.Unix unix -> "nbd+unix:///%s?socket=" + unix.path();
      case NbdAddress.Tcp tcp ->
          scheme + "://" + tcp.address().getHostString() + ":" + tcp.address().getPort() + "/%s";
    };
  }
}
