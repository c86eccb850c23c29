package io.jdrbd.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** jdrbd on the host, as the kernel's peer: resource r0, minor 10, on a file. */
final class HostPeer implements AutoCloseable {
  static final String ADDRESS = "10.77.0.254:7789";

  private static final String MINOR = "10";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path directory;
  private final HostNamespace namespace;
  private final Path disk;
  private HostNode node;

  /** Starts a daemon whose volume is attached; the disk gets fresh metadata. */
  HostPeer(Path directory, HostNamespace namespace, Path disk, String... netOptions) {
    this.directory = directory;
    this.namespace = namespace;
    this.disk = disk;
    HostProgram.run(
        "drbdmeta",
        "--force",
        "9",
        "v09",
        disk.toString(),
        "internal",
        "create-md",
        "1",
        "--force");
    this.node = HostNode.start(directory, namespace);
    run("new-resource", "r0", "1");
    run("new-minor", "r0", MINOR, "0", "--device", "none");
    attach();
    List<String> peer = new ArrayList<>(List.of("new-peer", "r0", "0", "--_name=kernel"));
    peer.add("--ping-timeout=20");
    peer.addAll(List.of(netOptions));
    run(peer.toArray(String[]::new));
    run("new-path", "r0", "0", "local:ipv4:" + ADDRESS, "peer:ipv4:" + KernelPeer.ADDRESS);
  }

  void attach() {
    run("attach", MINOR, disk.toString(), disk.toString(), "internal");
  }

  /** Runs a command that must succeed. */
  String run(String... words) {
    return node.run(words);
  }

  /** Runs a command that must be refused, and says with what words. */
  String refused(String... words) {
    try {
      throw new AssertionError("not refused: %s %s".formatted(List.of(words), node.run(words)));
    } catch (GuestException e) {
      return e.getMessage();
    }
  }

  void connect() {
    run("connect", "r0", "0");
  }

  /** The state in one line, laid out like that of {@code /proc/drbd}. */
  String state() {
    String json = run("status", "r0", "--json");
    String replication = field(json, "replication-state");
    return "cs:%s ro:%s/%s ds:%s/%s oos:%s"
        .formatted(
            replication.equals("Off") ? field(json, "connection-state") : replication,
            field(json, "role"),
            field(json, "peer-role"),
            field(json, "disk-state"),
            field(json, "peer-disk-state"),
            field(json, "out-of-sync"));
  }

  /** A field of {@code status --json}: there is one resource, volume and connection. */
  private static String field(String json, String name) {
    Matcher matcher = Pattern.compile("\"%s\": \"?([\\w.]+)".formatted(name)).matcher(json);
    assertThat(matcher.find()).as("%s in %s", name, json).isTrue();
    return matcher.group(1);
  }

  /** Waits until the state has this, a regular expression. */
  void await(String words) {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    String state = state();
    while (!state.matches(".*" + words + ".*")) {
      assertThat(System.nanoTime() < deadlineNs)
          .as("waited for '%s' but it is %s; the daemon's log:\n%s", words, state, node.log())
          .isTrue();
      state = state();
    }
  }

  /** Waits until both are connected, in sync and in these roles. */
  void awaitSynced(KernelPeer kernel, String kernelRole, String ownRole) {
    await("cs:Established ro:%s/%s ds:UpToDate/UpToDate oos:0".formatted(ownRole, kernelRole));
    kernel.await("cs:Connected ro:%s/%s ds:UpToDate/UpToDate".formatted(kernelRole, ownRole));
  }

  /** Runs commands of qemu-io on the volume; all must succeed, and patterns be found. */
  void io(String... commands) {
    List<String> line = new ArrayList<>(List.of("qemu-io", "-f", "raw", "-d", "unmap"));
    for (String command : commands) {
      line.add("-c");
      line.add(command);
    }
    line.add(uri());
    assertThat(HostProgram.run(line.toArray(String[]::new)))
        .doesNotContain("verification failed", "rror");
  }

  /** Runs fio on the volume. */
  void fio(String... options) {
    List<String> line = new ArrayList<>(List.of("fio", "--name=job", "--ioengine=nbd"));
    line.add("--uri=" + uri());
    line.addAll(Arrays.asList(options));
    HostProgram.run(line.toArray(String[]::new));
  }

  private String uri() {
    return "nbd+unix:///r0/0?socket=" + node.socket();
  }

  String log() {
    return node.log();
  }

  /** The daemon is gone from one moment to the next. */
  void kill() {
    node.kill();
  }

  /** Starts the daemon that was killed; it restores what was configured. */
  void restart() {
    node = HostNode.start(directory, namespace);
  }

  @Override
  public void close() {
    node.close();
  }
}
