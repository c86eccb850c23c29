package io.jdrbd.transport.tcp;

import io.jdrbd.loop.EpollLoop;
import io.jdrbd.transport.Transport;
import io.jdrbd.transport.TransportFactory;
import io.jdrbd.transport.connect.ConnectRules;
import io.jdrbd.transport.connect.SocketTransport;
import java.util.random.RandomGenerator;

/** Transports named {@code tcp}, whose sockets are served by one loop. */
public final class TcpTransportFactory implements TransportFactory {
  private final EpollLoop loop;
  private final RandomGenerator random;

  /**
   * @param loop of the resources that use these transports
   * @param random for the waits of the connect loop; used on the loop only
   */
  public TcpTransportFactory(EpollLoop loop, RandomGenerator random) {
    this.loop = loop;
    this.random = random;
  }

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public Transport create(String resource) {
    return new SocketTransport(resource, loop, new TcpSockets(loop), random, ConnectRules.JDRBD);
  }
}
