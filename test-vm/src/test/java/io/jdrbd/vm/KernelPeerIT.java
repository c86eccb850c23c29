package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** jdrbd on the host and the kernel's DRBD 8.4 in a guest, as each other's peer: data and roles. */
@WithSharedKernel
class KernelPeerIT {
  private static final String DATA = "0x0000";
  private static final String BARRIER = "0x0003";
  private static final String STATE = "0x000e";

  private final KernelPair machines;

  @TempDir private Path directory;
  private KernelPeer kernel;

  KernelPeerIT(KernelPair machines) {
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
  void whatJdrbdWritesIsOnTheKernelsDisk() {
    Sniffer sniffer = machines.sniff(directory.resolve("pcap"));
    try (sniffer;
        HostPeer jdrbd = machines.jdrbd(directory)) {
      jdrbd.run("primary", "r0", "--force");
      jdrbd.io("write -P 0x11 0 2M", "write -P 0x12 9M 3M");
      String[][] turns = {{"A", "crc32c"}, {"B", "sha1"}, {"C", ""}};
      for (String[] turn : turns) {
        String protocol = turn[0];
        String digest = "--data-integrity-alg=" + turn[1];
        jdrbd.run("net-options", "r0", "0", "--protocol=" + protocol, digest);
        jdrbd.connect();
        kernel.connect("--protocol=%s %s".formatted(protocol, digest));
        kernel.await("cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate " + protocol);
        jdrbd.await("cs:Established ro:Primary/Secondary ds:UpToDate/UpToDate oos:0");
        writeOfEveryKind(jdrbd);
        jdrbd.run("disconnect", "r0", "0");
        kernel.await("cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown");
        machines.assertEqualDisks();
        kernel.disconnect();
      }
    }
    machines.assertNothingOdd(kernel.log());
    assertThat(sniffer.faults()).isEmpty();
    assertThat(sniffer.commandsFrom("10.77.0.254")).contains(DATA, BARRIER, STATE);
  }

  private static void writeOfEveryKind(HostPeer jdrbd) {
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
  }

  @Test
  void aFileSystemOfTheKernelIsOnJdrbdsDiskAndRolesGoBackAndForth() {
    try (HostPeer jdrbd = machines.jdrbd(directory, "--data-integrity-alg=md5")) {
      kernel.setup("primary 0 --force");
      kernel.connect("--protocol=C --data-integrity-alg=md5");
      jdrbd.connect();
      jdrbd.await("cs:Established ro:Secondary/Primary ds:UpToDate/UpToDate oos:0");
      kernel.run("mkfs.ext4 -q -b 1024 %s && mount -t ext4 %<s /mnt".formatted(KernelPeer.DEVICE));
      kernel.run(
          "fio --name=job --directory=/mnt --rw=randwrite --bs=1k-64k --size=4M --fsync=32"
              + " --verify=crc32c --verify_state_save=0");
      assertThat(jdrbd.refused("primary", "r0")).contains("Multiple primaries");
      kernel.run("umount /mnt");
      kernel.setup("secondary 0");
      jdrbd.run("primary", "r0");
      kernel.await("cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate C");
      machines.assertEqualDisks();
      assertThat(machines.checkFileSystem()).contains("Pass 5", ": 12/");
      jdrbd.io("write -P 0x5a 15M 64k", "flush");
      assertThat(kernel.attempt("primary 0").succeeded()).as("two Primaries").isFalse();
      jdrbd.run("secondary", "r0");

      kernel.setup("primary 0");
      jdrbd.await("cs:Established ro:Secondary/Primary ds:UpToDate/UpToDate oos:0");
      assertThat(
              kernel.run(
                  "dd if=%s bs=64k skip=240 count=1 iflag=direct | tr -d 'Z' | wc -c"
                      .formatted(KernelPeer.DEVICE)))
          .startsWith("0");
      kernel.setup("secondary 0");
      kernel.setup("down r0");
      jdrbd.await("cs:Connecting ro:Secondary/Unknown ds:UpToDate/.*");
      machines.assertEqualDisks();
    }
    machines.assertNothingOdd(kernel.log());
  }
}
