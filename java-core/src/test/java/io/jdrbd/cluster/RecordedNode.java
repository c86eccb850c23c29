package io.jdrbd.cluster;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.connection.SessionSettings;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.memory.MemoryDisk;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.resync.ResyncRate;
import io.jdrbd.state.cluster.FencingPolicy;
import io.jdrbd.state.cluster.ResourceSettings;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.VolumeSnapshot;
import io.jdrbd.state.sync.SyncPolicies;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.TransportOptions;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.NegotiationPacket.SyncParam89;
import io.jdrbd.wire.ProtocolSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A node with one volume of the size of the captures, in the place of one that was recorded. */
final class RecordedNode implements AutoCloseable {
  /** What a disk has in the end, if it grows. */
  private static final long BACKING_BYTES = 49232L * 512;

  private static final long SECTORS = 32768;
  private static final long MORE_SECTORS = 8192;
  private static final int PATIENCE_S = 20;

  final EpollLoop loop;
  final RecordedTransport transport = new RecordedTransport();
  final ConnectPlan plan;
  final ClusterResource resource;
  final ClusterVolume volume;
  final Heard heard = new Heard();
  private final BufferPool pool = new BufferPool(64 << 20);
  private final int peer;
  private TestVolume disk;

  RecordedNode(
      int nodeId, ProtocolSettings protocol, SyncParam89 param, SessionSettings.Versions versions) {
    this.peer = 1 - nodeId;
    this.loop = new EpollLoop("recorded-" + nodeId);
    this.plan =
        new ConnectPlan(
            "r0/recorded",
            List.of(
                new PathAddresses(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 7789),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 7790))),
            new TransportOptions(1, 5, 1, 0, 0, true, 4 << 20));
    this.resource =
        new ClusterResource(
            "r0",
            ResourceSettings.defaults(nodeId),
            loop,
            transport,
            new BufferPool(64 << 20),
            new SecureRandom(),
            heard);
    this.volume = on(() -> create(nodeId, settings(nodeId, protocol, param, versions)));
    on(
        () -> {
          peer().volume(0).orElseThrow().setRate(rate(param));
          return true;
        });
  }

  private static ResyncRate rate(SyncParam89 param) {
    NegotiationPacket.ResyncRates rates = param.rates();
    return new ResyncRate(
        param.resyncRate(),
        rates.planAhead(),
        rates.delayTarget(),
        rates.fillTarget(),
        rates.maxRate(),
        0);
  }

  private ClusterVolume create(int nodeId, PeerSettings settings) {
    try {
      disk = new TestVolume(loop, new MemoryDisk(loop, BACKING_BYTES), nodeId, peer, pool, SECTORS);
      ClusterVolume added = resource.addVolume(disk, VolumeSnapshot.diskless(0), heard);
      resource.addPeer(peer, settings);
      return added;
    } catch (DiskException e) {
      throw new IllegalStateException(e);
    }
  }

  private PeerSettings settings(
      int nodeId, ProtocolSettings protocol, SyncParam89 param, SessionSettings.Versions versions) {
    SessionSettings session =
        new SessionSettings(
            nodeId,
            peer,
            versions,
            SessionSettings.Authentication.NONE,
            protocol,
            10,
            50,
            60,
            7,
            false);
    return new PeerSettings(
        "r0/recorded",
        plan,
        session,
        SyncPolicies.DISCONNECT,
        FencingPolicy.DONT_CARE,
        true,
        param.verifyAlg(),
        param.csumsAlg(),
        false,
        2048,
        true);
  }

  /** The backing disk becomes larger by 4 MiB, as in all captures in which one does. */
  void diskGrows() {
    on(
        () -> {
          disk.makeRoom(disk.roomSectors() + MORE_SECTORS);
          return true;
        });
  }

  ClusterPeer peer() {
    return resource.peer(peer).orElseThrow();
  }

  ResourceSnapshot now() {
    return on(resource::now);
  }

  /** Waits until the states are as they should be. */
  void await(Predicate<ResourceSnapshot> condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (!condition.test(now())) {
      if (System.nanoTime() > end) {
        throw new AssertionError("still %s".formatted(now()));
      }
    }
  }

  /** Does something on the loop, and waits for its end. */
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
    return result.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
  }

  /** What an application asks for; nobody waits for its end. */
  void submit(Request request) {
    loop.execute(() -> volume.disk().submit(request.of(pool)));
  }

  /** Makes a request with data of its length. */
  @FunctionalInterface
  interface Request {
    /** The request. */
    DiskRequest of(BufferPool pool);
  }

  static Request write(long offset, int length, boolean fua) {
    return pool -> {
      PooledBuffer data = pool.tryAllocate(length).orElseThrow();
      return new Done(data).write(offset, length, data, 0, fua);
    };
  }

  static Request zeroes(long offset, int length, boolean mayDiscard, boolean fua) {
    return pool -> new Done(PooledBuffer.NONE).writeZeroes(offset, length, mayDiscard, fua, false);
  }

  static Request discard(long offset, int length) {
    return pool -> new Done(PooledBuffer.NONE).discard(offset, length);
  }

  /** A request whose end matters to nobody but its buffer. */
  private static final class Done extends DiskRequest {
    private final PooledBuffer data;

    Done(PooledBuffer data) {
      this.data = data;
    }

    @Override
    public void complete() {
      data.release();
    }

    @Override
    public void fail(DiskException error) {
      data.release();
    }
  }

  @Override
  public void close() {
    on(resource::close).toCompletableFuture().orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
    loop.close();
  }
}
