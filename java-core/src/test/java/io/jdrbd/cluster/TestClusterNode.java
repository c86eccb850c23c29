package io.jdrbd.cluster;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.connection.SessionSettings;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskUser;
import io.jdrbd.disk.memory.MemoryDisk;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.cluster.FencingPolicy;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.ResourceSettings;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.VolumeSnapshot;
import io.jdrbd.state.sync.SyncPolicies;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.TransportOptions;
import io.jdrbd.transport.tcp.TcpTransportFactory;
import io.jdrbd.wire.Feature;
import io.jdrbd.wire.ProtocolSettings;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A node with one volume on a memory disk and one peer, on a loop of its own, over loopback. */
final class TestClusterNode implements AutoCloseable {
  private static final long DISK_BYTES = (16L << 20) + (40 << 10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** As DRBD 9 speaks with 8.4. */
  static final SessionSettings.Versions OLD =
      new SessionSettings.Versions(
          86,
          101,
          Feature.maskOf(Feature.TRIM, Feature.THIN_RESYNC, Feature.WSAME, Feature.WZEROES));

  /** As DRBD 9 speaks with its like. */
  static final SessionSettings.Versions NEW =
      new SessionSettings.Versions(
          86, 122, OLD.features() | Feature.maskOf(Feature.RESYNC_DAGTAG, Feature.TWOPC_V2));

  final EpollLoop loop;
  final BufferPool pool = new BufferPool(64 << 20);
  final ClusterResource resource;
  final TestVolume volume;
  final FlushCounter disk;
  final ClusterVolume clusterVolume;
  final Heard heard = new Heard();
  private final int peer;

  TestClusterNode(int nodeId, InetSocketAddress own, InetSocketAddress other, int protocol) {
    this(nodeId, own, other, protocol, SessionSettings.Authentication.NONE, OLD);
  }

  TestClusterNode(
      int nodeId,
      InetSocketAddress own,
      InetSocketAddress other,
      int protocol,
      SessionSettings.Authentication authentication,
      SessionSettings.Versions versions) {
    this(nodeId, own, other, protocol, authentication, versions, "");
  }

  /**
   * @param digest both verify-alg and csums-alg; empty for none
   */
  TestClusterNode(
      int nodeId,
      InetSocketAddress own,
      InetSocketAddress other,
      int protocol,
      SessionSettings.Authentication authentication,
      SessionSettings.Versions versions,
      String digest) {
    this.peer = 1 - nodeId;
    this.loop = new EpollLoop("node-" + nodeId);
    SessionSettings session =
        new SessionSettings(
            nodeId,
            peer,
            versions,
            authentication,
            new ProtocolSettings(protocol, 0, 0, 0, 0, 0, ""),
            10,
            5,
            60,
            7,
            false);
    PeerSettings settings =
        new PeerSettings(
            "r0/node-" + peer,
            new ConnectPlan(
                "r0/node-" + peer,
                List.of(new PathAddresses(own, other)),
                new TransportOptions(1, 5, 1, 0, 0, true, 4 << 20)),
            session,
            SyncPolicies.DISCONNECT,
            FencingPolicy.DONT_CARE,
            true,
            digest,
            digest,
            false,
            2048,
            true);
    try {
      this.disk = new FlushCounter(new MemoryDisk(loop, DISK_BYTES));
      this.volume = new TestVolume(loop, disk, nodeId, peer, pool);
    } catch (DiskException e) {
      throw new IllegalStateException(e);
    }
    this.resource =
        new ClusterResource(
            "r0",
            ResourceSettings.defaults(nodeId),
            loop,
            new TcpTransportFactory(loop, new Random(nodeId)).create("r0"),
            new BufferPool(64 << 20),
            new SecureRandom(),
            heard);
    this.clusterVolume =
        on(
            () -> {
              ClusterVolume added = resource.addVolume(volume, VolumeSnapshot.diskless(0), heard);
              resource.addPeer(peer, settings);
              return added;
            });
  }

  <T> T on(Supplier<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(task.get());
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  void connect() {
    on(
        () -> {
          resource.peer(peer).orElseThrow().connect();
          return true;
        });
  }

  void disconnect() {
    on(
        () -> {
          resource.peer(peer).orElseThrow().disconnecting("test");
          return true;
        });
    await(now -> now.connection(peer).state() == ConnectionState.STANDALONE);
  }

  void promote(boolean force) {
    on(() -> resource.changeRole(Role.PRIMARY, force));
  }

  /** Asks for something about the volume and the peer, and waits for the verdict. */
  Verdict ask(Function<SyncRequests, CompletionStage<Verdict>> request) {
    return get(on(() -> request.apply(peerVolume().requests())));
  }

  PeerVolume peerVolume() {
    return resource.peer(peer).orElseThrow().volume(0).orElseThrow();
  }

  void awaitReplication(ReplicationState state) {
    await(now -> now.device(peer, 0).replication() == state);
  }

  PeerDeviceSnapshot device() {
    return on(() -> resource.now().device(peer, 0));
  }

  void await(Predicate<ResourceSnapshot> condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!on(() -> condition.test(resource.now()))) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "still %s after %s; %s".formatted(on(resource::now), PATIENCE, heard.lines()));
      }
      Thread.onSpinWait();
    }
  }

  void awaitInSync() {
    await(
        now ->
            now.device(peer, 0).replication() == ReplicationState.ESTABLISHED
                && now.device(peer, 0).disk() == DiskState.UP_TO_DATE
                && now.volume(0).disk() == DiskState.UP_TO_DATE);
  }

  /** Waits until the peer has said that all it was sent is durable. */
  void awaitDurable() {
    await(now -> !resource.peer(peer).orElseThrow().writes().hasUnconfirmed());
  }

  /** Writes a pattern and waits for its end. */
  void write(long offset, int length, int seed) {
    get(
        new DiskUser(loop, pool, clusterVolume::disk)
            .write(offset, DiskUser.pattern(length, seed)));
  }

  /** Changes the own disk behind everybody's back. */
  void spoil(long offset, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 77);
    get(ownDisk().write(offset, bytes));
  }

  /** What lies on the own disk. */
  byte[] onDisk(long offset, int length) {
    return get(ownDisk().read(offset, length));
  }

  private DiskUser ownDisk() {
    return new DiskUser(loop, pool, volume::disk);
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    get(on(resource::close));
    loop.close();
  }
}
