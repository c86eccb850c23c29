package io.jdrbd.driver;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.cluster.ClusterPeer;
import io.jdrbd.cluster.ClusterResource;
import io.jdrbd.cluster.PeerSettings;
import io.jdrbd.cluster.PeerVolume;
import io.jdrbd.connection.SessionSettings;
import io.jdrbd.digest.DigestAlgorithm;
import io.jdrbd.digest.DigestUnavailableException;
import io.jdrbd.digest.Hmac;
import io.jdrbd.loop.Loop;
import io.jdrbd.resource.ConnectOptions;
import io.jdrbd.resource.Connection;
import io.jdrbd.resource.ConnectionDriver;
import io.jdrbd.resource.NetOption;
import io.jdrbd.resource.NetOptions;
import io.jdrbd.resource.PeerDevice;
import io.jdrbd.resource.PeerDeviceOptions;
import io.jdrbd.resource.ResizeWish;
import io.jdrbd.resource.Resource;
import io.jdrbd.resource.Volume;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ResyncSuspension;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.ConnectionSnapshot;
import io.jdrbd.state.sizes.ToldSizes;
import io.jdrbd.state.twopc.SizeChange;
import io.jdrbd.transport.TransportFactory;
import io.jdrbd.transport.Transports;
import io.jdrbd.wire.Feature;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Speaks with the peers of all resources. Used on the node's loop. */
public final class ClusterDriver implements ConnectionDriver {
  /** DRBD 8.4's protocol, as DRBD 9 speaks it. */
  public static final SessionSettings.Versions UP_TO_101 =
      new SessionSettings.Versions(
          86,
          101,
          Feature.maskOf(Feature.TRIM, Feature.THIN_RESYNC, Feature.WSAME, Feature.WZEROES));

  /** DRBD 9's protocol, with the features that two nodes need; and 8.4's. */
  public static final SessionSettings.Versions UP_TO_122 =
      new SessionSettings.Versions(
          86, 122, UP_TO_101.features() | Feature.maskOf(Feature.RESYNC_DAGTAG, Feature.TWOPC_V2));

  private final Loop loop;
  private final Transports transports;
  private final Supplier<BufferPool> newPool;
  private final SecureRandom random;
  private final SessionSettings.Versions versions;
  private final Handlers handlers;
  private final Map<Resource, DrivenResource> driven = new HashMap<>();
  private final SyncDependencies order;

  /** Made with the first connection: a node without peers needs none. */
  private Optional<BufferPool> buffers = Optional.empty();

  /**
   * @param transports that there are
   * @param newPool makes the buffers for what peers send; asked once, and nobody else takes from it
   * @param handlers are told of events
   */
  public ClusterDriver(
      Loop loop, Transports transports, Supplier<BufferPool> newPool, Handlers handlers) {
    this(loop, transports, newPool, new SecureRandom(), UP_TO_122, handlers);
  }

  /**
   * @param transports that there are
   * @param newPool makes the buffers for what peers send; asked once, and nobody else takes from it
   * @param random for challenges and generation identifiers
   * @param versions that peers are offered
   * @param handlers are told of events
   */
  public ClusterDriver(
      Loop loop,
      Transports transports,
      Supplier<BufferPool> newPool,
      SecureRandom random,
      SessionSettings.Versions versions,
      Handlers handlers) {
    this.handlers = handlers;
    this.loop = loop;
    this.transports = transports;
    this.newPool = newPool;
    this.random = random;
    this.versions = versions;
    this.order = new SyncDependencies(loop, driven::values);
  }

  @Override
  public Verdict checkTransport(NetOptions options) {
    return transports.find(options.transport()).isPresent()
        ? Verdict.passed("transport " + options.transport())
        : Verdict.refused(
            ConfigError.CREATE_TRANSPORT,
            "there is no transport '%s'; there are %s"
                .formatted(options.transport(), transports.names()));
  }

  @Override
  public Verdict checkAlgorithms(NetOptions options) {
    String hash = options.text(NetOption.CRAM_HMAC_ALG);
    try {
      if (!hash.isEmpty()) {
        Hmac.of(hash, new byte[0]);
      }
    } catch (DigestUnavailableException e) {
      return Verdict.refused(ConfigError.AUTH_ALG, e.getMessage());
    }
    String digest = options.text(NetOption.DATA_INTEGRITY_ALG);
    try {
      if (!digest.isEmpty()) {
        DigestAlgorithm.of(digest);
      }
      return Verdict.passed("all algorithms are known");
    } catch (DigestUnavailableException e) {
      return Verdict.refused(ConfigError.INTEGRITY_ALG, e.getMessage());
    }
  }

  @Override
  public Verdict start(Connection connection, ConnectOptions options) {
    return driven
        .computeIfAbsent(
            connection.resource(), resource -> drive(resource, connection.options().transport()))
        .start(connection, options);
  }

  /** With a third node, peers would have to be told of each other; DRBD 8.4 refuses it, too. */
  private PeerSettings settings(Connection connection, ConnectOptions how) {
    boolean pair = connection.resource().connections().size() == 1;
    return PeerOptions.of(connection, how, pair ? versions : UP_TO_101);
  }

  /** All connections of a resource use the transport of the first. */
  private DrivenResource drive(Resource resource, String wanted) {
    BufferPool pool = buffers.orElseGet(newPool);
    buffers = Optional.of(pool);
    return new DrivenResource(
        resource,
        loop,
        pool,
        this::settings,
        order::changed,
        handlers,
        (model, listener) -> {
          TransportFactory transport =
              transports.find(wanted).orElseThrow(() -> new IllegalStateException("no transport"));
          return new ClusterResource(
              model.name(),
              RulesOptions.of(model),
              loop,
              transport.create(model.name()),
              pool,
              random,
              listener);
        });
  }

