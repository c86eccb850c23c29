package io.jdrbd.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jdrbd.nbd.protocol.NbdOption;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Sends what a fuzzer thinks of. The normal build sends the inputs under {@code
 * src/test/resources}; docs/nbd.md says how to search for new ones. After each input the server
 * must have answered nothing that the protocol does not know, must have given its memory back, must
 * have met no unexpected exception, and must serve the next client.
 */
class NbdFuzzTest {
  /** So small that no input of this length can make the server block. */
  private static final int INPUT_BYTES_MAX = 64 << 10;

  private static final int DISK_BYTES = 64 << 10;

  private static TestServer server;
  private static ErrorLog errors;

  @BeforeAll
  static void startServer() {
    errors = new ErrorLog();
    Logger.getLogger("io").addHandler(errors);
    server =
        new TestServer(
            NbdServerOptions.DEFAULT.withTimeouts(
                TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(5)),
            16 << 20);
    server.addMemoryExport("disk", DISK_BYTES, false);
    server.listen();
  }

  @AfterAll
  static void stopServer() {
    server.close();
    Logger.getLogger("io").removeHandler(errors);
  }

  /** All that a client sends, from its first byte. */
  @FuzzTest(maxDuration = "2m")
  void handshake(byte[] input) throws IOException {
    if (input.length <= INPUT_BYTES_MAX) {
      try (RawClient client = RawClient.connect(server.socket())) {
        client.readGreeting();
        LegalAnswers.assertHandshake(client.answersTo(input), DISK_BYTES);
      }
      assertUnharmed();
    }
  }

  /** All that a client sends in the transmission phase; the first byte chooses the headers. */
  @FuzzTest(maxDuration = "2m")
  void transmission(byte[] input) throws IOException {
    if (input.length > 0 && input.length <= INPUT_BYTES_MAX) {
      NbdOption mode =
          (input[0] & 1) == 0 ? NbdOption.STRUCTURED_REPLY : NbdOption.EXTENDED_HEADERS;
      byte[] requests = Arrays.copyOfRange(input, 1, input.length);
      try (RawClient client =
          RawClient.inTransmission(server.socket(), "disk", mode, NbdOption.SET_META_CONTEXT)) {
        LegalAnswers.assertTransmission(client.answersTo(requests));
      }
      assertUnharmed();
    }
  }

  private static void assertUnharmed() throws IOException {
    RawClient.inTransmission(server.socket(), "disk").close();
    server.await("all memory is given back", () -> server.pool().outstanding() == 0);
    server.await("all clients are gone", () -> server.server().clients().isEmpty());
    assertThat(errors.count).isZero();
  }

  /** Counts what is logged as an error. */
  private static final class ErrorLog extends Handler {
    private volatile int count;

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // whether it is zero is all that matters
    public void publish(LogRecord record) {
      if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
        count++;
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
