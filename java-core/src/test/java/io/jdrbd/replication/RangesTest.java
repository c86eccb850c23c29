package io.jdrbd.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who waits for whom (spec 2.17, 6.9). */
class RangesTest {
  private final Ranges ranges = new Ranges();
  private final List<String> granted = new ArrayList<>();

  private final class Named extends RangeUser {
    private final String name;
    private boolean disturbed;

    Named(String name) {
      this.name = name;
    }

    @Override
    public void rangeGranted() {
      granted.add(name);
    }

    @Override
    public void disturbed() {
      disturbed = true;
    }
  }

  private Named acquired(String name, RangeKind kind, int peer, long offset, long length) {
    Named user = new Named(name);
    if (ranges.acquire(user, kind, peer, offset, length)) {
      granted.add(name);
    }
    return user;
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          OWN_WRITE,      OWN_WRITE,      true,  true
          OWN_WRITE,      PEER_WRITE,     true,  true
          OWN_WRITE,      RESYNC_REQUEST, true,  true
          OWN_WRITE,      RESYNC_WRITE,   true,  true
          OWN_WRITE,      RESYNC_READ,    true,  true
          PEER_WRITE,     OWN_WRITE,      true,  true
          PEER_WRITE,     PEER_WRITE,     true,  true
          PEER_WRITE,     RESYNC_REQUEST, true,  false
          PEER_WRITE,     RESYNC_REQUEST, false, true
          PEER_WRITE,     RESYNC_WRITE,   true,  true
          PEER_WRITE,     RESYNC_READ,    true,  true
          RESYNC_REQUEST, OWN_WRITE,      true,  true
          RESYNC_REQUEST, PEER_WRITE,     true,  false
          RESYNC_REQUEST, PEER_WRITE,     false, true
          RESYNC_REQUEST, RESYNC_REQUEST, true,  true
          RESYNC_WRITE,   PEER_WRITE,     true,  true
          RESYNC_WRITE,   RESYNC_REQUEST, true,  false
          RESYNC_WRITE,   RESYNC_WRITE,   true,  true
          RESYNC_READ,    OWN_WRITE,      true,  true
          RESYNC_READ,    PEER_WRITE,     true,  true
          RESYNC_READ,    RESYNC_REQUEST, true,  false
          RESYNC_READ,    RESYNC_WRITE,   true,  true
          RESYNC_READ,    RESYNC_READ,    true,  false
          """)
  void theOneThatComesLaterWaits(
      RangeKind later, RangeKind active, boolean samePeer, boolean waits) {
    acquired("active", active, 0, 0, 4096);
    acquired("later", later, samePeer ? 0 : 1, 0, 4096);
    assertThat(granted.contains("later")).isEqualTo(!waits);
  }

  @Test
  void rangesThatDoNotOverlapDoNotMeet() {
    acquired("one", RangeKind.OWN_WRITE, Ranges.NO_PEER, 0, 4096);
    acquired("other", RangeKind.OWN_WRITE, Ranges.NO_PEER, 4096, 4096);
    assertThat(granted).containsExactly("one", "other");
  }

  @Test
  void writesOfAPeerKeepTheirOrder() {
    Named first = acquired("first", RangeKind.PEER_WRITE, 0, 0, 8192);
    Named second = acquired("second", RangeKind.PEER_WRITE, 0, 4096, 8192);
    acquired("third", RangeKind.PEER_WRITE, 0, 8192, 8192);
    ranges.release(first);
    assertThat(granted).containsExactly("first", "second");
    ranges.release(second);
    assertThat(granted).containsExactly("first", "second", "third");
  }

  @Test
  void resyncDoesNotWaitForApplicationsThatHaveNotBegun() {
    Named resync = acquired("resync", RangeKind.RESYNC_READ, 0, 0, 4096);
    acquired("application", RangeKind.OWN_WRITE, Ranges.NO_PEER, 0, 8192);
    acquired("next", RangeKind.RESYNC_READ, 0, 4096, 4096);
    assertThat(granted).containsExactly("resync", "next");
    ranges.release(resync);
    assertThat(granted).doesNotContain("application");
  }

  @Test
  void anAnswerIsWrittenAfterTheWriteThatArrivedBeforeIt() {
    Named request = acquired("request", RangeKind.RESYNC_REQUEST, 0, 0, 4096);
    Named write = acquired("write", RangeKind.PEER_WRITE, 0, 0, 4096);
    assertThat(granted).containsExactly("request", "write");
    assertThat(ranges.change(request, RangeKind.RESYNC_WRITE)).isFalse();
    ranges.release(write);
    assertThat(granted).containsExactly("request", "write", "request");
    ranges.release(request);
    assertThat(ranges.isIdle()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "OWN_WRITE, true",
    "PEER_WRITE, true",
    "RESYNC_WRITE, true",
    "RESYNC_REQUEST, false",
    "RESYNC_READ, false",
    "VERIFY, false"
  })
  void aVerifyIsToldWhoWritesButWaitsForNobody(RangeKind kind, boolean told) {
    Named before = acquired("before", kind, 0, 0, 4096);
    Named verify = acquired("verify", RangeKind.VERIFY, 0, 0, 4096);
    assertThat(granted).containsExactly("before", "verify");
    assertThat(verify.disturbed).isEqualTo(told);
    ranges.release(before);

    Named second = acquired("second", RangeKind.VERIFY, 0, 8192, 4096);
    acquired("elsewhere", kind, 0, 4096, 4096);
    assertThat(second.disturbed).isFalse();
    acquired("after", kind, 0, 8192, 512);
    assertThat(second.disturbed).isEqualTo(told);
    assertThat(granted).contains("elsewhere", "after");
  }
}
