package io.jdrbd.kernel.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SystemCallsTest {
  private static final int O_NONBLOCK = 04000;

  /** A loop that reads as long as there may be more would stand still at a socket that waits. */
  @Test
  void aSocketOfAPairLetsNoCallWait() throws IOException {
    SystemCalls.SocketPair pair = SystemCalls.socketPair();
    try (Fd ours = pair.ours();
        Fd _ = pair.kernels()) {
      assertThat(flags(ours) & O_NONBLOCK).isEqualTo(O_NONBLOCK);
    }
  }

  private static int flags(Fd fd) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd.number())).stream()
        .filter(line -> line.startsWith("flags:"))
        .mapToInt(line -> Integer.parseInt(line.substring("flags:".length()).strip(), 8))
        .findFirst()
        .orElseThrow();
  }
}
