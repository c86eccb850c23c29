package io.jdrbd.sim;

import io.jdrbd.transport.Transport;
import io.jdrbd.transport.TransportFactory;
import io.jdrbd.transport.connect.ConnectRules;
import io.jdrbd.transport.connect.SocketTransport;

/** Transports named {@code sim}: simulated sockets below the product's own connect loop. */
final class SimTransportFactory implements TransportFactory {
  private final NodeLoop loop;
  private final SimSockets sockets;
  private final ConnectRules rules;

  SimTransportFactory(NodeLoop loop, SimSockets sockets, ConnectRules rules) {
    this.loop = loop;
    this.sockets = sockets;
    this.rules = rules;
  }

  @Override
  public String name() {
    return "sim";
  }

  @Override
  public Transport create(String resource) {
    return new SocketTransport(resource, loop, sockets, sockets.network().world().random(), rules);
  }
}
