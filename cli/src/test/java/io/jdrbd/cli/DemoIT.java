package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.cli.TestNode.Result;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README, as a person runs it: two daemons, a kill -9, a resync. */
class DemoIT {
  @TempDir private Path directory;

  @Test
  void theDemoTellsItsStoryToTheEndAndLeavesNothingBehind()
      throws IOException, InterruptedException {
    Result demo = demo("--yes");

    assertThat(demo.exit()).as("%s%n%s", demo.out(), demo.err()).isZero();
    assertThat(demo.out())
        .contains(
            "first full resync",
            "✓ Nothing is lost: bravo has every byte that alpha had confirmed.",
            "bravo knows what alpha lacks: 8192 KiB of ",
            "The demo succeeded")
        .containsPattern("(?s)(✓ All \\d+ MiB are the same on both disks\\..*){2}");
    assertThat(directory.toFile().list((where, name) -> name.startsWith("jdrbd-demo"))).isEmpty();
  }

  @Test
  void anUnknownOptionIsNamed() throws IOException, InterruptedException {
    Result demo = demo("--fast");

    assertThat(demo.exit()).isEqualTo(20);
    assertThat(demo.err()).endsWith("jdrbd demo: --fast is not known; the only option is --yes\n");
  }

  private Result demo(String option) throws IOException, InterruptedException {
    ProcessBuilder builder = TestNode.builder(directory, "demo", option);
    builder.environment().put("TMPDIR", directory.toString());
    return TestNode.run(builder, directory);
  }
}
