package io.jdrbd.cli;

import io.jdrbd.daemon.Daemon;
import io.jdrbd.daemon.DaemonException;
import io.jdrbd.daemon.DaemonOptions;
import io.jdrbd.daemon.DaemonOptions.HandlerPolicy;
import io.jdrbd.daemon.KernelSupport;
import io.jdrbd.daemon.Logs;
import io.jdrbd.nbd.server.NbdAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code daemon}: runs the node in the foreground until SIGTERM or SIGINT. */
final class DaemonCommand implements Command {
  private static final Pattern TCP = Pattern.compile("tcp:(.+):(\\d{1,5})");
  private static final String UNIX = "unix:";
  private static final int MIB = 1 << 20;

  @Override
  public Syntax spec() {
    return Parameters.command(
            "daemon",
            "Run the node in the foreground, until SIGTERM.",
            "What is configured is kept in the run directory and is there again after a restart.")
        .addOption(
            Parameters.values(
                "--listen",
                "ADDRESS",
                "Where NBD clients connect: unix:/path or tcp:host:port; may be given several"
                    + " times. Default: nbd.sock in the run directory, for its owner only."))
        .addOption(
            Parameters.value(
                "--memory", "MIB", "Memory for requests in flight, a power of two. Default: 64."))
        .addOption(
            Parameters.value("--log-level", "LEVEL", "error, warning, info (default) or debug."))
        .addOption(
            Parameters.value(
                "--ready-fd", "FD", "Write a line to this file descriptor when ready."))
        .addOption(
            Parameters.value(
                "--usermode-helper",
                "PROGRAM",
                "Run for handlers such as fence-peer, with the name of the handler and of the"
                    + " resource as arguments; disabled: none is run. Default: what the resource's"
                    + " configuration says."))
        .addOption(TlsOptions.policy())
        .addOption(TlsOptions.certificates())
        .addOption(TlsOptions.verifyPeer());
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) {
    Optional<String> unprepared = KernelSupport.prepareProcess();
    DaemonOptions options = options(arguments, surroundings);
    try {
      Logs.setUp(arguments.value("--log-level", "info"));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
    unprepared.ifPresent(
        reason ->
            System.getLogger(Daemon.class.getName()).log(System.Logger.Level.WARNING, reason));
    try {
      Daemon daemon = Daemon.start(options);
      Runtime.getRuntime().addShutdownHook(new Thread(daemon::stop, "stop"));
      new CountDownLatch(1).await();
    } catch (DaemonException e) {
      surroundings.err().println("jdrbd daemon: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.USAGE;
  }

  private static DaemonOptions options(Arguments arguments, Surroundings surroundings) {
    List<String> listen = arguments.values("--listen");
    int memoryMib = Numbers.parse("--memory", arguments.value("--memory", "64"));
    if (memoryMib < 1 || memoryMib > 1024 || Integer.bitCount(memoryMib) != 1) {
      throw new UsageException("--memory takes a power of two from 1 to 1024");
    }
    OptionalInt readyFd =
        arguments.has("--ready-fd")
            ? OptionalInt.of(Numbers.parse("--ready-fd", arguments.value("--ready-fd", "")))
            : OptionalInt.empty();
    return new DaemonOptions(
        surroundings.runDir(),
        listen.stream().map(DaemonCommand::address).toList(),
        TlsOptions.policy(arguments),
        memoryMib * MIB,
        readyFd,
        handlers(arguments));
  }

  private static HandlerPolicy handlers(Arguments arguments) {
    String program = arguments.value("--usermode-helper", "");
    return switch (program) {
      case "" -> new HandlerPolicy.Configured();
      case "disabled" -> new HandlerPolicy.Disabled();
      default -> new HandlerPolicy.Program(Path.of(program));
    };
  }

  private static NbdAddress address(String text) {
    if (text.startsWith(UNIX)) {
      Path path = Path.of(text.substring(UNIX.length()));
      return NbdAddress.Unix.ownerOnly(path.toAbsolutePath().normalize());
    }
    Matcher tcp = TCP.matcher(text);
    if (!tcp.matches()) {
      throw new UsageException(
          "--listen '%s' is neither unix:/path nor tcp:host:port".formatted(text));
    }
    InetSocketAddress address =
        new InetSocketAddress(tcp.group(1), Numbers.parse("port", tcp.group(2)));
    if (address.isUnresolved()) {
      throw new UsageException("--listen: the host '%s' is not known".formatted(tcp.group(1)));
    }
    return new NbdAddress.Tcp(address);
  }
}
