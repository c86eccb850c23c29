package io.jdrbd.transport.connect;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.ConnectAttempt;
import io.jdrbd.transport.ConnectListener;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.Transport;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The network of one resource, on any kind of sockets that keep bytes in order. */
public final class SocketTransport implements Transport {
  private final Loop loop;
  private final SocketLayer layer;
  private final RandomGenerator random;
  private final ConnectRules rules;
  private final Listeners listeners;
  private final Set<Connector> connectors = new LinkedHashSet<>();

  /**
   * @param resource its name, for logs
   * @param random decides how long to wait and what to do after a crossing
   */
  public SocketTransport(
      String resource, Loop loop, SocketLayer layer, RandomGenerator random, ConnectRules rules) {
    this.loop = loop;
    this.layer = layer;
    this.random = random;
    this.rules = rules;
    this.listeners = new Listeners(resource, loop, layer);
  }

  @Override
  public ConnectAttempt connect(ConnectPlan plan, ConnectListener listener) {
    Connector connector = new Connector(this, plan, listener);
    connectors.add(connector);
    loop.execute(connector::begin);
    return connector;
  }

  @Override
  public void close() {
    List.copyOf(connectors).forEach(Connector::stop);
  }

  void ended(Connector connector) {
    connectors.remove(connector);
  }

  Loop loop() {
    return loop;
  }

  SocketLayer layer() {
    return layer;
  }

  RandomGenerator random() {
    return random;
  }

  ConnectRules rules() {
    return rules;
  }

  Listeners listeners() {
    return listeners;
  }
}
