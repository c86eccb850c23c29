package io.jdrbd.nbd.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** qemu-img and qemu-io. */
class QemuIT extends RealClientTestBase {

  @Test
  void info() {
    assertThat(Programs.run("qemu-img", "info", uri()))
        .contains("file format: raw")
        .contains("virtual size: 64 MiB (67108864 bytes)");
  }

  @Test
  void convertMapAndCompare() {
    Path original = randomFile(20 << 20);
    Programs.run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", original.toString(), uri());
    assertThat(Programs.run("qemu-img", "map", "--output=json", "-f", "raw", uri()))
        .contains("\"start\": 0, \"length\": 20971520", "\"data\": true")
        .contains("\"start\": 20971520, \"length\": 46137344", "\"data\": false");
    Path back = directory.resolve("back.qcow2");
    Programs.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", uri(), back.toString());
    Programs.run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", uri(), back.toString());
    assertThat(Programs.run("qemu-img", "compare", "-f", "raw", uri(), original.toString()))
        .contains("Images are identical");
  }

  @Test
  void readsWritesZeroesAndDiscards() {
    String output =
        Programs.run(
            "qemu-io",
            "-f",
            "raw",
            "-t",
            "none",
            "-d",
            "unmap",
            "-c",
            "write -P 0xa5 1M 3M",
            "-c",
            "write -P 0x5a 777 1333",
            "-c",
            "write -f -P 0x11 8M 64k",
            "-c",
            "read -P 0xa5 1M 3M",
            "-c",
            "read -P 0x5a 777 1333",
            "-c",
            "write -z 2M 64k",
            "-c",
            "write -z -u 3M 64k",
            "-c",
            "discard 8M 64k",
            "-c",
            "read -P 0 2M 64k",
            "-c",
            "read -P 0 3M 64k",
            "-c",
            "aio_write -P 0x22 16M 20M",
            "-c",
            "aio_flush",
            "-c",
            "read -P 0x22 16M 20M",
            "-c",
            "flush",
            "-c",
            "map",
            uri());
    assertThat(output).doesNotContainIgnoringCase("error").doesNotContain("verification failed");
  }

  @Test
  void requestsBeyondTheEndFail() {
    assertThat(Programs.tryRun("qemu-io", "-f", "raw", "-c", "read 64M 512", uri()).output())
        .contains("Input/output error");
  }
}
