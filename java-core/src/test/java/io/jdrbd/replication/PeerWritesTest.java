package io.jdrbd.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.loop.SimLoop;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Primary without a disk sends to its one peer, and what it makes of the answers. */
class PeerWritesTest {
  private static final int BLOCK = 4096;

  private final SimLoop loop = new SimLoop();
  private final WriteOrder order = new WriteOrder(loop, 0);
  private final PeerWrites peer = order.addPeer(1);
  private final List<String> ends = new ArrayList<>();
  private RecordingLine line = new RecordingLine();
  private ReplicatedDisk disk;

  @BeforeEach
  void connect() {
    disk =
        new ReplicatedDisk(
            "r0/0",
            0,
            order,
            new VolumeEvents() {
              @Override
              public void dataFailed(DiskRequest.Op op, DiskException why) {
                throw new AssertionError(why);
              }

              @Override
              public void metadataFailed(DiskException why) {
                throw new AssertionError(why);
              }
            });
    Replica replica = disk.addReplica(peer);
    peer.connected(line, false);
    replica.become(DiskState.UP_TO_DATE, ReplicationState.ESTABLISHED, true);
  }

  private void write(int block) {
    disk.submit(
        new DiskRequest() {
          @Override
          public void complete() {
            ends.add("done " + block);
          }

          @Override
          public void fail(DiskException error) {
            ends.add("failed " + block);
          }
        }.writeZeroes((long) block * BLOCK, BLOCK, true, false, false));
  }

  private void ack(int sent, int block) throws ProtocolViolation {
    peer.acked(line.ids.get(sent), (long) block * BLOCK, false);
  }

  /** P_CONFIRM_STABLE: the epoch goes on, but its oldest writes are durable (spec 2.11.4). */
  @Test
  void someOfAnEpochAreDurable() throws ProtocolViolation {
    write(0);
    write(1);
    write(2);
    ack(1, 1);
    assertThat(ends).containsExactly("done 1");
    peer.someAreDurable(line.ids.get(0), line.ids.get(1), 2);
    assertThat(ends).containsExactly("done 1", "done 0");
    assertThat(peer.unconfirmedBytes()).isEqualTo(BLOCK);
    assertThat(line.said).contains("peer ack 2 up to 16");
    assertThatThrownBy(() -> peer.someAreDurable(line.ids.get(0), line.ids.get(0), 1))
        .isInstanceOf(ProtocolViolation.class);
    ack(2, 2);
    loop.drain();
    peer.epochIsDurable(0, 1);
    assertThat(peer.hasUnconfirmed()).isFalse();
  }

  /** One packet for all that the same nodes have, after a while (spec 2.14). */
  @Test
  void onePeerAckStandsForSeveralWrites() throws ProtocolViolation {
    for (int block = 0; block < 3; block++) {
      write(block);
      ack(block, block);
      loop.step();
      peer.epochIsDurable(block, 1);
    }
    assertThat(line.said).noneMatch(said -> said.startsWith("peer ack"));
    loop.drain();
    assertThat(line.said)
        .filteredOn(said -> said.startsWith("peer ack"))
        .containsExactly("peer ack 2 up to 24");
  }

  @Test
  void thePeerOwesAnAckAndThenItsEpoch() throws ProtocolViolation {
    assertThat(peer.oldestOwed()).isZero();
    write(0);
    assertThat(peer.oldestOwed()).isEqualTo(line.ids.getFirst());
    assertThat(peer.awaited(disk)).isEqualTo(1);
    ack(0, 0);
    assertThat(peer.awaited(disk)).isZero();
    assertThat(peer.oldestOwed()).as("no barrier was sent yet").isZero();
    loop.drain();
    assertThat(line.said).contains("barrier 0");
    assertThat(peer.oldestOwed()).isEqualTo(line.ids.getFirst());
    peer.epochIsDurable(0, 1);
    assertThat(peer.oldestOwed()).isZero();
  }

  /** Lost while I/O is suspended, back without a resync: only what was not acked (spec 2.18). */
  @Test
  void whatWasNotAcknowledgedIsSentAgain() throws ProtocolViolation {
    write(0);
    write(1);
    ack(0, 0);
    peer.lost(true);
    loop.drain();
    assertThat(ends).containsExactly("done 0");
    long id = line.ids.get(1);
    line = new RecordingLine();
    peer.connected(line, false);
    peer.returned(disk, true);
    assertThat(line.said).containsExactly("position 8", "write 4096", "barrier 0");
    assertThat(line.ids).containsExactly(id);
    ack(0, 1);
    peer.epochIsDurable(0, 1);
    assertThat(ends).containsExactly("done 0", "done 1");
    assertThat(peer.hasUnconfirmed()).isFalse();
  }

  /** A resync brings it; here there is no disk that it could come from. */
  @Test
  void whatAResyncCoversIsGivenUp() {
    write(0);
    peer.lost(true);
    line = new RecordingLine();
    peer.connected(line, false);
    peer.returned(disk, false);
    assertThat(line.said).isEmpty();
    assertThat(ends).containsExactly("failed 0");
  }

  @Test
  void nothingIsKeptWhenIoGoesOnWithoutThePeer() {
    write(0);
    peer.lost(true);
    assertThat(ends).isEmpty();
    assertThat(peer.hasUnconfirmed()).isTrue();
    peer.goOnWithout();
    assertThat(ends).containsExactly("failed 0");
    assertThat(peer.hasUnconfirmed()).isFalse();
  }
}
