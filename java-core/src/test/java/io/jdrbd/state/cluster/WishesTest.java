package io.jdrbd.state.cluster;

import static io.jdrbd.state.cluster.Snapshots.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WishesTest {

  @Test
  void forcesTheOwnDiskOnlyIfNobodyHasGoodData() {
    ResourceSnapshot now = with(Snapshots.connected84(), "v0.disk=Inconsistent");
    assertThat(Wishes.forcedPromotion(now).volume(0).disk()).isEqualTo(DiskState.INCONSISTENT);
    ResourceSnapshot alone = with(now, "v0.n1.pdsk=Inconsistent");
    assertThat(Wishes.forcedPromotion(alone).volume(0).disk()).isEqualTo(DiskState.UP_TO_DATE);
    assertThat(Wishes.forcedPromotion(alone).role()).isEqualTo(Role.PRIMARY);
  }

  @ParameterizedTest
  @CsvSource({
    "v0.n1.pdsk=UpToDate, NEGOTIATING",
    "v0.n1.pdsk=Inconsistent, NEGOTIATING",
    "v0.n1.pdsk=Diskless, UP_TO_DATE"
  })
  void comparesAnAttachedDiskWithThoseOfPeers(String peer, DiskState disk) {
    ResourceSnapshot now = with(Snapshots.connected84(), "v0.disk=Attaching " + peer);
    assertThat(Wishes.attached(now, 0).volume(0).disk()).isEqualTo(disk);
  }

  /** The P_STATE of a target that has finished and asks for a pause no more (spec 3.3.5). */
  @Test
  void takesOverWhatThePeerTells() {
    ResourceSnapshot now =
        with(
            Snapshots.connected9(),
            "v0.n1.repl=PausedSyncS v0.n1.pdsk=Inconsistent v0.n1.pause=peer");
    StateWord word = StateWord.unpack(0x008132a5, DiskNumbering.VERSION_9).orElseThrow();
    ResourceSnapshot wanted =
        Wishes.peerState(now, 1, 0, word, ReplicationState.ESTABLISHED, word.disk());
    assertThat(wanted.connection(1).peerRole()).isEqualTo(Role.PRIMARY);
    assertThat(wanted.device(1, 0).disk()).isEqualTo(DiskState.UP_TO_DATE);
    assertThat(wanted.device(1, 0).pause()).isEqualTo(ResyncPause.NONE);
    assertThat(wanted.device(1, 0).facts().quorate()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "v0.n1.repl=SyncTarget v0.disk=Inconsistent, false, UP_TO_DATE, UP_TO_DATE",
    "v0.n1.repl=SyncTarget v0.disk=Inconsistent, true, INCONSISTENT, UP_TO_DATE",
    "v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent, false, UP_TO_DATE, UP_TO_DATE",
    "v0.n1.repl=SyncSource v0.n1.pdsk=Inconsistent, true, UP_TO_DATE, INCONSISTENT"
  })
  void finishesAResync(String before, boolean failedBlocks, DiskState own, DiskState peer) {
    ResourceSnapshot now = with(Snapshots.connected84(), before);
    ResourceSnapshot after =
        Snapshots.changed(now, Wishes.resyncFinished(now, 1, 0, failedBlocks), ChangeKind.HARD)
            .after();
    assertThat(after.volume(0).disk()).isEqualTo(own);
    assertThat(after.device(1, 0).disk()).isEqualTo(peer);
    assertThat(after.device(1, 0).replication()).isEqualTo(ReplicationState.ESTABLISHED);
  }
}
