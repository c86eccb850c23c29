package io.jdrbd.state.sizes;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 3.2, row by row; sizes in sectors. */
class SizeRulesTest {

  /** The worked examples of spec 3.2.3 and what they leave out. */
  @ParameterizedTest(name = "{0}: own {1}, peer {2}, agreed {3}, wish {4}")
  @CsvSource({
    // both ways: own, peer heard, agreed before, wish, second peer was seen and is away, assume
    "1 connected, 2000, 1600, 0, 0, false, false, 1600",
    "2 diskless peer, 2000, 0, 0, 0, false, false, 2000",
    "3 away, 2000, -1, 1600, 0, true, false, 1600",
    "5 away and assumed, 2000, -1, 1600, 0, true, true, 2000",
    "6 second away, 2000, 1800, 1600, 0, true, false, 1600",
    "7 wish, 2000, 1800, 1600, 1700, false, false, 1700",
    "8 wish too large, 2000, 1800, 1600, 1900, false, false, 1800",
    "peer never seen, 2000, -1, 1600, 0, false, false, 2000",
    "nobody has a disk, 0, 0, 0, 0, false, false, 0",
  })
  void amongNodesOf9(
      String name,
      long own,
      long peer,
      long agreed,
      long wish,
      boolean secondAway,
      boolean assume,
      long expected) {
    PeerSize first = new PeerSize(1, Math.max(peer, 0), peer >= 0, Math.max(peer, 0), false);
    PeerSize second = new PeerSize(2, 0, false, 0, secondAway);
    SizeAgreement result = SizeAgreement.among(own, agreed, List.of(first, second), wish, assume);
    assertThat(result.sectors()).isEqualTo(expected);
    assertThat(result.complaint().isPresent()).isEqualTo(wish > expected);
  }

  @ParameterizedTest(name = "{0}: own {1}, peer {2}, agreed {3}, wish {4}")
  @CsvSource({
    "1 connected, 2000, 1600, 0, 0, false, 1600",
    "2 diskless peer, 2000, 0, 0, 0, false, 2000",
    "4 away, 2000, 0, 1600, 0, false, 1600",
    "7 wish, 2000, 1800, 1600, 1700, false, 1700",
    "8 wish too large, 2000, 1800, 1600, 1900, false, 1800",
    "forced, 2000, 0, 1600, 0, true, 2000",
    "only the peer has one, 0, 1500, 1600, 0, false, 1500",
  })
  void withNodeOf84(
      String name, long own, long peer, long agreed, long wish, boolean assume, long expected) {
    assertThat(SizeAgreement.withOldPeer(own, peer, agreed, wish, assume).sectors())
        .isEqualTo(expected);
  }

