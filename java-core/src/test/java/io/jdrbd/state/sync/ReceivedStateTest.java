package io.jdrbd.state.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.StateWord;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 3.3.5, step by step, and 3.9.5. */
class ReceivedStateTest {

  /** Before: own replication, own disk, peer disk, marks. Told: connection or replication, disk. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          handshake | OFF UP_TO_DATE D_UNKNOWN first uuids | CONNECTING UP_TO_DATE | Taken ESTABLISHED UP_TO_DATE CONNECT
          handshake with 8.4 | OFF UP_TO_DATE D_UNKNOWN first uuids 101 | CONNECTING UP_TO_DATE | Taken ESTABLISHED UP_TO_DATE CONNECT
          no identifiers, no decision | OFF UP_TO_DATE D_UNKNOWN first | CONNECTING UP_TO_DATE | Taken ESTABLISHED UP_TO_DATE
          the peer is diskless | OFF UP_TO_DATE D_UNKNOWN first uuids | CONNECTING DISKLESS | Taken ESTABLISHED DISKLESS
          this node is diskless | OFF DISKLESS D_UNKNOWN first uuids | CONNECTING UP_TO_DATE | Taken ESTABLISHED UP_TO_DATE
          2 disk without a bitmap | OFF UP_TO_DATE D_UNKNOWN first uuids client | CONNECTING UP_TO_DATE | Refused
          2 diskless as configured | OFF UP_TO_DATE D_UNKNOWN first client | CONNECTING DISKLESS | Taken ESTABLISHED DISKLESS
          3 attaches, consistent | ESTABLISHED UP_TO_DATE DISKLESS uuids | ESTABLISHED NEGOTIATING | Taken ESTABLISHED CONSISTENT PEER_ATTACH
          3 attaches, inconsistent | ESTABLISHED UP_TO_DATE DISKLESS uuids inconsistent | ESTABLISHED NEGOTIATING | Taken ESTABLISHED INCONSISTENT PEER_ATTACH
          own attach | ESTABLISHED NEGOTIATING UP_TO_DATE uuids | ESTABLISHED UP_TO_DATE | Taken ESTABLISHED UP_TO_DATE OWN_ATTACH
          5 target is done | SYNC_SOURCE UP_TO_DATE INCONSISTENT target uuids | ESTABLISHED UP_TO_DATE | ResyncFinished UP_TO_DATE
          5 target is done, paused | PAUSED_SYNC_S UP_TO_DATE INCONSISTENT target uuids | ESTABLISHED UP_TO_DATE | ResyncFinished UP_TO_DATE
          5 target of 8.4 is done | SYNC_SOURCE UP_TO_DATE INCONSISTENT uuids 101 | ESTABLISHED UP_TO_DATE | ResyncFinished UP_TO_DATE
          5 a late packet from before | SYNC_SOURCE UP_TO_DATE INCONSISTENT uuids | ESTABLISHED INCONSISTENT | Taken SYNC_SOURCE INCONSISTENT
          5 done before it began | WF_BITMAP_S UP_TO_DATE CONSISTENT target uuids | ESTABLISHED UP_TO_DATE | ResyncFinishesSoon UP_TO_DATE
          5 nothing runs as source | VERIFY_S UP_TO_DATE CONSISTENT target uuids | ESTABLISHED UP_TO_DATE | Ignored
          5 prepares still | SYNC_SOURCE UP_TO_DATE INCONSISTENT target uuids | WF_BITMAP_T OUTDATED | Taken SYNC_SOURCE INCONSISTENT
          6 verified | VERIFY_T UP_TO_DATE UP_TO_DATE uuids | ESTABLISHED UP_TO_DATE | VerifyFinished
          7 catches up | BEHIND OUTDATED UP_TO_DATE uuids | SYNC_SOURCE UP_TO_DATE | CatchesUp
          8 late packet | ESTABLISHED UP_TO_DATE UP_TO_DATE uuids | SYNC_TARGET INCONSISTENT | Taken ESTABLISHED UP_TO_DATE
          8 it became bad now | ESTABLISHED UP_TO_DATE UP_TO_DATE uuids | ESTABLISHED INCONSISTENT | Taken ESTABLISHED INCONSISTENT
          9 goes ahead | ESTABLISHED UP_TO_DATE UP_TO_DATE uuids | AHEAD UP_TO_DATE | Taken BEHIND UP_TO_DATE
          10 forced promotion | ESTABLISHED INCONSISTENT INCONSISTENT uuids consider | ESTABLISHED UP_TO_DATE | Taken ESTABLISHED UP_TO_DATE CONSIDER_RESYNC
          10 the peer starts | ESTABLISHED UP_TO_DATE UP_TO_DATE uuids | STARTING_SYNC_T UP_TO_DATE | Taken ESTABLISHED UP_TO_DATE CONSIDER_RESYNC
          10 the peer decided alone | ESTABLISHED UP_TO_DATE UP_TO_DATE uuids | WF_BITMAP_T OUTDATED | Taken ESTABLISHED OUTDATED
          10 the peer, of 8.4, decided alone | ESTABLISHED UP_TO_DATE UP_TO_DATE uuids 101 | WF_BITMAP_T OUTDATED | Taken ESTABLISHED OUTDATED CONSIDER_RESYNC
          13 the peer added the volume | OFF UP_TO_DATE D_UNKNOWN connected first uuids | CONNECTED UP_TO_DATE | Taken ESTABLISHED UP_TO_DATE CONNECT hot
          """)
  void read(String name, String before, String told, String expected) {
    String text =
        switch (ReceivedState.read(before(before), word(told))) {
          case ReceivedState.Refused refused -> "Refused";
          case ReceivedState.Ignored ignored -> "Ignored";
          case ReceivedState.ResyncFinished(DiskState disk) -> "ResyncFinished " + disk;
          case ReceivedState.ResyncFinishesSoon(DiskState disk) -> "ResyncFinishesSoon " + disk;
          case ReceivedState.VerifyFinished finished -> "VerifyFinished";
          case ReceivedState.CatchesUp catches -> "CatchesUp";
          case ReceivedState.Taken taken ->
              "Taken %s %s%s%s"
                  .formatted(
                      taken.replication(),
                      taken.peerDisk(),
                      taken.decides().map(why -> " " + why).orElse(""),
                      taken.hotAdded() ? " hot" : "");
        };
    assertThat(text).as(name).isEqualTo(expected);
  }

  private static ReceivedState.Before before(String text) {
    List<String> words = List.of(text.split(" ", -1));
    return new ReceivedState.Before(
        words.contains("101") ? 101 : 122,
        words.contains("connected"),
        ReplicationState.valueOf(words.get(0)),
        DiskState.valueOf(words.get(1)),
        DiskState.valueOf(words.get(2)),
        words.contains("target"),
        words.contains("client"),
        words.contains("inconsistent"),
        words.contains("uuids"),
        words.contains("first"),
        words.contains("consider"));
  }

  private static StateWord word(String text) {
    String[] words = text.split(" ", -1);
    boolean connecting = words[0].equals("CONNECTING") || words[0].equals("CONNECTED");
    return new StateWord(
        Role.SECONDARY,
        Role.SECONDARY,
        connecting ? ConnectionState.valueOf(words[0]) : ConnectionState.CONNECTED,
        connecting ? ReplicationState.OFF : ReplicationState.valueOf(words[0]),
        DiskState.valueOf(words[1]),
        DiskState.UP_TO_DATE,
        Set.of());
  }

  @ParameterizedTest
  @CsvSource({
    "ESTABLISHED, ESTABLISHED, UP_TO_DATE,  WF_BITMAP_S, true",
    "ESTABLISHED, WF_BITMAP_T, OUTDATED,    WF_BITMAP_S, false",
    "ESTABLISHED, ESTABLISHED, NEGOTIATING, WF_BITMAP_S, false",
    "OFF,         ESTABLISHED, UP_TO_DATE,  WF_BITMAP_S, false",
    "ESTABLISHED, ESTABLISHED, UP_TO_DATE,  ESTABLISHED, false",
    "SYNC_SOURCE, ESTABLISHED, UP_TO_DATE,  SYNC_SOURCE, false",
  })
  void tellsThePeer(
      String own, String told, String disk, ReplicationState decided, boolean expected) {
    assertThat(
            ReceivedState.mustTellPeer(
                before(own + " UP_TO_DATE UP_TO_DATE uuids"), word(told + " " + disk), decided))
        .isEqualTo(expected);
  }

  /** This is node 0; the peer is node 1. */
  @ParameterizedTest(name = "{0} {1} beside {2} {3}: stable {4}, nodes {5}")
  @CsvSource({
    "PRIMARY,   UP_TO_DATE,   SECONDARY, UP_TO_DATE,   true,  fffffffffffffffc",
    "PRIMARY,   UP_TO_DATE,   SECONDARY, INCONSISTENT, true,  fffffffffffffffc",
    "PRIMARY,   UP_TO_DATE,   SECONDARY, OUTDATED,     true,  fffffffffffffffe",
    "PRIMARY,   UP_TO_DATE,   SECONDARY, DISKLESS,     true,  fffffffffffffffe",
    "PRIMARY,   DISKLESS,     SECONDARY, UP_TO_DATE,   true,  fffffffffffffffd",
    "SECONDARY, UP_TO_DATE,   PRIMARY,   UP_TO_DATE,   false, 2",
    "SECONDARY, UP_TO_DATE,   SECONDARY, UP_TO_DATE,   true,  0",
  })
  void standing(
      Role own, DiskState disk, Role peer, DiskState peerDisk, boolean stable, String nodes) {
    List<Standing.Neighbour> connected = List.of(new Standing.Neighbour(1, peer, peerDisk));
    assertThat(Standing.isStable(own, connected)).isEqualTo(stable);
    assertThat(Long.toHexString(Standing.nodeMask(0, own, disk, connected))).isEqualTo(nodes);
  }
}
