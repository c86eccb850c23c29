package io.jdrbd.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A virtual machine that runs. Scripts are given to the guest's {@code /bin/sh} (busybox) as root;
 * several may run at a time.
 *
 * <pre>{@code
 * try (Guest guest = Guest.named("alpha").module("nbd").disk("data", 64L << 20).start()) {
 *   guest.run("mkfs.ext4 -q /dev/disk/data");
 * }
 * }</pre>
 *
 * Closing a guest cuts its power. A guest ends with the JVM that started it, however that ends.
 */
public final class Guest implements AutoCloseable {

  /**
   * The address under which a guest with {@link GuestBuilder#hostNetwork()} reaches the host's
   * loopback.
   */
  public static final String HOST_ADDRESS = "10.0.2.2";

  /** The guest's own address towards the host. */
  static final String ADDRESS_TOWARDS_HOST = "10.0.2.15";

  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration POWER_OFF_TIMEOUT = Duration.ofSeconds(20);
  private static final long CONSOLE_LINES_SHOWN = 60;
  private static final byte[] NO_INPUT = {};

  private final GuestBuilder settings;
  private final Process qemu;
  private final Thread killer;
  private final AgentChannel agent;

  private Guest(GuestBuilder settings, Process qemu, AgentChannel agent) {
    this.settings = settings;
    this.qemu = qemu;
    this.agent = agent;
    this.killer = new Thread(qemu::destroyForcibly, "kill-" + settings.name);
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /** Begins the description of a guest; the name is its host name. */
  public static GuestBuilder named(String name) {
    return new GuestBuilder(name);
  }

  static Guest boot(GuestBuilder settings) {
    Guest guest = launch(settings);
    try {
      guest.awaitReady();
      return guest;
    } catch (GuestException e) {
      guest.close();
      throw e;
    }
  }

  private static Guest launch(GuestBuilder settings) {
    RunDirectory directory = settings.directory;
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(directory.agentSocket()));
      Process qemu = Qemu.start(settings);
      Optional<SocketChannel> socket = accept(listener, qemu);
      if (socket.isEmpty()) {
        qemu.destroyForcibly();
        throw new GuestException("QEMU did not start: " + Files.readString(directory.qemuLog()));
      }
      return new Guest(settings, qemu, new AgentChannel(socket.get(), settings.name));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start guest " + settings.name, e);
    }
  }

  /** Waits until QEMU connects the agent's port; empty if it ends, or does not connect in time. */
  private static Optional<SocketChannel> accept(ServerSocketChannel listener, Process qemu)
      throws IOException {
    listener.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      listener.register(selector, SelectionKey.OP_ACCEPT);
      CompletableFuture<Void> exit = qemu.onExit().thenRun(selector::wakeup);
      selector.select(CONNECT_TIMEOUT.toMillis());
      return exit.isDone() ? Optional.empty() : Optional.ofNullable(listener.accept());
    }
  }

  private void awaitReady() {
    try {
      boolean heard =
          agent.helloOrLost().await(settings.bootTimeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!heard || agent.isLost()) {
        throw failure("was not ready within " + settings.bootTimeout.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted while it booted", e);
    }
  }

  /**
   * Runs a script that must succeed within 60 s.
   *
   * @throws GuestException if its exit code is not 0, if it does not end in time, or the guest is
   *     lost
   */
  public CommandResult run(String script) {
    return run(script, COMMAND_TIMEOUT);
  }

  /**
   * Runs a script that must succeed.
   *
   * @throws GuestException if its exit code is not 0, if it does not end in time, or the guest is
   *     lost
   */
  public CommandResult run(String script, Duration timeout) {
    GuestProcess process = start(script);
    CommandResult result = process.await(timeout);
    if (!result.succeeded()) {
      throw failure("exit code " + result.exitCode() + " of: " + process.describe());
    }
    return result;
  }

  /**
   * Runs a script that may fail, within 60 s.
   *
   * @throws GuestException if it does not end in time, or the guest is lost
   */
  public CommandResult attempt(String script) {
    return start(script).await(COMMAND_TIMEOUT);
  }

  /** Starts a script and does not wait for it. */
  public GuestProcess start(String script) {
    return agent.run(this, script, NO_INPUT);
  }

  /**
   * Runs a condition again and again in the guest until it succeeds.
   *
   * @throws GuestException if it does not succeed in time
   */
  public void await(String condition, Duration timeout) {
    run("until { " + condition + "\n} >/dev/null 2>&1; do sleep 0.05; done", timeout);
  }

  /**
   * Writes a file in the guest, with the permissions given in octal. Parent directories are made.
   */
  public void put(String path, byte[] content, String mode) {
    String script =
        "mkdir -p \"$(dirname '%s')\" && cat > '%<s' && chmod %s '%1$s'".formatted(path, mode);
    CommandResult result = agent.run(this, script, content).await(COMMAND_TIMEOUT);
    if (!result.succeeded()) {
      throw failure("cannot write " + path + ": " + result.stderr());
    }
  }

  /** Writes a text file in the guest. Parent directories are made. */
  public void put(String path, String content) {
    put(path, content.getBytes(StandardCharsets.UTF_8), "644");
  }

  /** Reads a text file of the guest. */
  public String get(String path) {
    return run("cat '" + path + "'").stdout();
  }

  /** The kernel's log, from the running guest. */
  public String kernelLog() {
    return run("dmesg").stdout();
  }

  /**
   * What the console has shown so far: the kernel's messages from "notice" on; also after the
   * guest's end.
   */
  public String console() {
    Path console = settings.directory.console();
    try {
      return Files.exists(console) ? Files.readString(console, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + console, e);
    }
  }

  /** The TCP port on the host's loopback that leads to this port of the guest. */
  public int forwardedPort(int guestPort) {
    return settings
        .forwardedPort(guestPort)
        .orElseThrow(() -> new IllegalArgumentException("port " + guestPort + " is not forwarded"));
  }

  /** Makes a disk larger while the guest runs, and waits until the guest knows. */
  public void growDisk(String diskName, long sizeBytes) {
    int index = settings.disks.stream().map(GuestDisk::name).toList().indexOf(diskName);
    try (Monitor monitor = Monitor.open(settings.directory.monitorSocket())) {
      monitor.command("block_resize disk%d %dB".formatted(index, sizeBytes));
      await(
          "[ $(blockdev --getsize64 /dev/disk/%s) = %d ]".formatted(diskName, sizeBytes),
          COMMAND_TIMEOUT);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot grow the disk " + diskName, e);
    }
  }

  /** Whether the virtual machine runs. */
  public boolean isRunning() {
    return qemu.isAlive();
  }

  /** Writes what is dirty to the disks and turns the guest off. */
  public void powerOff() {
    start("sync; poweroff -f");
    awaitEnd();
  }

  /**
   * Cuts the power: what the guest had not written to its disks is lost. The disks stay until
   * {@link #close()}.
   */
  public void powerCut() {
    qemu.destroyForcibly();
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!qemu.waitFor(POWER_OFF_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure("did not end within " + POWER_OFF_TIMEOUT.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted while it ended", e);
    }
  }

  /** An exception with this message, and the guest's name before and its console after it. */
  GuestException failure(String message) {
    return new GuestException(explain(message));
  }

  GuestException failure(String message, Throwable cause) {
    return new GuestException(explain(message), cause);
  }

  private String explain(String message) {
    String console = console();
    long lines = console.lines().count();
    StringBuilder text =
        new StringBuilder("guest " + settings.name + ": " + message + "\n--- console:\n");
    console
        .lines()
        .skip(Math.max(0, lines - CONSOLE_LINES_SHOWN))
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  /** Cuts the power and deletes the disks that were made for this guest. */
  @Override
  public void close() {
    powerCut();
    Runtime.getRuntime().removeShutdownHook(killer);
    try {
      agent.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the agent of guest " + settings.name, e);
    }
    settings.directory.dispose();
  }
}
