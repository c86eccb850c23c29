package io.jdrbd.nbd.server;

import io.jdrbd.nbd.protocol.NbdCommand;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A server on a Unix socket with one export, {@code disk}, of 8 MiB. */
@Timeout(60)
abstract class ServerTestBase {
  static final int DISK_BYTES = 8 << 20;

  TestServer server;
  TestDisk disk;
  TestExport export;

  @BeforeEach
  void startServer() {
    server = new TestServer(options(), 64 << 20);
    disk = new TestDisk(server.loop(), DISK_BYTES);
    export = new TestExport("disk", server.loop(), disk, false);
    server.add(export);
    server.listen();
  }

  NbdServerOptions options() {
    return NbdServerOptions.DEFAULT;
  }

  /** Ends the server, which fails if a buffer is not given back. */
  @AfterEach
  void stopServer() throws IOException {
    server.onLoop(
        () -> {
          disk.letGo();
          return true;
        });
    server.close();
  }

  /** Fails unless a new client is served. */
  void assertServes() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdCommand.READ, 0, 1, 0, 512);
      client.readSimple();
      client.read(512);
    }
  }
}