  /**
   * Rules 1 to 13 of a node of 9.x with a disk. Own: disk, exported, agreed, wish, state. Told: d,
   * u, c.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          first contact | 2000 2000 0 0 Inconsistent | 1600 0 1600 | OFF DUnknown | Adopt 1600 0 tell clean
          same size | 2000 1600 1600 0 UpToDate | 1600 0 1600 | OFF DUnknown | Adopt 1600 0
          2 c above d | 2000 2000 2000 0 UpToDate | 1600 0 1700 | OFF DUnknown | Refuse exports 1700
          2 c above u | 2000 2000 2000 0 UpToDate | 2000 1600 1700 | OFF DUnknown | Refuse wants 1600
          4 wishes of both in the handshake | 2000 2000 0 1500 Inconsistent | 2000 1400 1400 | OFF DUnknown | Adopt 1400 1400 tell clean
          4 later only the peer's counts | 2000 1500 1500 1500 UpToDate | 2000 1900 1500 | ESTABLISHED UpToDate | Adopt 1900 1900 tell resync
          4 a diskless peer has no wish | 2000 1500 1500 1500 UpToDate | 0 0 0 | ESTABLISHED Diskless | Adopt 1500 1500
          6 too small for good data | 2000 2000 2000 0 UpToDate | 1600 0 1600 | OFF DUnknown | Refuse too small
          6 Outdated data is good | 2000 2000 2000 0 Outdated | 1600 0 1600 | OFF DUnknown | Refuse too small
          6 Inconsistent data may shrink | 2000 2000 2000 0 Inconsistent | 1600 0 1600 | OFF DUnknown | Adopt 1600 0 tell
          6 shrinking while Established | 2000 2000 2000 0 UpToDate | 2000 1600 1600 | ESTABLISHED UpToDate | Adopt 1600 1600 tell
          7 own disk too small | 2000 1500 1500 0 UpToDate | 2500 0 2100 | ESTABLISHED UpToDate | Refuse this node's disk has 2000
          7 but not in the handshake | 2000 0 0 0 Inconsistent | 2500 0 2500 | OFF DUnknown | Adopt 2000 0 clean
          13 grew | 2000 1600 1600 0 UpToDate | 2000 0 2000 | ESTABLISHED UpToDate | Adopt 2000 0 tell resync
          13 grew, assume clean | 2000 1600 1600 0 UpToDate | 2000 0 2000 clean | ESTABLISHED UpToDate | Adopt 2000 0 tell clean
          12 backing changed | 2000 2000 2000 0 UpToDate backing | 2000 0 2000 | ESTABLISHED UpToDate | Adopt 2000 0 tell
          13 own resize answered | 2000 2000 2000 0 UpToDate pending | 2000 0 2000 | ESTABLISHED UpToDate | Adopt 2000 0 resync
          diskless takes the smallest | 0 0 0 0 Diskless | 2000 1900 1800 | OFF DUnknown | Adopt 1800 1900 tell clean
          diskless, nothing told | 0 0 0 0 Diskless | 0 0 0 | OFF DUnknown | Ignore stays
          diskless, same | 0 1800 0 0 Diskless | 1800 0 1800 | OFF DUnknown | Ignore stays
          diskless, peer diskless too | 0 1800 0 0 Diskless | 0 0 1700 | OFF DUnknown | Ignore has no disk
          diskless Primary must not shrink | 0 1800 0 0 Diskless Primary | 1600 0 1600 | OFF DUnknown | Refuse this Primary exports
          diskless Secondary may | 0 1800 0 0 Diskless | 1600 0 1600 | OFF DUnknown | Adopt 1600 0 tell clean
          """)
  void received(String name, String own, String told, String link, String expected) {
    assertThat(text(SizeRules.received(own(own), told(told), link(link, told))))
        .as(name)
        .startsWith(expected.startsWith("Adopt") ? expected : expected.substring(0, 6))
        .contains(expected.substring(7));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          first contact | 2000 2000 0 0 Inconsistent | 1600 0 1600 | OFF DUnknown | Adopt 1600 0
          too small | 2000 2000 2000 0 UpToDate | 1600 0 1600 | OFF DUnknown | Refuse too small
          c is not looked at | 2000 2000 2000 0 UpToDate | 2000 0 9999 | OFF DUnknown | Adopt 2000 0
          resize asks by c = 0 | 2000 1600 1600 0 UpToDate | 2000 0 0 | ESTABLISHED UpToDate | Adopt 2000 0 tell resync
          diskless takes c first | 0 0 0 0 Diskless | 2000 1900 1800 | OFF DUnknown | Adopt 1800 1900
          diskless takes u next | 0 0 0 0 Diskless | 2000 1900 0 | OFF DUnknown | Adopt 1900 1900
          diskless takes d last | 0 0 0 0 Diskless | 2000 0 0 | OFF DUnknown | Adopt 2000 0
          """)
  void receivedAsOldNode(String name, String own, String told, String link, String expected) {
    assertThat(text(SizeRules.receivedAsOldNode(own(own), told(told), link(link, told))))
        .startsWith(expected.startsWith("Adopt") ? expected : expected.substring(0, 6))
        .contains(expected.substring(7));
  }

  private static OwnSize own(String text) {
    List<String> words = List.of(text.split(" ", -1));
    DiskState disk =
        List.of(DiskState.values()).stream()
            .filter(state -> words.contains(state.word()))
            .findFirst()
            .orElseThrow();
    return new OwnSize(
        Long.parseLong(words.get(0)),
        Long.parseLong(words.get(1)),
        Long.parseLong(words.get(2)),
        Long.parseLong(words.get(3)),
        disk,
        words.contains("Primary") ? Role.PRIMARY : Role.SECONDARY,
        words.contains("backing"),
        words.contains("pending"),
        0);
  }

  private static ToldSizes told(String text) {
    List<String> words = List.of(text.split(" ", -1));
    return new ToldSizes(
        Long.parseLong(words.get(0)),
        Long.parseLong(words.get(1)),
        Long.parseLong(words.get(2)),
        1 << 20,
        words.contains("clean") ? ToldSizes.NO_RESYNC : 0);
  }

  private static SizeRules.Link link(String text, String told) {
    String[] words = text.split(" ", -1);
    long diskSectors = told(told).diskSectors();
    DiskState disk =
        List.of(DiskState.values()).stream()
            .filter(state -> state.word().equals(words[1]))
            .findFirst()
            .orElseThrow();
    return new SizeRules.Link(
        122,
        ReplicationState.valueOf(words[0]),
        disk,
        List.of(new PeerSize(1, diskSectors, true, diskSectors, true)));
  }

  private static String text(SizeVerdict verdict) {
    return switch (verdict) {
      case SizeVerdict.Adopt adopt ->
          "Adopt %d %d%s%s%s"
              .formatted(
                  adopt.sectors(),
                  adopt.wishSectors(),
                  adopt.tellPeers() ? " tell" : "",
                  adopt.newSpaceIsClean() ? " clean" : "",
                  adopt.resyncNewSpace() ? " resync" : "");
      case SizeVerdict.Ignore(var reason) -> "Ignore " + reason;
      case SizeVerdict.Refuse(var reason) -> "Refuse " + reason;
    };
  }

  @ParameterizedTest(name = "version {0}: {1} bytes, and {2} with a limit of 256 KiB")
  @CsvSource({"94, 32768, 32768", "99, 131072, 131072", "100, 1048576, 262144"})
  void largestRequests(int version, int expected, int limited) {
    assertThat(SizeRules.maxBioBytes(version)).isEqualTo(expected);
    assertThat(SentSizes.maxBioBytes(0, version)).isEqualTo(expected);
    assertThat(SentSizes.maxBioBytes(256 << 10, version)).isEqualTo(limited);
  }

  @ParameterizedTest(name = "own {0}, peer {1}, version {2}")
  @CsvSource({
    "2000, 1600, 101, 2000",
    "2000, 1600, 122, 1600",
    "0, 1600, 122, 1600",
    "0, 0, 122, 0",
    "0, 1600, 101, 0"
  })
  void whatIsSent(long own, long peer, int version, long expected) {
    List<PeerSize> peers = List.of(new PeerSize(1, peer, true, peer, true));
    assertThat(SentSizes.diskSectors(own, peers, version)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "PRIMARY,   SECONDARY, 101, false, OWN_IS_SOURCE",
    "SECONDARY, PRIMARY,   122, true,  PEER_IS_SOURCE",
    "SECONDARY, SECONDARY, 101, true,  OWN_IS_SOURCE",
    "SECONDARY, SECONDARY, 101, false, PEER_IS_SOURCE",
    "SECONDARY, SECONDARY, 111, false, OWN_IS_SOURCE",
  })
  void newSpaceBySizes(Role own, Role peer, int version, boolean accepted, NewSpace expected) {
    assertThat(NewSpace.bySizes(own, peer, version, accepted, 0, 1)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0b00, true,  PEER_IS_SOURCE",
    "0b00, false, OWN_IS_SOURCE",
    "0b01, true,  OWN_IS_SOURCE",
    "0b10, false, PEER_IS_SOURCE",
    "0b11, true,  OWN_IS_SOURCE",
    "0b100, true, NOTHING",
  })
  void newSpaceByTransaction(String primaries, boolean cameFromPeer, NewSpace expected) {
    long mask = Long.parseLong(primaries.substring(2), 2);
    assertThat(NewSpace.byTransaction(mask, cameFromPeer, 0, 1)).isEqualTo(expected);
  }
}
