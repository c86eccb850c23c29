package io.jdrbd.transport.tcp;

import io.jdrbd.loop.EpollLoop;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.Transport;
import io.jdrbd.transport.connect.GreetingPeer;
import io.jdrbd.transport.connect.GreetingPeer.Pace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One node as a process of its own, so that it can live in a network namespace: says on its output
 * how it goes, and ends when its input does. Arguments: for each path the local and the peer's IP
 * address; the port is always 7789.
 */
public final class PeerProcess {
  private static final int PORT = 7789;

  private PeerProcess() {}

  /** Runs until the input ends. */
  public static void main(String[] ips) throws IOException {
    List<PathAddresses> paths = new ArrayList<>();
    for (int i = 0; i < ips.length; i += 2) {
      paths.add(Side.path(ips[i], PORT, ips[i + 1], PORT));
    }
    Pace pace =
        new Pace(
            TimeUnit.SECONDS.toNanos(5),
            TimeUnit.MILLISECONDS.toNanos(200),
            TimeUnit.SECONDS.toNanos(1),
            TimeUnit.SECONDS.toNanos(3));
    try (EpollLoop loop = new EpollLoop("peer")) {
      Transport transport = new TcpTransportFactory(loop, new Random()).create("r0");
      ConnectPlan plan = new ConnectPlan("r0/peer", paths, Side.QUICK);
      loop.execute(() -> new GreetingPeer(loop, transport, plan, pace, System.out::println));
      while (System.in.read() >= 0) {
        // until whoever started this process closes its input, or ends
      }
    }
  }
}
