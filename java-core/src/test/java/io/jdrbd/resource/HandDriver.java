package io.jdrbd.resource;

import io.jdrbd.state.ConfigError;
import io.jdrbd.state.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A driver that does nothing by itself: a test plays the peer, by the setters of the connection.
 * Knows the transport tcp and the algorithms sha1, crc32c.
 */
final class HandDriver implements ConnectionDriver {
  private static final List<String> ALGORITHMS = List.of("", "sha1", "crc32c");

  /** What the driver was told, in order. */
  final List<String> told = new ArrayList<>();

  /** The answer to the next disconnect, to be given by the test. */
  CompletableFuture<Verdict> stopping = new CompletableFuture<>();

  /** What start answers. */
  Verdict starting = Verdict.passed("starts");

  @Override
  public Verdict checkTransport(NetOptions options) {
    return options.transport().equals("tcp")
        ? Verdict.passed("known")
        : Verdict.refused(ConfigError.CREATE_TRANSPORT, "no " + options.transport());
  }

  @Override
  public Verdict checkAlgorithms(NetOptions options) {
    if (!ALGORITHMS.contains(options.text(NetOption.CSUMS_ALG))) {
      return Verdict.refused(ConfigError.CSUMS_ALG, "unknown");
    }
    return ALGORITHMS.contains(options.text(NetOption.CRAM_HMAC_ALG))
        ? Verdict.passed("known")
        : Verdict.refused(ConfigError.AUTH_ALG, "unknown");
  }

  @Override
  public Verdict start(Connection connection, ConnectOptions options) {
    told.add("start " + connection.name());
    return starting;
  }

  @Override
  public CompletionStage<Verdict> stop(Connection connection, boolean force) {
    told.add("stop " + connection.name() + (force ? " by force" : ""));
    stopping = new CompletableFuture<>();
    return stopping;
  }

  @Override
  public void optionsChanged(Connection connection, NetOptions before) {
    told.add("options " + connection.options());
  }

  @Override
  public void optionsChanged(PeerDevice device, PeerDeviceOptions before) {
    told.add("options " + device.options());
  }

  @Override
  public void pathsChanged(Connection connection) {
    told.add("paths " + connection.paths().size());
  }

  @Override
  public void added(PeerDevice device) {
    told.add("added " + device.volume().number());
  }

  @Override
  public void removed(PeerDevice device) {
    told.add("removed " + device.volume().number());
  }
}
