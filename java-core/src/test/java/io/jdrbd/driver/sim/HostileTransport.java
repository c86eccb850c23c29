package io.jdrbd.driver.sim;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.ConnectAttempt;
import io.jdrbd.transport.ConnectListener;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.transport.Transport;
import io.jdrbd.transport.TransportFactory;

/**
 * The transport of a peer that does mischief: whatever its node sends goes through that.
 *
 * @param real what it sends on
 * @param loop of the node
 */
record HostileTransport(TransportFactory real, Loop loop, Mischief mischief)
    implements TransportFactory {
  @Override
  public String name() {
    return real.name();
  }

  @Override
  public Transport create(String resource) {
    return new Disguised(real.create(resource));
  }

  private final class Disguised implements Transport {
    private final Transport below;

    Disguised(Transport below) {
      this.below = below;
    }

    @Override
    public ConnectAttempt connect(ConnectPlan plan, ConnectListener listener) {
      return below.connect(
          plan,
          new ConnectListener() {
            @Override
            public void connected(PeerLink link) {
              listener.connected(new HostileLink(link, loop, mischief).disguised());
            }

            @Override
            public void waiting(String why) {
              listener.waiting(why);
            }

            @Override
            public void failed(String reason) {
              listener.failed(reason);
            }
          });
    }

    @Override
    public void close() {
      below.close();
    }
  }
}
