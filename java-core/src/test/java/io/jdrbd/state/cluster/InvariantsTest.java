package io.jdrbd.state.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever anybody wishes, some things hold: random wishes, the same ones for the same seed. */
class InvariantsTest {
  private static final int STEPS = 5_000;

  @ParameterizedTest
  @CsvSource({"1, 101, 1", "2, 101, 1", "3, 123, 1", "4, 123, 1", "5, 123, 2", "6, 123, 2"})
  void hold(long seed, int protocolVersion, int peers) {
    Random random = new Random(seed);
    ResourceSnapshot now = Snapshots.connected(protocolVersion);
    for (int peer = 2; peer <= peers; peer++) {
      ConnectionSnapshot first = now.connection(1);
      now =
          now.withConnection(
              new ConnectionSnapshot(
                  peer, first.state(), first.peerRole(), false, first.facts(), first.devices()));
    }
    int changes = 0;
    for (int step = 0; step < STEPS; step++) {
      ResourceSnapshot wanted = wish(random, now, peers);
      ChangeKind kind = random.nextBoolean() ? ChangeKind.HARD : ChangeKind.SOFT;
      Outcome outcome = StateChange.apply(now, wanted, kind);
      if (outcome instanceof Outcome.Changed changed) {
        String where = "seed %d step %d: %s".formatted(seed, step, StateText.lines(now, wanted));
        check(changed, where);
        now = changed.after();
        changes++;
      }
    }
    assertThat(changes).isGreaterThan(STEPS / 10);
  }

  private static ResourceSnapshot wish(Random random, ResourceSnapshot now, int peers) {
    int peer = 1 + random.nextInt(peers);
    return switch (random.nextInt(7)) {
      case 0 -> Wishes.role(now, random.nextBoolean() ? Role.PRIMARY : Role.SECONDARY);
      case 1 -> Wishes.connection(now, peer, any(random, ConnectionState.values()));
      case 2 ->
          now.changeConnection(
              peer, c -> c.withPeerRole(random.nextBoolean() ? Role.PRIMARY : Role.SECONDARY));
      case 3 -> Wishes.disk(now, 0, anyOwn(random));
      case 4 -> now.changeDevice(peer, 0, d -> d.withDisk(any(random, DiskState.values())));
      case 5 -> Wishes.replication(now, peer, 0, any(random, ReplicationState.values()));
      default ->
          now.changeDevice(
              peer,
              0,
              d ->
                  d.withPause(
                      d.pause().withUser(random.nextBoolean()).withPeer(random.nextBoolean())));
    };
  }

  private static DiskState anyOwn(Random random) {
    DiskState disk = any(random, DiskState.values());
    return disk == DiskState.D_UNKNOWN ? DiskState.UP_TO_DATE : disk;
  }

  private static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  private static void check(Outcome.Changed changed, String where) {
    ResourceSnapshot after = changed.after();
    for (ConnectionSnapshot connection : after.connections().values()) {
      PeerDeviceSnapshot device = connection.device(0);
      if (!connection.isConnected()) {
        assertThat(connection.peerRole()).as(where).isEqualTo(Role.UNKNOWN);
        assertThat(device.replication()).as(where).isEqualTo(ReplicationState.OFF);
      }
      DiskState own = after.volume(0).disk();
      assertThat(DiskRange.own(device.replication()).clamp(own)).as(where).isEqualTo(own);
      assertThat(DiskRange.peer(device.replication()).clamp(device.disk()))
          .as(where)
          .isEqualTo(device.disk());
      assertThat(device.resyncActive())
          .as(where)
          .isEqualTo(device.replication() == ReplicationState.SYNC_TARGET);
    }
    assertThat(after.devicesOf(0).filter(PeerDeviceSnapshot::resyncActive).count())
        .as(where)
        .isLessThanOrEqualTo(1);
    ResourceSnapshot touched = after.changeVolume(0, v -> v.withReaders(1 - v.readers()));
    ResourceSnapshot again = Snapshots.changed(after, touched, ChangeKind.HARD).after();
    assertThat(StateText.lines(after, again)).as(where).isEmpty();
    for (Effect effect : changed.effects()) {
      if (effect instanceof Effect.Packet packet) {
        assertThat(after.connection(packet.peer()).isConnected()).as(where).isTrue();
      }
    }
  }
}
