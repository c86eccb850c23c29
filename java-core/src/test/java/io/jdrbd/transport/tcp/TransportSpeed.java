package io.jdrbd.transport.tcp;

import com.sun.management.OperatingSystemMXBean;
import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.PeerStream;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamListener;
import io.jdrbd.transport.TransportOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures a stream over loopback: packets with a head and bulk data in one direction, as many as
 * go, and then single packets to and fro. Not a test. Arguments: bytes of bulk data, seconds,
 * rounds. The first round is warm-up.
 */
public final class TransportSpeed {
  private static final int HEAD_BYTES = 40;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private TransportSpeed() {}

  /** Prints two lines per round. */
  public static void main(String[] arguments) throws Exception {
    int bulkBytes = Integer.parseInt(arguments[0]);
    int seconds = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    try (Side one = new Side("one", 1);
        Side other = new Side("other", 2)) {
      PathAddresses path = Side.path("127.0.0.2", 7789, "127.0.0.3", 7789);
      one.connect(TransportOptions.DEFAULT, path);
      other.connect(TransportOptions.DEFAULT, Side.turned(path));
      PeerStream oneData = one.link().data();
      PeerStream otherData = other.link().data();
      Source source = new Source(oneData, bulkBytes);
      Sink sink = new Sink(otherData, bulkBytes);
      run(one, () -> oneData.open(source));
      run(other, sink::begin);
      for (int round = 0; round < rounds; round++) {
        stream(one, source, sink, bulkBytes, seconds);
        pingPong(one, source, sink, seconds);
      }
    }
    System.exit(0);
  }

  private static void run(Side side, Runnable task) throws Exception {
    side.onLoop(
        () -> {
          task.run();
          return true;
        });
  }

  private static void stream(Side one, Source source, Sink sink, int bulkBytes, int seconds)
      throws Exception {
    long packetsBefore = sink.packets.get();
    long cpuBeforeNs = PROCESS.getProcessCpuTime();
    long beganNs = System.nanoTime();
    long endNs = beganNs + TimeUnit.SECONDS.toNanos(seconds);
    run(one, () -> source.begin(endNs, sink.pool));
    source.end.get();
    long packets = sink.packets.get() - packetsBefore;
    double elapsedS = (System.nanoTime() - beganNs) / 1e9;
    System.out.printf(
        "%d bytes, one way: %,.0f packets/s, %,.0f MiB/s, %.2f us CPU per packet%n",
        bulkBytes,
        packets / elapsedS,
        packets * (double) bulkBytes / elapsedS / (1 << 20),
        (PROCESS.getProcessCpuTime() - cpuBeforeNs) / 1e3 / packets);
  }

  private static void pingPong(Side one, Source source, Sink sink, int seconds) throws Exception {
    while (sink.packets.get() < source.packets.get()) {
      Thread.onSpinWait();
    }
    sink.answers = true;
    long beganNs = System.nanoTime();
    run(one, () -> source.beginPings(beganNs + TimeUnit.SECONDS.toNanos(seconds)));
    long pings = source.end.get();
    sink.answers = false;
    System.out.printf(
        "one packet to and fro: %.1f us%n", (System.nanoTime() - beganNs) / 1e3 / pings);
  }

  /** Sends as long as it may. */
  private static final class Source implements StreamListener {
    private final PeerStream stream;
    private final int bulkBytes;
    private final ByteBuf head = Unpooled.directBuffer(HEAD_BYTES).writeZero(HEAD_BYTES);
    private final ByteBuf answer = Unpooled.directBuffer(HEAD_BYTES, HEAD_BYTES);
    private volatile CompletableFuture<Long> end = new CompletableFuture<>();
    private final AtomicLong packets = new AtomicLong();
    private BufferPool pool = new BufferPool(BufferPool.PAGE_BYTES);
    private long endNs;
    private long pings;

    Source(PeerStream stream, int bulkBytes) {
      this.stream = stream;
      this.bulkBytes = bulkBytes;
    }

    void begin(long untilNs, BufferPool from) {
      end = new CompletableFuture<>();
      endNs = untilNs;
      pool = from;
      writable();
    }

    void beginPings(long untilNs) {
      end = new CompletableFuture<>();
      endNs = untilNs;
      pings = 0;
      ping();
    }

    private void ping() {
      packets.incrementAndGet();
      stream.send(head, pool.tryAllocate(bulkBytes).orElseThrow().writerIndex(bulkBytes));
      stream.receive(answer.clear(), HEAD_BYTES);
    }

    @Override
    public void received() {
      pings++;
      if (System.nanoTime() < endNs) {
        ping();
      } else {
        end.complete(pings);
      }
    }

    @Override
    public void writable() {
      while (!end.isDone() && stream.isWritable()) {
        packets.incrementAndGet();
        stream.send(head, pool.tryAllocate(bulkBytes).orElseThrow().writerIndex(bulkBytes));
        if (System.nanoTime() >= endNs) {
          end.complete(packets.get());
        }
      }
    }

    @Override
    public void ended(StreamEnd how) {
      end.completeExceptionally(new IllegalStateException(how.text()));
    }
  }

  /** Takes each packet into a buffer of its own, as a node does on its way to the disk. */
  private static final class Sink implements StreamListener {
    private final BufferPool pool = new BufferPool(128 << 20);
    private final PeerStream stream;
    private final int bulkBytes;
    private final ByteBuf head = Unpooled.directBuffer(HEAD_BYTES, HEAD_BYTES);
    private PooledBuffer bulk = PooledBuffer.NONE;
    private final AtomicLong packets = new AtomicLong();
    private volatile boolean answers;

    Sink(PeerStream stream, int bulkBytes) {
      this.stream = stream;
      this.bulkBytes = bulkBytes;
    }

    void begin() {
      stream.open(this);
      stream.receive(head.clear(), HEAD_BYTES);
    }

    @Override
    public void received() {
      if (bulk.capacity() == 0) {
        bulk = pool.tryAllocate(bulkBytes).orElseThrow();
        stream.receive(bulk, bulkBytes);
        return;
      }
      bulk.release();
      bulk = PooledBuffer.NONE;
      packets.incrementAndGet();
      if (answers) {
        stream.send(head);
      }
      stream.receive(head.clear(), HEAD_BYTES);
    }

    @Override
    public void writable() {}

    @Override
    public void ended(StreamEnd how) {}
  }
}
