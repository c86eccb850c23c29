package io.jdrbd.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.sim.SimNetwork.Weather;
import io.jdrbd.transport.ConnectListener;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.transport.PeerStream;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamListener;
import io.jdrbd.transport.TransportOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a simulated world promises to the tests that use it. */
class SimWorldTest {
  private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);
  private static final int PAGE_BYTES = 4096;

  private static ConnectPlan plan(String localIp, String peerIp) {
    PathAddresses path =
        new PathAddresses(
            new InetSocketAddress(localIp, 7789), new InetSocketAddress(peerIp, 7789));
    return new ConnectPlan("r0/peer", List.of(path), TransportOptions.DEFAULT);
  }

  private static final class Links implements ConnectListener {
    private final List<PeerLink> links = new ArrayList<>();

    @Override
    public void connected(PeerLink link) {
      links.add(link);
    }

    @Override
    public void waiting(String why) {}

    @Override
    public void failed(String reason) {
      throw new AssertionError(reason);
    }
  }

  private static Links connectPair(SimWorld world) {
    Links links = new Links();
    SimNode alpha = world.node("alpha", "10.0.0.1");
    SimNode bravo = world.node("bravo", "10.0.0.2");
    alpha.start(
        node -> node.transports().create("r0").connect(plan("10.0.0.1", "10.0.0.2"), links));
    bravo.start(
        node -> node.transports().create("r0").connect(plan("10.0.0.2", "10.0.0.1"), links));
    assertThat(world.runUntil(() -> links.links.size() == 2, MINUTE_NS)).isTrue();
    return links;
  }

  /** Sends a counted stream as fast as it may. */
  private static final class Counter implements StreamListener {
    private final PeerStream stream;
    private final int total;
    private int next;

    Counter(PeerStream stream, int total) {
      this.stream = stream;
      this.total = total;
      stream.open(this);
      writable();
    }

    @Override
    public void received() {}

    @Override
    public void writable() {
      while (next < total && stream.isWritable()) {
        ByteBuf bulk = Unpooled.buffer(4 * 1000);
        for (int i = 0; i < 1000; i++) {
          bulk.writeInt(next);
          next++;
        }
        stream.send(Unpooled.EMPTY_BUFFER, bulk);
      }
    }

    @Override
    public void ended(StreamEnd end) {}
  }

  /** Checks that it arrives as it was sent. */
  private static final class Checker implements StreamListener {
    private final PeerStream stream;
    private final ByteBuf target = Unpooled.buffer(4);
    private int next;
    private boolean ended;

    Checker(PeerStream stream) {
      this.stream = stream;
      stream.open(this);
      stream.receive(target, 4);
    }

    @Override
    public void received() {
      assertThat(target.readInt()).isEqualTo(next);
      next++;
      target.clear();
      stream.receive(target, 4);
    }

    @Override
    public void writable() {}

    @Override
    public void ended(StreamEnd end) {
      ended = true;
    }
  }

  @Test
  void aStreamKeepsItsOrderThroughDelaysAndPieces() {
    for (long seed = 0; seed < 5; seed++) {
      try (SimWorld world = new SimWorld(seed)) {
        Links links = connectPair(world);
        new Counter(links.links.get(0).data(), 200_000);
        Checker checker = new Checker(links.links.get(1).data());
        assertThat(world.runUntil(() -> checker.next == 200_000, MINUTE_NS)).isTrue();
      }
    }
  }

  @Test
  void aBrokenConnectionDeliversAPartFromTheStart() {
    for (long seed = 0; seed < 50; seed++) {
      try (SimWorld world = new SimWorld(seed)) {
        Links links = connectPair(world);
        world.network().weather(new Weather(10_000, 5_000_000, 0, 0.05));
        new Counter(links.links.get(0).data(), 200_000);
        Checker checker = new Checker(links.links.get(1).data());
        assertThat(world.runUntil(() -> checker.ended, MINUTE_NS)).isTrue();
        assertThat(checker.next).isLessThan(200_000);
      }
    }
  }

  @Test
  void theTwoStreamsOvertakeEachOther() {
    boolean dataFirst = false;
    boolean controlFirst = false;
    for (long seed = 0; seed < 20; seed++) {
      try (SimWorld world = new SimWorld(seed)) {
        Links links = connectPair(world);
        new Counter(links.links.get(0).data(), 1000);
        new Counter(links.links.get(0).control(), 1000);
        Checker data = new Checker(links.links.get(1).data());
        Checker control = new Checker(links.links.get(1).control());
        world.runUntil(() -> data.next + control.next > 0, MINUTE_NS);
        dataFirst |= data.next > 0;
        controlFirst |= control.next > 0;
      }
    }
    assertThat(dataFirst).isTrue();
    assertThat(controlFirst).isTrue();
  }

  @Test
  void whoDoesNotReadStopsTheSender() {
    try (SimWorld world = new SimWorld(1)) {
      Links links = connectPair(world);
      Counter counter = new Counter(links.links.get(0).data(), Integer.MAX_VALUE - 1000);
      world.runFor(MINUTE_NS / 2);
      assertThat(counter.stream.sendStalledNs()).isGreaterThan(MINUTE_NS / 3);
      int sent = counter.next;
      world.runFor(MINUTE_NS);
      assertThat(counter.next).isEqualTo(sent);
    }
  }

  @Test
  void theDeadDoNothing() {
    try (SimWorld world = new SimWorld(1)) {
      SimNode node = world.node("alpha", "10.0.0.1");
      List<String> heard = new ArrayList<>();
      node.start(
          alive -> {
            alive.loop().schedule(MINUTE_NS, () -> heard.add("timer"));
            alive.loop().execute(() -> alive.loop().execute(() -> heard.add("late task")));
            alive.kill();
          });
      world.runFor(2 * MINUTE_NS);
      assertThat(heard).isEmpty();
    }
  }

  @Test
  void aFailureNamesTheSeed() {
    try (SimWorld world = new SimWorld(42)) {
      world
          .node("alpha", "10.0.0.1")
          .start(
              node -> {
                throw new IllegalStateException("broken");
              });
      assertThatThrownBy(() -> world.runFor(1))
          .hasMessageContaining("seed 42")
          .hasMessageContaining("alpha#1")
          .hasMessageContaining("broken");
    }
  }

  /** Writes a page, flushes if told to, loses power, and reads it again in the next life. */
  private static byte pageAfterPowerLoss(long seed, boolean flush) {
    try (SimWorld world = new SimWorld(seed)) {
      BufferPool pool = new BufferPool(1 << 20);
      PooledBuffer page = pool.tryAllocate(PAGE_BYTES).orElseThrow();
      SimNode node = world.node("alpha", "10.0.0.1");
      node.addDrive("vda", 1 << 20);
      List<String> done = new ArrayList<>();
      node.start(
          alive -> {
            BlockDisk disk = alive.drive("vda").open(alive, 1_000_000);
            page.setZero(0, PAGE_BYTES).setByte(0, 7);
            disk.submit(
                new Then(
                        () -> {
                          if (flush) {
                            disk.submit(new Then(() -> done.add("flushed")).flush());
                          } else {
                            done.add("written");
                          }
                        })
                    .write(8 * PAGE_BYTES, PAGE_BYTES, page, 0, false));
          });
      assertThat(world.runUntil(() -> !done.isEmpty(), MINUTE_NS)).isTrue();
      node.powerOff();
      done.clear();
      node.start(
          alive -> {
            page.setZero(0, PAGE_BYTES);
            BlockDisk disk = alive.drive("vda").open(alive, 1_000_000);
            disk.submit(new Then(() -> done.add("read")).read(8 * PAGE_BYTES, PAGE_BYTES, page, 0));
          });
      assertThat(world.runUntil(() -> !done.isEmpty(), MINUTE_NS)).isTrue();
      byte found = page.getByte(0);
      page.release();
      return found;
    }
  }

  @Test
  void aDriveKeepsWhatWasFlushed() {
    boolean lost = false;
    for (long seed = 0; seed < 20; seed++) {
      assertThat(pageAfterPowerLoss(seed, true)).isEqualTo((byte) 7);
      lost |= pageAfterPowerLoss(seed, false) == 0;
    }
    assertThat(lost).isTrue();
  }

  /** A request whose success is of interest. */
  private static final class Then extends DiskRequest {
    private final Runnable then;

    Then(Runnable then) {
      this.then = then;
    }

    @Override
    public void complete() {
      then.run();
    }

    @Override
    public void fail(DiskException error) {
      throw new AssertionError(error);
    }
  }
}
