package io.jdrbd.nbd.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.nbd.server.NbdAddress;
import io.jdrbd.nbd.server.NbdListener;
import io.jdrbd.nbd.server.TlsPolicy;
import io.jdrbd.nbd.server.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TLS over TCP, with libnbd's GnuTLS at the other end and certificates that openssl has made. */
class TlsIT extends RealClientTestBase {
  private Path certificates;

  @BeforeEach
  void makeCertificates() throws IOException {
    certificates = Files.createDirectory(directory.resolve("certificates"));
    newKey("ca");
    openssl(
        "req -x509 -new -key ca-key.pem -days 2 -subj /CN=test-authority -out ca-cert.pem"
            + " -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign");
    sign("server", "subjectAltName=DNS:localhost,IP:127.0.0.1");
    sign("client", "extendedKeyUsage=clientAuth");
  }

  @Test
  void copyUnderTls() throws IOException {
    NbdListener listener = listen(new TlsPolicy.Require(settings(Optional.empty())));
    assertThat(Programs.run("nbdinfo", tlsUri("nbds", listener)))
        .contains("newstyle-fixed with TLS");
    Path original = randomFile(10_000_000);
    Path copy = directory.resolve("copy");
    Programs.run("nbdcopy", original.toString(), tlsUri("nbds", listener));
    Programs.run("nbdcopy", tlsUri("nbds", listener), copy.toString());
    assertThat(Files.readAllBytes(copy)).startsWith(Files.readAllBytes(original));
  }

  @Test
  void requiredTlsIsRequired() throws IOException {
    NbdListener listener = listen(new TlsPolicy.Require(settings(Optional.empty())));
    assertThat(Programs.tryRun("nbdinfo", tlsUri("nbd", listener)).output()).contains("TLS");
  }

  @Test
  void allowedTlsIsNotRequired() throws IOException {
    NbdListener listener = listen(new TlsPolicy.Allow(settings(Optional.empty())));
    assertThat(Programs.run("nbdinfo", tlsUri("nbd", listener))).contains("without TLS");
    assertThat(Programs.run("nbdinfo", tlsUri("nbds", listener))).contains("with TLS");
  }

  @Test
  void clientWithoutCertificateIsNotLetIn() throws IOException {
    NbdListener listener =
        listen(new TlsPolicy.Require(settings(Optional.of(file("ca-cert.pem")))));
    assertThat(Programs.run("nbdinfo", tlsUri("nbds", listener))).contains("with TLS");
    Files.delete(file("client-cert.pem"));
    Files.delete(file("client-key.pem"));
    assertThat(Programs.tryRun("nbdinfo", tlsUri("nbds", listener)).exitCode()).isNotZero();
    assertThat(Programs.run("nbdinfo", uri())).contains("without TLS");
  }

  private TlsSettings settings(Optional<Path> authority) throws IOException {
    return TlsSettings.load(file("server-cert.pem"), file("server-key.pem"), authority);
  }

  private NbdListener listen(TlsPolicy policy) {
    return server.listen(
        new NbdAddress.Tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), policy);
  }

  private String tlsUri(String scheme, NbdListener listener) {
    int port = ((NbdAddress.Tcp) listener.address()).address().getPort();
    return "%s://localhost:%d/disk?tls-certificates=%s".formatted(scheme, port, certificates);
  }

  private Path file(String name) {
    return certificates.resolve(name);
  }

  private void sign(String name, String extension) throws IOException {
    newKey(name);
    openssl("req -new -key %s-key.pem -subj /CN=%s -out %s.csr".formatted(name, name, name));
    Files.writeString(file(name + ".ext"), extension + "\n");
    openssl(
        "x509 -req -in %s.csr -CA ca-cert.pem -CAkey ca-key.pem -CAcreateserial -days 2"
                .formatted(name)
            + " -extfile %s.ext -out %s-cert.pem".formatted(name, name));
  }

  private void newKey(String name) {
    openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out %s-key.pem".formatted(name));
  }

  /** File names in the arguments are those of the directory of certificates. */
  private void openssl(String arguments) {
    String[] words = ("openssl " + arguments).split(" ", -1);
    for (int i = 0; i < words.length; i++) {
      if (words[i].matches("[a-z-]+\\.(pem|csr|ext)")) {
        words[i] = file(words[i]).toString();
      }
    }
    Programs.run(words);
  }
}
