package io.jdrbd.resource;

import io.jdrbd.loop.Loop;
import io.jdrbd.loop.Loop.Timer;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The commands that configure peers and connect to them, with their preconditions in DRBD's order
 * (spec 1.1.2). Used on the node's loop; completions arrive there.
 */
public final class PeerCommands {
  /** How long a disconnect waits for StandAlone once it is decided. */
  private static final long STAND_ALONE_NS = TimeUnit.SECONDS.toNanos(1);

  private final Node node;
  private final Loop loop;
  private final ConnectionDriver driver;

  PeerCommands(Node node, Loop loop, ConnectionDriver driver) {
    this.node = node;
    this.loop = loop;
    this.driver = driver;
  }

  /** Makes a peer known: a connection, StandAlone and without a path. */
  public Verdict newPeer(String name, int peerNodeId, NetOptions options) {
    return withResource(
        name,
        resource -> {
          Verdict verdict =
              allOf(
                  List.of(
                      () -> validId(resource, peerNodeId),
                      () -> absent(resource, peerNodeId),
                      () -> named(resource, peerNodeId, options),
                      () -> driver.checkTransport(options),
                      () -> NetRules.consistent(options),
                      () -> driver.checkAlgorithms(options)));
          if (verdict.ok()) {
            resource.add(new Connection(resource, peerNodeId, options));
          }
          return verdict;
        });
  }

  /** Changes the options of a connection; what changes with them is told to the peer. */
  public Verdict netOptions(String name, int peerNodeId, UnaryOperator<NetOptions> change) {
    return withConnection(
        name,
        peerNodeId,
        connection -> {
          NetOptions before = connection.options();
          NetOptions wanted = change.apply(before);
          Verdict verdict =
              allOf(
                  List.of(
                      () -> immutableKept(before, wanted),
                      () -> named(connection.resource(), peerNodeId, wanted),
                      () -> NetRules.change(connection, wanted),
                      () -> driver.checkAlgorithms(wanted)));
          if (verdict.ok()) {
            connection.setOptions(wanted);
            driver.optionsChanged(connection, before);
          }
          return verdict;
        });
  }

  /** Changes the options of a peer device. */
  public Verdict peerDeviceOptions(
      String name, int peerNodeId, int volume, UnaryOperator<PeerDeviceOptions> change) {
    return withConnection(
        name,
        peerNodeId,
        connection ->
            connection
                .peerDevice(volume)
                .map(
                    device -> {
                      PeerDeviceOptions before = device.options();
                      device.setOptions(change.apply(before));
                      driver.optionsChanged(device, before);
                      return Verdict.passed("options: " + device.options());
                    })
                .orElseGet(() -> invalid("%s has no volume %d".formatted(name, volume))));
  }

  /** Adds a way to reach a peer. */
  public Verdict newPath(String name, int peerNodeId, Endpoint local, Endpoint peer) {
    return withConnection(
        name,
        peerNodeId,
        connection -> {
          Verdict verdict = PathRules.create(connection, local, peer, node.resources());
          if (verdict.ok()) {
            connection.addPath(local, peer);
            driver.pathsChanged(connection);
          }
          return verdict;
        });
  }

  /** Removes a way to reach a peer. */
  public Verdict delPath(String name, int peerNodeId, Endpoint local, Endpoint peer) {
    return withConnection(
        name,
        peerNodeId,
        connection -> {
          Optional<Path> path = connection.path(local, peer);
          if (path.isEmpty()) {
            return invalid("there is no path from %s to %s".formatted(local, peer));
          }
          Verdict verdict = PathRules.remove(path.get());
          if (verdict.ok()) {
            connection.removePath(path.get());
            driver.pathsChanged(connection);
          }
          return verdict;
        });
  }

  /** Begins to connect with a peer; the answer does not wait for the peer. */
  public Verdict connect(String name, int peerNodeId, ConnectOptions options) {
    return withConnection(
        name,
        peerNodeId,
        connection -> {
          Verdict verdict = mayConnect(connection, options);
          if (verdict.ok()) {
            connection.setState(ConnectionState.UNCONNECTED);
            verdict = driver.start(connection, options);
            if (!verdict.ok()) {
              connection.setState(ConnectionState.STANDALONE);
            }
          }
          connection.remember("connect", verdict);
          return verdict;
        });
  }

  private static Verdict mayConnect(Connection connection, ConnectOptions options) {
    if (connection.state() != ConnectionState.STANDALONE) {
      return Verdict.refused(
          ConfigError.NET_CONFIGURED, "the connection is " + connection.state().word());
    }
    if (connection.paths().isEmpty()) {
      return invalid("there is no path to " + connection.name() + "; make one with new-path");
    }
    if (options.discardMyData() && connection.resource().role() == Role.PRIMARY) {
      return Verdict.refused(
          ConfigError.DISCARD_IMPOSSIBLE, "this node is Primary; make it secondary first");
    }
    return Verdict.passed("it is StandAlone and has a path");
  }

  /**
   * Ends a connection. The verdict comes when it is StandAlone, or a second after that was decided.
   *
   * @param force without the peer's consent
   */
  public CompletionStage<Verdict> disconnect(String name, int peerNodeId, boolean force) {
    return laterWithConnection(name, peerNodeId, connection -> disconnect(connection, force));
  }

