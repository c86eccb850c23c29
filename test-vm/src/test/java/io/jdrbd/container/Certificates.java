package io.jdrbd.container;

import io.jdrbd.vm.HostProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An authority, and a certificate that it has signed for one server: PEM files with the names that
 * libnbd and qemu give them.
 *
 * @param server holds server-cert.pem and server-key.pem
 * @param client holds ca-cert.pem
 */
record Certificates(Path server, Path client) {

  /** Makes them with openssl, below a directory. */
  static Certificates make(Path directory, String hostName) throws IOException {
    Path server = Files.createDirectories(directory.resolve("server"));
    Path client = Files.createDirectories(directory.resolve("client"));
    Path authorityKey = directory.resolve("ca-key.pem");
    Path authority = client.resolve("ca-cert.pem");
    Path request = directory.resolve("request.pem");
    Path extensions = directory.resolve("extensions");
    Files.writeString(
        extensions, "subjectAltName=DNS:" + hostName + "\nextendedKeyUsage=serverAuth\n");
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority"
            + " -keyout %s -out %s".formatted(authorityKey, authority));
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=%s -keyout %s -out %s"
            .formatted(hostName, server.resolve("server-key.pem"), request));
    openssl(
        "x509 -req -days 2 -CAcreateserial -in %s -CA %s -CAkey %s -extfile %s -out %s"
            .formatted(
                request, authority, authorityKey, extensions, server.resolve("server-cert.pem")));
    return new Certificates(server, client);
  }

  private static void openssl(String arguments) {
    HostProgram.run(("openssl " + arguments).split(" "));
  }
}
