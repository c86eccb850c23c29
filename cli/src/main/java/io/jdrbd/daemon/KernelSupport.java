package io.jdrbd.daemon;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.kernel.KernelNbd;
import io.jdrbd.kernel.memory.IoFlusher;
import io.jdrbd.kernel.netlink.GenericNetlink;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.nbd.server.NbdServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether this daemon can make block devices.
 *
 * @param nbd makes them; empty if it cannot
 * @param missing why it cannot, for people
 */
public record KernelSupport(Optional<KernelNbd> nbd, String missing) implements AutoCloseable {
  private static final Path MODULE = Path.of("/sys/module/nbd");
  private static final String ANY_FAMILY = "nlctrl";
  private static final Duration REHEARSAL_BOUND = Duration.ofSeconds(5);
  private static final Path LINKS = Path.of("/dev/drbd/by-res");

  static KernelSupport find(EpollLoop loop, NbdServer server, BufferPool pool, RunDir runDir) {
    return impediment()
        .map(reason -> new KernelSupport(Optional.empty(), reason))
        .orElseGet(
            () ->
                new KernelSupport(
                    Optional.of(new KernelNbd(loop, server, pool, runDir.path(), LINKS)), ""));
  }

  private static Optional<String> impediment() {
    if (!RunDir.isRoot()) {
      return Optional.of("that takes root");
    }
    return Files.isDirectory(MODULE)
        ? Optional.empty()
        : Optional.of("the kernel's module nbd is not loaded: modprobe nbd");
  }

  /**
   * To be called first of all in a process that becomes a daemon. Where block devices are possible,
   * it starts the process anew, so that every thread of it is one that the kernel does not let wait
   * for its own devices; then it does not return.
   *
   * @return why that could not be, for the log; empty if there is nothing to say
   */
  public static Optional<String> prepareProcess() {
    return impediment().isPresent() ? Optional.empty() : IoFlusher.restartMarked();
  }

  /**
   * Talks to the kernel as a daemon with block devices does, for the record of what such a daemon
   * needs; changes nothing, and needs neither root nor the module.
   */
  public static void rehearse() throws IOException {
    var _ = IoFlusher.isMarked();
    try (GenericNetlink netlink = GenericNetlink.open()) {
      var _ = netlink.family(ANY_FAMILY, REHEARSAL_BOUND);
    }
  }

  @Override
  public void close() {
    nbd.ifPresent(KernelNbd::close);
  }
}
