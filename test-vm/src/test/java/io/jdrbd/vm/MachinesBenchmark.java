package io.jdrbd.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Measures writes to a pair of machines with jdrbd, through {@code /dev/nbd0}, against writes to a
 * pair with the kernel's DRBD 8.4: disks, networks, memory and the options of DRBD are alike, and
 * the pairs take turns. Started by {@code test-vm/benchmark/machines}; prints a table in Markdown.
 */
final class MachinesBenchmark {
  private static final long DISK_BYTES = 64L << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(6);
  private static final String PORT = ":7789";

  /** Where in fio's terse output, version 3, the rate of writes stands. */
  private static final int WRITE_IOPS = 48;

  private enum Workload {
    RANDOM_1("4k-randwrite-qd1", "--rw=randwrite --bs=4k --iodepth=1"),
    RANDOM_32("4k-randwrite-qd32", "--rw=randwrite --bs=4k --iodepth=32"),
    SEQUENTIAL("1M-write-qd8", "--rw=write --bs=1M --iodepth=8");

    private final String label;
    private final String options;

    Workload(String label, String options) {
      this.label = label;
      this.options = options;
    }
  }

  /** Two connected machines, the first of which is Primary and in sync. */
  private record Machines(GuestNetwork network, Guest primary, Guest secondary, String device)
      implements AutoCloseable {

    /** Writes per second. */
    double measure(Workload workload, int seconds) {
      String terse =
          primary
              .run(
                  "fio --name=writes --filename=%s --direct=1 --ioengine=libaio --runtime=%d"
                          .formatted(device, seconds)
                      + " --time_based --output-format=terse "
                      + workload.options,
                  PATIENCE)
              .stdout();
      return Double.parseDouble(terse.split(";", -1)[WRITE_IOPS]);
    }

    @Override
    public void close() {
      secondary.close();
      primary.close();
      network.close();
    }
  }

  private final Path directory;
  private final int rounds;
  private final int seconds;

  private MachinesBenchmark(Path directory, int rounds, int seconds) {
    this.directory = directory;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  /**
   * Runs it.
   *
   * @param arguments how often each pair is measured, and for how many seconds each time
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createTempDirectory("jdrbd-machines-");
    try {
      new MachinesBenchmark(
              directory, Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]))
          .run();
    } finally {
      for (String disk : List.of("jdrbd-0", "jdrbd-1", "kernel-0", "kernel-1")) {
        Files.deleteIfExists(directory.resolve(disk));
      }
      Files.delete(directory);
    }
  }

  private void run() throws IOException {
    progress("booting two machines with DRBD 8.4");
    try (Machines kernel = kernelPair()) {
      progress("booting two machines with jdrbd");
      try (Machines jdrbd = jdrbdPair()) {
        for (Workload workload : Workload.values()) {
          progress("warming up: " + workload.label);
          jdrbd.measure(workload, seconds);
          kernel.measure(workload, seconds);
        }
        System.out.println("|  | DRBD 8.4, IOPS | jdrbd, IOPS | ratio |\n|---|---:|---:|---:|");
        for (Workload workload : Workload.values()) {
          System.out.println(row(workload, kernel, jdrbd));
        }
      }
    }
  }

  /** Each ratio is of neighbours in time; the figures are medians, with the extremes. */
  private String row(Workload workload, Machines kernel, Machines jdrbd) {
    List<Double> theirs = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      progress("round %d of %d: %s".formatted(round + 1, rounds, workload.label));
      theirs.add(kernel.measure(workload, seconds));
      ours.add(jdrbd.measure(workload, seconds));
      ratios.add(ours.getLast() / theirs.getLast());
    }
    return "| %s | %s | %s | %s |"
        .formatted(
            workload.label, figure("%.0f", theirs), figure("%.0f", ours), figure("%.2f", ratios));
  }

  private static String figure(String format, List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double[] shown = {sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]};
    return "%s (%s to %s)"
        .formatted(
            Arrays.stream(shown)
                .mapToObj(value -> String.format(Locale.ROOT, format, value))
                .toArray());
  }

  private Machines jdrbdPair() throws IOException {
    GuestNetwork network = GuestNetwork.create();
    Guest alpha = jdrbdMachine(network, 0);
    Guest bravo = jdrbdMachine(network, 1);
    CompletableFuture<GuestNode> peer =
        CompletableFuture.supplyAsync(
            () -> GuestNode.replicate(bravo, 1, address(1) + PORT, address(0) + PORT));
    GuestNode.replicate(alpha, 0, address(0) + PORT, address(1) + PORT);
    peer.join();
    alpha.run(
        "jdrbd wait-connect-resource r0 && jdrbd primary r0 --force"
            + " && jdrbd wait-sync-resource r0",
        PATIENCE);
    return new Machines(network, alpha, bravo, "/dev/nbd0");
  }

  private Guest jdrbdMachine(GuestNetwork network, int id) throws IOException {
    Path disk = DiskImage.create(directory.resolve("jdrbd-" + id), DISK_BYTES);
    return machine("jdrbd-" + id, network, id).module("nbd").jdrbd().disk("data", disk).start();
  }

  private Machines kernelPair() throws IOException {
    GuestNetwork network = GuestNetwork.create();
    Guest alpha = kernelMachine(network, 0);
    Guest bravo = kernelMachine(network, 1);
    alpha.await("grep -q cs:Connected /proc/drbd", PATIENCE);
    alpha.run("/lib/drbd/drbdsetup-84 primary 0 --force");
    alpha.await("grep -q ds:UpToDate/UpToDate /proc/drbd", PATIENCE);
    return new Machines(network, alpha, bravo, KernelPeer.DEVICE);
  }

  private Guest kernelMachine(GuestNetwork network, int id) throws IOException {
    Path disk = Files.write(directory.resolve("kernel-" + id), new byte[(int) DISK_BYTES]);
    Guest guest = machine("kernel-" + id, network, id).module("drbd").disk("data", disk).start();
    guest.run(
        """
        drbdmeta --force 0 v08 /dev/disk/data internal create-md --force >/tmp/md 2>&1 &&
        cd /lib/drbd &&
        ./drbdsetup-84 new-resource r0 && ./drbdsetup-84 new-minor r0 0 0 &&
        ./drbdsetup-84 attach 0 /dev/disk/data /dev/disk/data internal &&
        ./drbdsetup-84 connect r0 ipv4:%s ipv4:%s --protocol=C --ping-timeout=20 &&
        { test -b %3$s || mknod -m 600 %3$s b 147 0; }
        """
            .formatted(address(id) + PORT, address(1 - id) + PORT, KernelPeer.DEVICE),
        PATIENCE);
    return guest;
  }

  private static GuestBuilder machine(String name, GuestNetwork network, int id) {
    return Guest.named(name).memoryMib(512).network(network, address(id) + "/24");
  }

  private static String address(int id) {
    return "10.77.0." + (id + 1);
  }

  private static void progress(String doing) {
    System.err.println("machines: " + doing);
  }
}
