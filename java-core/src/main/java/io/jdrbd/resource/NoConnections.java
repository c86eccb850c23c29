package io.jdrbd.resource;

import io.jdrbd.state.ConfigError;
import io.jdrbd.state.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The driver of a node that has no transport: peers can be configured, but not connected. */
public final class NoConnections implements ConnectionDriver {

  @Override
  public Verdict checkTransport(NetOptions options) {
    return Verdict.passed("to be seen when it connects");
  }

  @Override
  public Verdict checkAlgorithms(NetOptions options) {
    return Verdict.passed("to be seen when it connects");
  }

  @Override
  public Verdict start(Connection connection, ConnectOptions options) {
    return Verdict.refused(ConfigError.CREATE_TRANSPORT, "this node has no transport");
  }

  @Override
  public CompletionStage<Verdict> stop(Connection connection, boolean force) {
    return CompletableFuture.completedStage(Verdict.passed("was not connected"));
  }

  @Override
  public void optionsChanged(Connection connection, NetOptions before) {}

  @Override
  public void optionsChanged(PeerDevice device, PeerDeviceOptions before) {}

  @Override
  public void pathsChanged(Connection connection) {}

  @Override
  public void added(PeerDevice device) {}

  @Override
  public void removed(PeerDevice device) {}
}
