package io.jdrbd.daemon;

import io.jdrbd.nbd.server.NbdAddress;
import io.jdrbd.nbd.server.TlsPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a daemon is started with.
 *
 * @param listen where NBD clients connect; empty: on the Unix socket in the run directory
 * @param tls whether they speak TLS on TCP
 * @param poolBytes memory for requests in flight; a power of two
 * @param readyFd the file descriptor to write to when ready
 * @param handlers what is run for events
 */
public record DaemonOptions(
    RunDir runDir,
    List<NbdAddress> listen,
    TlsPolicy tls,
    int poolBytes,
    OptionalInt readyFd,
    HandlerPolicy handlers) {
  public DaemonOptions {
    listen = List.copyOf(listen);
  }

  /** What is run for events such as {@code split-brain}. */
  public sealed interface HandlerPolicy {
    /** What the resource's configuration says. */
    record Configured() implements HandlerPolicy {}

    /** Nothing. */
    record Disabled() implements HandlerPolicy {}

    /** One program, with the name of the handler and of the resource as arguments. */
    record Program(Path path) implements HandlerPolicy {}
  }
}
