package io.jdrbd.transport.connect;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.ConnectAttempt;
import io.jdrbd.transport.ConnectListener;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.PeerLink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One attempt to connect: listens on the local addresses of all paths, and carries out what the
 * {@link ConnectLoop} decides. An address that this machine does not have is looked for again every
 * {@code connect-int} seconds; as long as it has none of them, nobody is called.
 */
final class Connector
    implements ConnectAttempt, ConnectLoop.Effects<PeerSocket>, SocketLayer.DialResult {
  private final SocketTransport transport;
  private final ConnectListener listener;
  private final ConnectLoop<PeerSocket> connectLoop;
  private final Map<PathAddresses, SocketLayer.Listening> listening = new LinkedHashMap<>();
  private ConnectPlan plan;
  private SocketLayer.Dialling dialling = () -> {};
  private Optional<Loop.Timer> retry = Optional.empty();
  private String said = "";
  private boolean calling;
  private boolean ended;

  Connector(SocketTransport transport, ConnectPlan plan, ConnectListener listener) {
    this.transport = transport;
    this.plan = plan;
    this.listener = listener;
    this.connectLoop =
        new ConnectLoop<>(
            transport.loop(),
            transport.random(),
            transport.rules(),
            plan.paths(),
            plan.options(),
            this);
  }

  /** Listens, and calls if that was possible; again and again until it was. */
  void begin() {
    if (ended) {
      return;
    }
    try {
      List<String> missing = listenOnAll();
      missing.stream().findFirst().ifPresent(this::waiting);
      if (!missing.isEmpty()) {
        retry = Optional.of(transport.loop().schedule(plan.options().connectIntNs(), this::begin));
      }
      if (!calling && !listening.isEmpty()) {
        calling = true;
        connectLoop.start();
      }
    } catch (ListenException e) {
      connectLoop.stop();
      failed(e.getMessage());
    }
  }

  /** Answers what could not be listened on because the address is missing. */
  private List<String> listenOnAll() throws ListenException {
    List<String> missing = new ArrayList<>();
    for (PathAddresses path : plan.paths()) {
      if (listening.containsKey(path)) {
        continue;
      }
      try {
        listening.put(
            path, transport.listeners().listen(path, plan.options(), connectLoop::arrived));
      } catch (ListenException e) {
        if (!e.addressMissing()) {
          throw e;
        }
        missing.add(e.getMessage());
      }
    }
    return missing;
  }

  @Override
  public void update(ConnectPlan newPlan) {
    if (ended) {
      return;
    }
    plan = newPlan;
    listening
        .entrySet()
        .removeIf(
            each -> {
              boolean gone = !plan.paths().contains(each.getKey());
              if (gone) {
                each.getValue().close();
              }
              return gone;
            });
    connectLoop.update(plan.paths(), plan.options());
    retry.ifPresent(Loop.Timer::cancel);
    transport.loop().execute(this::begin);
  }

  @Override
  public void stop() {
    if (!ended) {
      connectLoop.stop();
      end();
    }
  }

  @Override
  public void dial(PathAddresses path) {
    dialling = transport.layer().dial(path, plan.options(), this);
  }

  @Override
  public void abandonDial() {
    dialling.abandon();
  }

  @Override
  public void dialled(PeerSocket socket) {
    connectLoop.dialled(socket);
  }

  @Override
  public void dialFailed(DialFailure failure) {
    connectLoop.dialFailed(failure);
  }

  @Override
  public void waiting(String why) {
    if (!why.equals(said)) {
      said = why;
      listener.waiting(why);
    }
  }

  @Override
  public void connected(
      PeerSocket data, PeerSocket control, PathAddresses path, boolean resolveConflicts) {
    end();
    listener.connected(new PeerLink(data, control, path, resolveConflicts));
  }

  @Override
  public void failed(String reason) {
    end();
    listener.failed(reason);
  }

  private void end() {
    ended = true;
    retry.ifPresent(Loop.Timer::cancel);
    listening.values().forEach(SocketLayer.Listening::close);
    listening.clear();
    transport.ended(this);
  }
}
