package io.jdrbd.state.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateWordTest {

  /** The examples of spec 3.3.3 and 4.1.2, and words of captures. */
  @ParameterizedTest
  @CsvSource({
    "0080f282, VERSION_9, SECONDARY, UNKNOWN, CONNECTING, OFF, UP_TO_DATE, D_UNKNOWN",
    "0080f281, VERSION_9, PRIMARY, UNKNOWN, CONNECTING, OFF, UP_TO_DATE, D_UNKNOWN",
    "0080ea82, VERSION_9, SECONDARY, UNKNOWN, CONNECTING, OFF, INCONSISTENT, D_UNKNOWN",
    "008132aa, VERSION_9, SECONDARY, SECONDARY, CONNECTED, ESTABLISHED, UP_TO_DATE, UP_TO_DATE",
    "008132a9, VERSION_9, PRIMARY, SECONDARY, CONNECTED, ESTABLISHED, UP_TO_DATE, UP_TO_DATE",
    "00812ce6, VERSION_9, SECONDARY, PRIMARY, CONNECTED, WF_BITMAP_T, OUTDATED, UP_TO_DATE",
    "00812b16, VERSION_9, SECONDARY, PRIMARY, CONNECTED, SYNC_TARGET, INCONSISTENT, UP_TO_DATE",
    "0080b309, VERSION_9, PRIMARY, SECONDARY, CONNECTED, SYNC_SOURCE, UP_TO_DATE, INCONSISTENT",
    "0000d082, VERSION_84, SECONDARY, UNKNOWN, CONNECTING, OFF, UP_TO_DATE, D_UNKNOWN",
    "0000c882, VERSION_84, SECONDARY, UNKNOWN, CONNECTING, OFF, INCONSISTENT, D_UNKNOWN",
    "000110a9, VERSION_84, PRIMARY, SECONDARY, CONNECTED, ESTABLISHED, UP_TO_DATE, UP_TO_DATE",
    "00010916, VERSION_84, SECONDARY, PRIMARY, CONNECTED, SYNC_TARGET, INCONSISTENT, UP_TO_DATE",
    "000100aa, VERSION_84, SECONDARY, SECONDARY, CONNECTED, ESTABLISHED, DISKLESS, UP_TO_DATE",
    "0080c89a, VERSION_84, SECONDARY, SECONDARY, CONNECTED, OFF, INCONSISTENT, D_UNKNOWN",
    "00909149, VERSION_84, PRIMARY, SECONDARY, CONNECTED, PAUSED_SYNC_S, UP_TO_DATE, INCONSISTENT",
  })
  void unpacksAndPacks(
      String hex,
      DiskNumbering numbering,
      Role role,
      Role peerRole,
      ConnectionState connection,
      ReplicationState replication,
      DiskState disk,
      DiskState peerDisk) {
    int word = Integer.parseUnsignedInt(hex, 16);
    StateWord state = StateWord.unpack(word, numbering).orElseThrow();
    assertThat(state)
        .isEqualTo(
            new StateWord(role, peerRole, connection, replication, disk, peerDisk, state.flags()));
    assertThat(state.pack(numbering)).isEqualTo(word);
  }

  @Test
  void readsTheFlags() {
    StateWord state = StateWord.unpack(0x00190956, DiskNumbering.VERSION_84).orElseThrow();
    assertThat(state.flags())
        .containsExactlyInAnyOrder(StateWord.Flag.PAUSED_BY_PEER, StateWord.Flag.PAUSED_BY_USER);
    assertThat(state.asksForPause()).isTrue();
    assertThat(state.hasQuorum()).isFalse();
  }

  /** 8.4 has no Detaching: it reads Failed, and that is what comes back. */
  @Test
  void sendsDetachingAsFailedBelow110() {
    StateWord detaching = StateWord.unpack(0x008124aa, DiskNumbering.VERSION_9).orElseThrow();
    assertThat(detaching.disk()).isEqualTo(DiskState.DETACHING);
    int sent = detaching.pack(DiskNumbering.VERSION_84);
    assertThat(StateWord.unpack(sent, DiskNumbering.VERSION_84).orElseThrow().disk())
        .isEqualTo(DiskState.FAILED);
  }

  @Test
  void knowsNoOtherNumbers() {
    assertThat(StateWord.unpack(0x00000003, DiskNumbering.VERSION_9)).isEmpty();
    assertThat(StateWord.unpack(0x00000182, DiskNumbering.VERSION_9)).isEmpty();
    assertThat(StateWord.unpack(0x00001e82, DiskNumbering.VERSION_9)).isEmpty();
    assertThat(StateWord.unpack(0x00001282, DiskNumbering.VERSION_84)).isEmpty();
  }
}
