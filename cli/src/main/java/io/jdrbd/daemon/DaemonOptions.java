package io.jdrbd.daemon;

import io.jdrbd.nbd.server.NbdAddress;
import io.jdrbd.nbd.server.TlsPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a daemon is started with.
 *
 * @param listen where NBD clients connect; empty: on the Unix socket in the run directory
 * @param tls whether they speak TLS on TCP
 * @param poolBytes memory for requests in flight; a power of two
 * @param readyFd the file descriptor to write to when ready
 * @param helper the program that runs handlers; empty: none are run
 */
public record DaemonOptions(
    RunDir runDir,
    List<NbdAddress> listen,
    TlsPolicy tls,
    int poolBytes,
    OptionalInt readyFd,
    Optional<Path> helper) {
  public DaemonOptions {
    listen = List.copyOf(listen);
  }
}
