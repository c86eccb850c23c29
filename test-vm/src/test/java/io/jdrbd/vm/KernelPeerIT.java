package io.jdrbd.vm;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** jdrbd on the host and the kernel's DRBD 8.4 in a guest, as each other's peer: data and roles. */
class KernelPeerIT {
  private static KernelPair machines;

  @TempDir private Path directory;
  private KernelPeer kernel;

  @BeforeAll
  static void boot() {
    machines = KernelPair.boot();
  }

  @AfterAll
  static void end() {
    machines.close();
  }

  @BeforeEach
  void create(TestInfo test) {
    kernel = machines.kernel(test.getDisplayName());
  }

  @AfterEach
  void destroy() {
    kernel.destroy();
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "B", "C"})
  void whatJdrbdWritesIsOnTheKernelsDisk(String protocol) {
    try (HostPeer jdrbd = machines.jdrbd(directory, "--protocol=" + protocol)) {
      jdrbd.run("primary", "r0", "--force");
      jdrbd.io("write -P 0x11 0 2M", "write -P 0x12 9M 3M");
      jdrbd.connect();
      kernel.connect("--protocol=" + protocol);
      kernel.await("cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate " + protocol);
      jdrbd.await("cs:Established ro:Primary/Secondary ds:UpToDate/UpToDate oos:0");
      jdrbd.fio(
          "--rw=randwrite",
          "--bsrange=512-256k",
          "--bs_unaligned=0",
          "--blockalign=512",
          "--size=8M",
          "--iodepth=16",
          "--verify=crc32c",
          "--verify_state_save=0",
          "--fsync=16");
      jdrbd.io("discard 10M 1M", "write -z 11M 512k", "write -z -u 12M 64k", "flush");
      jdrbd.run("secondary", "r0");
      kernel.await("cs:Connected ro:Secondary/Secondary ds:UpToDate/UpToDate");
      jdrbd.run("down", "r0");
      kernel.await("cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown");
      machines.assertEqualDisks();
    }
    machines.assertNothingOdd(kernel.log());
  }
}
