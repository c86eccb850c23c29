package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Who may connect: a jdrbd and a kernel's DRBD 8.4 with shared secrets, the same and others. */
@WithSharedKernel
class KernelHandshakeIT {
  private final KernelPair machines;

  @TempDir private Path directory;
  private KernelPeer kernel;

  KernelHandshakeIT(KernelPair machines) {
    this.machines = machines;
  }

  @BeforeEach
  void create(TestInfo test) {
    kernel = machines.kernel(test.getDisplayName());
  }

  @AfterEach
  void destroy() {
    kernel.destroy();
  }

  @Test
  void theSameSecretConnects() {
    try (HostPeer jdrbd = machines.jdrbd(directory, "--shared-secret=of both")) {
      for (String algorithm : List.of("md5", "sha1", "sha256")) {
        jdrbd.run("net-options", "r0", "0", "--cram-hmac-alg=" + algorithm);
        jdrbd.connect();
        connect(algorithm, "of both");
        kernel.await("cs:Connected ro:Secondary/Secondary ds:Inconsistent/Inconsistent");
        jdrbd.await("cs:Established ro:Secondary/Secondary ds:Inconsistent/Inconsistent");
        jdrbd.run("disconnect", "r0", "0");
        kernel.disconnect();
      }
    }
    machines.assertNothingOdd(kernel.log());
  }

  @Test
  void anotherSecretIsRefusedByBoth() {
    try (HostPeer jdrbd =
        machines.jdrbd(directory, "--cram-hmac-alg=sha256", "--shared-secret=one secret")) {
      jdrbd.connect();
      connect("sha256", "another secret");
      jdrbd.await("cs:StandAlone");
      assertThat(jdrbd.run("explain", "r0")).contains("authentic");
      kernel.await("cs:(StandAlone|WFConnection)");
      assertThat(kernel.log()).doesNotContain("Connected )");
    }
    // Whoever is faster hangs up, the other sees that.
    machines.assertNothingOdd(
        kernel.log(),
        "Authentication of peer failed",
        "sock was shut down by peer",
        "BrokenPipe",
        "short read (expected size 16)");
  }

  private void connect(String algorithm, String secret) {
    kernel.connect(
        "--protocol=C --cram-hmac-alg=%s --shared-secret='%s'".formatted(algorithm, secret));
  }
}
