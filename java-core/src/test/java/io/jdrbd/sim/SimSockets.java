package io.jdrbd.sim;

import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.TransportOptions;
import io.jdrbd.transport.connect.DialFailure;
import io.jdrbd.transport.connect.ListenException;
import io.jdrbd.transport.connect.PeerSocket;
import io.jdrbd.transport.connect.SocketLayer;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The sockets of one life of a node. */
final class SimSockets implements SocketLayer {
  private static final long SYN_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

  private final SimNode node;
  private final NodeLoop loop;
  private final SimNetwork network;
  private final Set<SimSocket> open = new LinkedHashSet<>();

  SimSockets(SimNode node, NodeLoop loop, SimNetwork network) {
    this.node = node;
    this.loop = loop;
    this.network = network;
  }

  NodeLoop loop() {
    return loop;
  }

  SimNetwork network() {
    return network;
  }

  void opened(SimSocket socket) {
    open.add(socket);
  }

  void closed(SimSocket socket) {
    open.remove(socket);
  }

  @Override
  public Listening listen(
      InetSocketAddress local, TransportOptions options, Consumer<PeerSocket> accepted)
      throws ListenException {
    String address = "cannot listen on " + PathAddresses.text(local);
    if (!network.has(node, local.getAddress())) {
      throw new ListenException(true, address + ": Cannot assign requested address");
    }
    SimListener listener = new SimListener(this, options, accepted);
    if (network.listeners().putIfAbsent(local, listener) != null) {
      throw new ListenException(false, address + ": Address already in use");
    }
    return () -> network.listeners().remove(local, listener);
  }

  @Override
  public Dialling dial(PathAddresses path, TransportOptions options, DialResult result) {
    Call call = new Call(path, options, result);
    loop.schedule(options.connectIntNs(), () -> call.fail("no answer"));
    call.callAfter(network.delayNs());
    return () -> call.over = true;
  }

  /** The process ends, and the kernel closes what it had open. */
  void killed() {
    network.listeners().values().removeIf(listener -> listener.sockets() == this);
    List.copyOf(open).forEach(SimSocket::close);
  }

  /** The machine has no power: nobody is told. */
  void poweredOff() {
    network.listeners().values().removeIf(listener -> listener.sockets() == this);
    List.copyOf(open).forEach(SimSocket::vanish);
  }

  private final class Call {
    private final PathAddresses path;
    private final TransportOptions options;
    private final DialResult result;
    private boolean over;

    Call(PathAddresses path, TransportOptions options, DialResult result) {
      this.path = path;
      this.options = options;
      this.result = result;
    }

    void callAfter(long delayNs) {
      network.world().hardware().schedule(delayNs, this::atThePeer);
    }

    private void atThePeer() {
      if (over || loop.hasEnded()) {
        return;
      }
      if (!network.reaches(path.local().getAddress(), path.peer().getAddress())) {
        callAfter(SYN_AGAIN_NS);
        return;
      }
      SimListener listener = network.listeners().get(path.peer());
      if (listener == null || network.refuses()) {
        loop.schedule(network.delayNs(), () -> fail("Connection refused"));
        return;
      }
      connect(listener);
    }

    private void connect(SimListener listener) {
      SimSocket here =
          new SimSocket(
              SimSockets.this, path.local().getAddress(), path.peer().getAddress(), options);
      SimSocket there =
          new SimSocket(
              listener.sockets(),
              path.peer().getAddress(),
              path.local().getAddress(),
              listener.options());
      SimSocket.join(here, there);
      network.connected(here);
      listener.sockets().loop().execute(() -> hand(listener, there));
      loop.schedule(network.delayNs(), () -> answered(here));
    }

    private void hand(SimListener listener, SimSocket there) {
      boolean listens = network.listeners().containsValue(listener);
      if (listens) {
        listener.accepted().accept(there);
      } else {
        there.close();
      }
    }

    private void answered(SimSocket here) {
      if (over) {
        here.close();
      } else {
        over = true;
        result.dialled(here);
      }
    }

    private void fail(String cause) {
      if (!over) {
        over = true;
        result.dialFailed(new DialFailure(false, "%s: %s".formatted(path, cause)));
      }
    }
  }
}
