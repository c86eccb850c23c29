package io.jdrbd.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.transport.PeerStream;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stream promises, over loopback. */
class TcpStreamTest {
  private static final int BULK_BYTES = 1 << 20;

  private final Side one = new Side("one", 1);
  private final Side other = new Side("other", 2);
  private final BufferPool pool = new BufferPool(16 << 20);
  private PeerLink oneLink;
  private PeerLink otherLink;
  private Wire oneData;
  private Wire otherData;

  @BeforeEach
  void connect() throws Exception {
    int port = ThreadLocalRandom.current().nextInt(10_000, 30_000);
    PathAddresses path = Side.path("127.0.0.2", port, "127.0.0.3", port);
    one.connect(Side.QUICK, path);
    other.connect(Side.QUICK, Side.turned(path));
    oneLink = one.link();
    otherLink = other.link();
    oneData = new Wire(one, oneLink.data());
    otherData = new Wire(other, otherLink.data());
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
    assertThat(pool.leaks()).isEmpty();
  }

  private PooledBuffer bulk(long seed, int lengthBytes) {
    PooledBuffer buffer = pool.tryAllocate(lengthBytes).orElseThrow();
    byte[] bytes = new byte[lengthBytes];
    new Random(seed).nextBytes(bytes);
    buffer.writeBytes(bytes);
    return buffer;
  }

  private static void run(Side side, Runnable task) throws Exception {
    side.onLoop(
        () -> {
          task.run();
          return true;
        });
  }

  /** The sender lets a buffer go after the last byte has left: perhaps after that has arrived. */
  private void assertAllReleased() throws Exception {
    assertThat(one.onLoop(pool::outstanding)).isZero();
  }

  /** Heads and bulk data of every size, each read into a buffer at an offset. */
  @Test
  void headsAndBulkDataArriveWhereTheyAreWanted() throws Exception {
    Random random = new Random(7);
    ByteBuf head = Unpooled.buffer(16);
    for (int i = 0; i < 60; i++) {
      int lengthBytes = 1 + random.nextInt(i % 3 == 0 ? BULK_BYTES : 20_000);
      int offset = 512 * random.nextInt(3);
      PooledBuffer sent = bulk(i, lengthBytes);
      byte[] expected = ByteBufUtil.getBytes(sent);
      run(
          one,
          () -> {
            head.clear().writeLong(0x1122334455667788L).writeLong(lengthBytes);
            oneLink.data().send(head, sent);
          });
      ByteBuf arrivedHead = Unpooled.buffer(16);
      otherData.ask(arrivedHead, 16);
      otherData.awaitReceived();
      assertThat(arrivedHead.getLong(8)).isEqualTo(lengthBytes);
      PooledBuffer target = pool.tryAllocate(offset + lengthBytes).orElseThrow();
      target.writerIndex(offset);
      otherData.ask(target, lengthBytes);
      otherData.awaitReceived();
      assertThat(target.writerIndex()).isEqualTo(offset + lengthBytes);
      assertThat(ByteBufUtil.getBytes(target, offset, lengthBytes)).isEqualTo(expected);
      target.release();
    }
    assertAllReleased();
  }

  @Test
  void packetsOfATurnKeepTheirOrder() throws Exception {
    run(
        one,
        () -> {
          ByteBuf packet = Unpooled.buffer(4096);
          for (int i = 0; i < 2_000; i++) {
            packet.clear().writeInt(i).writeZero(i % 100);
            if (i % 17 == 0) {
              oneLink.data().send(packet, bulk(i, 5_000));
            } else {
              oneLink.data().send(packet);
            }
          }
        });
    for (int i = 0; i < 2_000; i++) {
      ByteBuf number = Unpooled.buffer(4);
      otherData.ask(number, 4);
      otherData.awaitReceived();
      assertThat(number.getInt(0)).isEqualTo(i);
      if (i % 100 > 0) {
        otherData.skip(i % 100);
      }
      if (i % 17 == 0) {
        otherData.skip(5_000);
      }
    }
    assertAllReleased();
  }

  @Test
  void manyDemandsAreServedWithoutDeepCalls() throws Exception {
    int count = 200_000;
    run(
        one,
        () -> {
          ByteBuf packet = Unpooled.buffer(4096).writeZero(4000);
          for (int i = 0; i < count / 500; i++) {
            oneLink.control().send(packet);
          }
        });
    Counting counting = new Counting(otherLink.control(), 8, count);
    run(other, counting::start);
    counting.await();
  }

