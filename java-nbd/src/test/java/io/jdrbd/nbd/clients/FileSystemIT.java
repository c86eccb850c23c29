package io.jdrbd.nbd.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * An ext4 filesystem on the export, by way of nbdfuse, which makes the export a file, and a loop
 * device. Needs root.
 */
class FileSystemIT extends RealClientTestBase {

  @Test
  void ext4() throws IOException {
    Path fuse = Files.createDirectory(directory.resolve("fuse"));
    Path mounted = Files.createDirectory(directory.resolve("mounted"));
    Process nbdfuse = Programs.start("nbdfuse", fuse.toString(), uri());
    try {
      Path file = fuse.resolve("nbd");
      awaitFile(file, nbdfuse);
      String loop = Programs.run("losetup", "--find", "--show", file.toString()).strip();
      try {
        Programs.run("mkfs.ext4", "-q", loop);
        writeUnder(mounted, loop);
        readUnder(mounted, loop);
        assertThat(Programs.run("fsck.ext4", "-f", "-n", loop)).doesNotContain("FIXED");
      } finally {
        Programs.run("losetup", "--detach", loop);
      }
    } finally {
      Programs.run("fusermount3", "-u", fuse.toString());
      awaitEnd(nbdfuse);
    }
  }

  private void writeUnder(Path mounted, String loop) throws IOException {
    Programs.run("mount", loop, mounted.toString());
    try {
      Files.copy(randomFile(8 << 20), mounted.resolve("large"));
      for (int i = 0; i < 200; i++) {
        Files.writeString(mounted.resolve("small-" + i), "file " + i);
      }
    } finally {
      Programs.run("umount", mounted.toString());
    }
  }

  private void readUnder(Path mounted, String loop) throws IOException {
    Programs.run("mount", loop, mounted.toString());
    try {
      assertThat(mounted.resolve("large")).hasSameBinaryContentAs(randomFile(8 << 20));
      for (int i = 0; i < 200; i++) {
        assertThat(mounted.resolve("small-" + i)).hasContent("file " + i);
      }
    } finally {
      Programs.run("umount", mounted.toString());
    }
  }

  private static void awaitFile(Path file, Process maker) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(file)) {
      if (!maker.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("nbdfuse made no " + file);
      }
      Thread.onSpinWait();
    }
  }

  private static void awaitEnd(Process process) {
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("nbdfuse has ended").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
