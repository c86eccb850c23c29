package io.jdrbd.nbd.clients;

import io.jdrbd.nbd.server.NbdServerOptions;
import io.jdrbd.nbd.server.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server with the export {@code disk} of 64 MiB in memory, for programs that nobody here wrote.
 */
@Timeout(300)
abstract class RealClientTestBase {
  static final int DISK_BYTES = 64 << 20;

  @TempDir Path directory;
  TestServer server;

  @BeforeEach
  void startServer() {
    server = new TestServer(NbdServerOptions.DEFAULT, 64 << 20);
    server.addMemoryExport("disk", DISK_BYTES, false);
    server.listen();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  String uri() {
    return "nbd+unix:///disk?socket=" + server.socket();
  }

  /** A file with data that is the same in each run. */
  Path randomFile(int bytes) {
    byte[] data = new byte[bytes];
    new Random(bytes).nextBytes(data);
    try {
      return Files.write(directory.resolve("random"), data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