  @Test
  void whoDoesNotReadStopsTheSender() throws Exception {
    long sentBytes = one.onLoop(this::fillTheQueue);
    assertThat(one.onLoop(() -> oneLink.data().unsentBytes())).isGreaterThan(1 << 20);
    long before = one.onLoop(() -> oneLink.data().sendStalledNs());
    long after = one.onLoop(() -> oneLink.data().sendStalledNs());
    assertThat(after).isGreaterThan(before);
    otherData.skip(sentBytes - 100);
    oneData.awaitWritable();
    otherData.skip(100);
    assertThat(one.onLoop(() -> oneLink.data().sendStalledNs())).isZero();
    assertAllReleased();
  }

  private long fillTheQueue() {
    ByteBuf head = Unpooled.buffer(16).writeZero(16);
    long sentBytes = 0;
    while (oneLink.data().isWritable()) {
      oneLink.data().send(head, bulk(1, BULK_BYTES / 4));
      oneLink.data().flush();
      sentBytes += 16 + BULK_BYTES / 4;
    }
    return sentBytes;
  }

  @Test
  void controlIsReadWhileDataWaits() throws Exception {
    one.onLoop(this::fillTheQueue);
    Wire oneControl = new Wire(one, oneLink.control());
    Wire otherControl = new Wire(other, otherLink.control());
    oneControl.send("ping");
    assertThat(otherControl.receive(4)).isEqualTo("ping");
    otherControl.send("pong");
    assertThat(oneControl.receive(4)).isEqualTo("pong");
  }

  @Test
  void theEndComesAfterTheLastByte() throws Exception {
    oneData.send("last words");
    run(one, () -> oneLink.data().closeWhenSent());
    assertThat(otherData.receive(4)).isEqualTo("last");
    assertThat(otherData.hasEnded()).isFalse();
    assertThat(otherData.receive(6)).isEqualTo(" words");
    assertThat(otherData.awaitEnd().kind()).isEqualTo(StreamEnd.Kind.CLOSED_BY_PEER);
    run(other, () -> otherLink.data().send(Unpooled.buffer(8).writeZero(8)));
  }

  /** A plain close would reset the connection here, and take the last words with it. */
  @Test
  void lastWordsArriveThoughTheirSenderHasNotReadAll() throws Exception {
    run(other, () -> otherLink.data().send(Unpooled.buffer(1).writeZero(1), bulk(1, BULK_BYTES)));
    run(
        one,
        () -> {
          oneLink.data().send(Unpooled.buffer(1).writeZero(1), bulk(2, BULK_BYTES));
          oneLink.data().closeWhenSent();
        });
    otherData.skip(BULK_BYTES + 1);
    assertThat(otherData.awaitEnd().kind()).isEqualTo(StreamEnd.Kind.CLOSED_BY_PEER);
  }

  @Test
  void aDemandThatCannotBeMetEnds() throws Exception {
    oneData.send("half");
    otherData.ask(Unpooled.buffer(16), 16);
    run(one, oneLink.data()::close);
    assertThat(otherData.awaitEnd().text()).isEqualTo("closed by the peer");
    assertThat(otherData.hasReceived()).isFalse();
  }

  @Test
  void aResetIsToldAsOne() throws Exception {
    run(one, () -> oneLink.data().send(Unpooled.buffer(1).writeZero(1), bulk(1, BULK_BYTES)));
    otherData.skip(1);
    run(other, otherLink.data()::close);
    oneData.ask(Unpooled.buffer(2 * BULK_BYTES), 2 * BULK_BYTES);
    assertThat(oneData.awaitEnd().kind()).isEqualTo(StreamEnd.Kind.RESET);
  }

  @Test
  void aClosedStreamIsSilentAndKeepsNothing() throws Exception {
    run(
        one,
        () -> {
          oneLink.data().close();
          oneLink.data().send(Unpooled.buffer(4).writeInt(1), bulk(1, BULK_BYTES));
          oneLink.data().receive(Unpooled.buffer(4), 4);
          oneLink.data().close();
        });
    assertThat(otherData.awaitEnd().kind()).isEqualTo(StreamEnd.Kind.CLOSED_BY_PEER);
    assertThat(oneData.hasEnded()).isFalse();
    assertAllReleased();
  }

  /** Asks for the same few bytes again and again, each time from within. */
  private static final class Counting implements StreamListener {
    private final PeerStream stream;
    private final ByteBuf target;
    private final CountDownLatch left;

    Counting(PeerStream stream, int bytes, int count) {
      this.stream = stream;
      this.target = Unpooled.buffer(bytes, bytes);
      this.left = new CountDownLatch(count);
    }

    void start() {
      stream.open(this);
      stream.receive(target, target.capacity());
    }

    void await() throws InterruptedException {
      assertThat(left.await(Side.WAIT_S, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void received() {
      left.countDown();
      target.clear();
      if (left.getCount() > 0) {
        stream.receive(target, target.capacity());
      }
    }

    @Override
    public void writable() {}

    @Override
    public void ended(StreamEnd end) {
      if (left.getCount() > 0) {
        throw new AssertionError(end);
      }
    }
  }
}