  @Override
  public CompletionStage<Verdict> stop(Connection connection, boolean force) {
    return peer(connection)
        .map(peer -> peer.disconnect(force))
        .orElseGet(() -> CompletableFuture.completedStage(Verdict.passed("was not connected")));
  }

  private Optional<ClusterPeer> peer(Connection connection) {
    return Optional.ofNullable(driven.get(connection.resource()))
        .flatMap(resource -> resource.cluster().peer(connection.peerNodeId()));
  }

  @Override
  public Optional<CompletionStage<Verdict>> changeRole(
      Resource resource, Role role, boolean force) {
    return Optional.ofNullable(driven.get(resource))
        .map(driven -> driven.cluster().requestRole(role, force));
  }

  @Override
  public Optional<CompletionStage<Verdict>> detach(Volume volume) {
    return Optional.ofNullable(driven.get(volume.resource()))
        .flatMap(resource -> resource.detach(volume));
  }

  @Override
  public Optional<CompletionStage<Verdict>> attach(Volume volume, DiskState byMetadata) {
    return Optional.ofNullable(driven.get(volume.resource()))
        .flatMap(resource -> resource.attach(volume, byMetadata));
  }

  @Override
  public Optional<CompletionStage<Verdict>> skipInitialSync(Volume volume) {
    return Optional.ofNullable(driven.get(volume.resource()))
        .map(DrivenResource::cluster)
        .filter(
            cluster ->
                cluster.now().connections().values().stream()
                    .anyMatch(ConnectionSnapshot::isConnected))
        .map(cluster -> cluster.skipInitialSync(volume.number()));
  }

  private Optional<PeerVolume> device(PeerDevice device) {
    return peer(device.connection()).flatMap(peer -> peer.volume(device.volume().number()));
  }

  @Override
  public void pauseChanged(PeerDevice device) {
    boolean paused = device.suspensions().contains(ResyncSuspension.USER);
    device(device).ifPresent(known -> known.requests().setPaused(paused));
  }

  @Override
  public CompletionStage<Verdict> resync(PeerDevice device, boolean asTarget, boolean full) {
    return device(device)
        .map(known -> known.requests().resync(asTarget, full))
        .orElseGet(() -> ConnectionDriver.super.resync(device, asTarget, full));
  }

  @Override
  public CompletionStage<Verdict> verify(
      PeerDevice device, OptionalLong startSector, OptionalLong stopSector) {
    return device(device)
        .map(known -> known.requests().verify(startSector, stopSector))
        .orElseGet(() -> ConnectionDriver.super.verify(device, startSector, stopSector));
  }

  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.allOf(
        driven.values().stream()
            .map(resource -> resource.cluster().close().toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  @Override
  public CompletionStage<Verdict> resize(Volume volume, ResizeWish wish) {
    int flags =
        (wish.assumePeerHasSpace() ? ToldSizes.ASSUME_PEERS_HAVE_SPACE : 0)
            | (wish.assumeClean() ? ToldSizes.NO_RESYNC : 0);
    return driven
        .get(volume.resource())
        .cluster()
        .resize(volume.number(), new SizeChange(wish.sizeSectors(), flags))
        .thenApply(
            verdict -> {
              if (verdict.ok()) {
                volume.configureSize(wish.sizeSectors());
              }
              return verdict;
            });
  }

  @Override
  public void resized(Volume volume) {
    Optional.ofNullable(driven.get(volume.resource()))
        .map(DrivenResource::cluster)
        .ifPresent(cluster -> cluster.volume(volume.number()).ifPresent(cluster::resized));
  }

  @Override
  public void removed(Connection connection) {
    Optional.ofNullable(driven.get(connection.resource()))
        .ifPresent(resource -> resource.cluster().removePeer(connection.peerNodeId()));
  }

  @Override
  public void removed(Resource resource) {
    driven.remove(resource);
  }

  @Override
  public void optionsChanged(Volume volume) {
    order.changed();
  }

  @Override
  public void diskChanged(Volume volume) {
    Optional.ofNullable(driven.get(volume.resource()))
        .ifPresent(resource -> resource.diskChanged(volume));
  }

  @Override
  public void optionsChanged(Connection connection, NetOptions before) {
    peer(connection)
        .ifPresent(peer -> peer.setSettings(settings(connection, ConnectOptions.PLAIN)));
    Optional.ofNullable(driven.get(connection.resource())).ifPresent(DrivenResource::limitEpochs);
  }

  @Override
  public void optionsChanged(Resource resource) {
    Optional.ofNullable(driven.get(resource)).ifPresent(DrivenResource::optionsChanged);
  }

  @Override
  public boolean suspend(Resource resource, boolean suspend) {
    Optional<DrivenResource> concerned = Optional.ofNullable(driven.get(resource));
    concerned.ifPresent(found -> found.cluster().suspendByUser(suspend));
    return concerned.isPresent();
  }

  @Override
  public void optionsChanged(PeerDevice device, PeerDeviceOptions before) {
    device(device).ifPresent(known -> known.setRate(PeerOptions.rate(device.options())));
  }

  @Override
  public void pathsChanged(Connection connection) {
    // taken with the next connect
  }

  @Override
  public void added(PeerDevice device) {
    Optional.ofNullable(driven.get(device.connection().resource()))
        .ifPresent(resource -> resource.add(device));
  }

  @Override
  public void removed(PeerDevice device) {
    Optional.ofNullable(driven.get(device.connection().resource()))
        .ifPresent(resource -> resource.cluster().removeVolume(device.volume().number()));
  }
}
