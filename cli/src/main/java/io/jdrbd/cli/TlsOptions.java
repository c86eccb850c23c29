package io.jdrbd.cli;

import io.jdrbd.nbd.server.TlsPolicy;
import io.jdrbd.nbd.server.TlsSettings;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * The daemon's options for TLS on its TCP listeners. The files have the names that qemu and nbdkit
 * give them.
 */
final class TlsOptions {
  private static final String TLS = "--tls";
  private static final String CERTIFICATES = "--tls-certificates";
  private static final String VERIFY_PEER = "--tls-verify-peer";

  private TlsOptions() {}

  static Syntax.Option policy() {
    return Parameters.value(
        TLS, "POLICY", "Whether clients on TCP speak TLS: off (default), allow or require.");
  }

  static Syntax.Option certificates() {
    return Parameters.value(
        CERTIFICATES,
        "DIR",
        "Holds server-cert.pem and server-key.pem, and ca-cert.pem where peers are verified.");
  }

  static Syntax.Option verifyPeer() {
    return Parameters.flag(
        VERIFY_PEER, "Accept only clients whose certificate ca-cert.pem has signed.");
  }

  /**
   * Reads the certificates, if TLS is wanted.
   *
   * @throws UsageException if the options contradict each other or a file cannot be used
   */
  static TlsPolicy policy(Arguments arguments) {
    String policy = arguments.value(TLS, "off");
    return switch (policy) {
      case "off" -> TlsPolicy.OFF;
      case "allow" -> new TlsPolicy.Allow(settings(arguments));
      case "require" -> new TlsPolicy.Require(settings(arguments));
      default ->
          throw new UsageException("--tls takes off, allow or require, not '%s'".formatted(policy));
    };
  }

  private static TlsSettings settings(Arguments arguments) {
    if (!arguments.has(CERTIFICATES)) {
      throw new UsageException("--tls needs --tls-certificates, the directory of the certificates");
    }
    Path directory = Path.of(arguments.value(CERTIFICATES, ""));
    Optional<Path> authority =
        arguments.isSet(VERIFY_PEER)
            ? Optional.of(directory.resolve("ca-cert.pem"))
            : Optional.empty();
    try {
      return TlsSettings.load(
          directory.resolve("server-cert.pem"), directory.resolve("server-key.pem"), authority);
    } catch (SSLException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