  private CompletionStage<Verdict> disconnect(Connection connection, boolean force) {
    if (connection.state() == ConnectionState.STANDALONE) {
      return now(Verdict.passed("is StandAlone already"));
    }
    return driver
        .stop(connection, force)
        .thenCompose(
            verdict -> {
              connection.remember("disconnect", verdict);
              return verdict.ok() ? standAlone(connection, verdict) : now(verdict);
            });
  }

  private CompletionStage<Verdict> standAlone(Connection connection, Verdict verdict) {
    CompletableFuture<Verdict> over = new CompletableFuture<>();
    Timer limit = loop.schedule(STAND_ALONE_NS, () -> over.complete(verdict));
    connection.whenStandAlone(
        () -> {
          limit.cancel();
          over.complete(verdict);
        });
    return over;
  }

  /** Ends a connection and forgets the peer. */
  public CompletionStage<Verdict> delPeer(String name, int peerNodeId, boolean force) {
    return laterWithConnection(
        name,
        peerNodeId,
        connection ->
            disconnect(connection, force)
                .thenApply(verdict -> verdict.ok() ? forget(connection) : verdict));
  }

  private Verdict forget(Connection connection) {
    if (connection.state() != ConnectionState.STANDALONE) {
      return Verdict.refused(
          StateError.IN_TRANSIENT_STATE, "the connection is still " + connection.state().word());
    }
    connection.resource().remove(connection);
    driver.removed(connection);
    return Verdict.passed("deleted");
  }

  private static Verdict validId(Resource resource, int peerNodeId) {
    if (peerNodeId == resource.nodeId()) {
      return invalid("node id %d is this node's own".formatted(peerNodeId));
    }
    return Names.complaint("node id", peerNodeId, Names.NODE_ID_MAX)
        .map(PeerCommands::invalid)
        .orElseGet(() -> Verdict.passed("it can be a peer's"));
  }

  private static Verdict absent(Resource resource, int peerNodeId) {
    return resource
        .connection(peerNodeId)
        .map(known -> invalid("node %d is a peer already, %s".formatted(peerNodeId, known.name())))
        .orElseGet(() -> Verdict.passed("it is new"));
  }

  private static Verdict named(Resource resource, int peerNodeId, NetOptions options) {
    if (options.name().isEmpty()) {
      return Verdict.refused(
          ConfigError.MANDATORY_TAG, "the peer has no name; give it one with --_name=NAME");
    }
    Optional<String> complaint = Names.complaint(options.name());
    if (complaint.isPresent()) {
      return invalid(complaint.get());
    }
    return resource.connections().stream()
        .filter(other -> other.peerNodeId() != peerNodeId && other.name().equals(options.name()))
        .findFirst()
        .map(
            other ->
                Verdict.refused(
                    ConfigError.ALREADY_EXISTS,
                    "node %d is called %s".formatted(other.peerNodeId(), other.name())))
        .orElseGet(() -> Verdict.passed("nobody else is called so"));
  }

  private static Verdict immutableKept(NetOptions before, NetOptions wanted) {
    return before.text(NetOption.TRANSPORT).equals(wanted.text(NetOption.TRANSPORT))
        ? Verdict.passed("the transport stays")
        : invalid("the transport cannot be changed; delete the peer and make it again");
  }

  private Verdict withResource(String name, Function<Resource, Verdict> action) {
    return node.resource(name).map(action).orElseGet(() -> Node.unknownResource(name));
  }

  private Verdict withConnection(
      String name, int peerNodeId, Function<Connection, Verdict> action) {
    return withResource(
        name,
        resource ->
            resource
                .connection(peerNodeId)
                .map(action)
                .orElseGet(() -> unknownPeer(resource, peerNodeId)));
  }

  private CompletionStage<Verdict> laterWithConnection(
      String name, int peerNodeId, Function<Connection, CompletionStage<Verdict>> action) {
    Optional<Resource> resource = node.resource(name);
    if (resource.isEmpty()) {
      return now(Node.unknownResource(name));
    }
    return resource
        .get()
        .connection(peerNodeId)
        .map(action)
        .orElseGet(() -> now(unknownPeer(resource.get(), peerNodeId)));
  }

  private static Verdict unknownPeer(Resource resource, int peerNodeId) {
    Verdict valid = validId(resource, peerNodeId);
    return valid.ok()
        ? invalid("%s has no peer with node id %d".formatted(resource.name(), peerNodeId))
        : valid;
  }

  /** The first that does not pass, or the last. */
  private static Verdict allOf(List<Supplier<Verdict>> checks) {
    Verdict verdict = Verdict.passed("nothing to check");
    for (Supplier<Verdict> check : checks) {
      verdict = check.get();
      if (!verdict.ok()) {
        return verdict;
      }
    }
    return verdict;
  }

  private static Verdict invalid(String reason) {
    return Verdict.refused(ConfigError.INVALID_REQUEST, reason);
  }

  private static CompletionStage<Verdict> now(Verdict verdict) {
    return CompletableFuture.completedFuture(verdict);
  }
}
