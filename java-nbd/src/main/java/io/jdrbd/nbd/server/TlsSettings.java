package io.jdrbd.nbd.server;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** The server's certificate, and which clients it believes. Files are PEM. */
public final class TlsSettings {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final SslContext context;

  private TlsSettings(SslContext context) {
    this.context = context;
  }

  /**
   * Reads certificate and key.
   *
   * @param certificateChain the server's certificate, followed by those between it and the root
   * @param key its private key, PKCS#8 without a password
   * @param clientAuthority if present, clients must show a certificate that this one has signed
   * @throws SSLException if a file cannot be read or used; the message names it
   */
  public static TlsSettings load(Path certificateChain, Path key, Optional<Path> clientAuthority)
      throws SSLException {
    for (Path file : List.of(certificateChain, key)) {
      requireReadable(file);
    }
    if (clientAuthority.isPresent()) {
      requireReadable(clientAuthority.get());
    }
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(certificateChain.toFile(), key.toFile())
              .sslProvider(SslProvider.JDK)
              .protocols(PROTOCOLS);
      if (clientAuthority.isPresent()) {
        builder
            .trustManager(ClientAuthority.load(clientAuthority.get()))
            .clientAuth(ClientAuth.REQUIRE);
      }
      return new TlsSettings(builder.build());
    } catch (IllegalArgumentException e) {
      throw new SSLException(
          "%s and %s: not an X.509 certificate and its private key in PEM (PKCS#8, no password): %s"
              .formatted(certificateChain, key, e.getMessage()),
          e);
    } catch (GeneralSecurityException | IOException e) {
      throw new SSLException(
          "%s: not the certificate of an authority in PEM: %s"
              .formatted(clientAuthority.map(Path::toString).orElse(""), e.getMessage()),
          e);
    }
  }

  SslContext context() {
    return context;
  }

  private static void requireReadable(Path file) throws SSLException {
    if (!Files.isReadable(file)) {
      throw new SSLException(file + ": no such file, or not readable");
    }
  }
}
