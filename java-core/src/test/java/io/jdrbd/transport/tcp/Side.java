package io.jdrbd.transport.tcp;

import io.jdrbd.loop.EpollLoop;
import io.jdrbd.transport.ConnectAttempt;
import io.jdrbd.transport.ConnectListener;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.transport.Transport;
import io.jdrbd.transport.TransportOptions;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One node of a test: a loop, a transport, and what it heard. Used on the test's thread. */
final class Side implements ConnectListener, AutoCloseable {
  static final long WAIT_S = 20;

  /** Quick, so that a test with a dozen attempts takes a second. */
  static final TransportOptions QUICK = new TransportOptions(1, 5, 1, 0, 0, true, 1 << 20);

  private final EpollLoop loop;
  private final Transport transport;
  private final BlockingQueue<PeerLink> links = new LinkedBlockingQueue<>();

  /** Used on the loop. */
  private final List<PeerLink> allLinks = new ArrayList<>();

  private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> waits = new LinkedBlockingQueue<>();

  Side(String name, long seed) {
    loop = new EpollLoop(name);
    transport = new TcpTransportFactory(loop, new Random(seed)).create(name);
  }

  static PathAddresses path(String localIp, int localPort, String peerIp, int peerPort) {
    return new PathAddresses(
        new InetSocketAddress(localIp, localPort), new InetSocketAddress(peerIp, peerPort));
  }

  /** The same path as the peer sees it. */
  static PathAddresses turned(PathAddresses path) {
    return new PathAddresses(/* local= */ path.peer(), /* peer= */ path.local());
  }

  ConnectAttempt connect(TransportOptions options, PathAddresses... paths) throws Exception {
    return onLoop(() -> transport.connect(new ConnectPlan("test", List.of(paths), options), this));
  }

  <T> T onLoop(Callable<T> work) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(WAIT_S, TimeUnit.SECONDS);
  }

  Transport transport() {
    return transport;
  }

  EpollLoop loop() {
    return loop;
  }

  /** The link, or why there is none. */
  PeerLink link() throws Exception {
    return next(links, "no link; failed: %s, waiting: %s".formatted(failures, waits));
  }

  String failure() throws Exception {
    return next(failures, "no failure; waiting: " + waits);
  }

  String waiting() throws Exception {
    return next(waits, "it does not wait");
  }

  boolean isUndecided() {
    return links.isEmpty() && failures.isEmpty();
  }

  private static <T> T next(BlockingQueue<T> queue, String otherwise) throws Exception {
    T next = queue.poll(WAIT_S, TimeUnit.SECONDS);
    if (next == null) {
      throw new TimeoutException(otherwise);
    }
    return next;
  }

  @Override
  public void connected(PeerLink link) {
    allLinks.add(link);
    links.add(link);
  }

  @Override
  public void waiting(String why) {
    waits.add(why);
  }

  @Override
  public void failed(String reason) {
    failures.add(reason);
  }

  @Override
  public void close() {
    loop.execute(
        () -> {
          transport.close();
          allLinks.forEach(PeerLink::close);
        });
    loop.close();
  }
}
