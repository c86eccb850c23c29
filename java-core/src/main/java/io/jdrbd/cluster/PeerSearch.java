package io.jdrbd.cluster;

import io.jdrbd.loop.Loop;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.transport.ConnectAttempt;
import io.jdrbd.transport.ConnectListener;
import io.jdrbd.transport.PeerLink;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Looks for a peer, from Unconnected until two streams stand or a person ends it (spec 1.4.4). On
 * the loop.
 */
final class PeerSearch implements ConnectListener {
  private static final System.Logger LOG = System.getLogger(PeerSearch.class.getName());
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

  private final ClusterPeer peer;
  private Optional<ConnectAttempt> attempt = Optional.empty();
  private Optional<Loop.Timer> pause = Optional.empty();
  private boolean pauseFirst;

  PeerSearch(ClusterPeer peer) {
    this.peer = peer;
  }

  /** Whether the next search begins with a pause: the handshake has failed (spec 1.12.5). */
  void setPauseFirst(boolean first) {
    pauseFirst = first;
  }

  /** The connection is Unconnected: begins. */
  void start() {
    long delayNs = pauseFirst ? RETRY_NS : 0;
    pauseFirst = false;
    pause = Optional.of(peer.resource().loop().schedule(delayNs, this::look));
  }

  private void look() {
    pause = Optional.empty();
    if (peer.state() == ConnectionState.UNCONNECTED) {
      peer.became(ConnectionState.CONNECTING, "looking for the peer");
      attempt = Optional.of(peer.resource().transport().connect(peer.settings().plan(), this));
    }
  }

  /** Looks no longer. */
  void stop() {
    attempt.ifPresent(ConnectAttempt::stop);
    attempt = Optional.empty();
    pause.ifPresent(Loop.Timer::cancel);
    pause = Optional.empty();
  }

  @Override
  public void connected(PeerLink link) {
    attempt = Optional.empty();
    peer.found(link);
  }

  @Override
  public void waiting(String why) {
    LOG.log(System.Logger.Level.DEBUG, "{0}: {1}", peer.settings().name(), why);
    peer.resource().listener().decided(peer.nodeId(), "connect", true, why);
  }

  @Override
  public void failed(String reason) {
    attempt = Optional.empty();
    peer.resource().listener().decided(peer.nodeId(), "connect", false, reason);
    peer.disconnecting(reason);
  }
}
