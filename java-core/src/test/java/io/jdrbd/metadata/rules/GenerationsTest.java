package io.jdrbd.metadata.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.rules.Generations.Cluster;
import io.jdrbd.metadata.rules.Generations.Peer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spec 3.5: the life of generation identifiers, in the spec's own worked examples. */
class GenerationsTest {
  private static final int NODES = 32;
  private static final long JUST_CREATED = 4;
  private static final long C1 = 0xc100;
  private static final long C2 = 0xc200;
  private static final long R = 0x7700;

  private static Generations created(int nodeId) {
    return new Generations(
        nodeId, JUST_CREATED, Collections.nCopies(NODES, 0L), Collections.nCopies(NODES, 0L));
  }

  /** One configured peer with the only slot. */
  private static Cluster cluster(int peer, boolean hasData) {
    List<Integer> slots = new ArrayList<>(Collections.nCopies(NODES, -1));
    slots.set(peer, 0);
    return new Cluster(List.of(new Peer(peer, hasData, false)), slots, 0);
  }

  private static void assertIds(
      Generations ids, int peer, long current, long slot, Long... history) {
    assertThat(Generations.plain(ids.current())).isEqualTo(current);
    assertThat(ids.bitmap().get(peer)).isEqualTo(slot);
    assertThat(ids.history().stream().filter(uuid -> uuid != 0)).containsExactly(history);
  }

  private static long never() {
    throw new AssertionError("no random identifier is needed here");
  }

  /** The table "9.x, nodes A = 0 (source), B = 1, one bitmap slot each". */
  @Test
  void theWorkedLifeOfTwoNodes() {
    Generations a = created(0);
    Generations b = created(1);
    long[] random = {R, C1};
    int[] next = {0};

    a = a.newCurrent(cluster(1, true), 0b10, true, () -> random[next[0]++]).after();
    assertIds(a, 1, C1, R);
    assertThat(a.current()).as("made by a Primary").isEqualTo(C1 | 1);

    b = b.resyncStarts(a.bitmap().get(1), cluster(0, true), GenerationsTest::never);
    assertIds(b, 0, R, 0);
    b = b.resyncFinished(a, 0, cluster(0, true).slots(), R);
    a = a.inSyncWith(1);
    assertIds(a, 1, C1, 0, R);
    assertIds(b, 0, C1, 0);

    a = a.newCurrent(cluster(1, false), 0, true, () -> C2).after();
    assertIds(a, 1, C2, C1 | 1, R);

    long start = b.current();
    b = b.resyncStarts(a.bitmap().get(1), cluster(0, true), GenerationsTest::never);
    b = b.resyncFinished(a, 0, cluster(0, true).slots(), start);
    a = a.inSyncWith(1);
    assertIds(a, 1, C2, 0, C1, R);
    assertIds(b, 0, C2, 0, R);
  }

  @Test
  void withAllPeersThereAndNoSpareSlotNoGenerationIsMade() {
    Generations used = created(0).withCurrent(C1).push(R);
    assertThat(used.newCurrent(cluster(1, true), 0, true, GenerationsTest::never).due()).isFalse();
  }

  @Test
  void aSpareSlotMakesTheFirstPromotionAGeneration() {
    Generations used = created(0).withCurrent(C1).push(R);
    Cluster spare = new Cluster(cluster(1, true).peers(), cluster(1, true).slots(), 1);
    Generations.NewCurrent made = used.newCurrent(spare, 0, true, () -> C2);
    assertThat(made.due()).isTrue();
    assertThat(made.after().bitmap().get(1)).as("the peer has it").isZero();
    assertThat(made.after().bitmap().get(2)).as("a stranger finds it").isEqualTo(C1);
  }

  @Test
  void theDayZeroGenerationIsRemembered() {
    Generations.NewCurrent made =
        created(0).withCurrent(C1).newCurrent(cluster(1, true), 0, false, () -> C2);
    assertThat(made.due()).isTrue();
    assertIds(made.after(), 1, C2, 0, C1);
  }

  @Test
  void aPeerThatMissesSeveralGenerationsKeepsTheOldest() {
    Generations used = created(0).withCurrent(C1).push(R);
    Generations lost = used.newCurrent(cluster(1, false), 0, true, () -> C2).after();
    Generations again = lost.newCurrent(cluster(1, false), 0, true, () -> 0xc300).after();
    assertThat(again.bitmap().get(1)).isEqualTo(C1);
  }

  @Test
  void aGenerationOfAnotherPrimaryIsAdopted() {
    Generations used = created(1).withCurrent(C1).push(R);
    Generations adopted =
        used.received(C2, 0, cluster(0, true), true, false, GenerationsTest::never);
    assertIds(adopted, 0, C2, 0, R);
    assertThat(adopted.bitmap().get(5)).as("kept for strangers, so not in history").isEqualTo(C1);
  }

  @Test
  void historyTakesNothingTwice() {
    Generations ids = created(0).withCurrent(C1);
    assertThat(ids.push(0).push(JUST_CREATED).push(C1 | 1)).isEqualTo(ids);
    Generations one = ids.push(R | 1);
    assertThat(one.history().get(0)).as("without the Primary bit").isEqualTo(R);
    assertThat(one.push(R)).isEqualTo(one);
  }

  @Test
  void theOldestEntryFallsOut() {
    Generations ids = created(0).withCurrent(C1);
    for (long uuid = 1; uuid <= NODES + 1; uuid++) {
      ids = ids.push(uuid * 16);
    }
    assertThat(ids.history()).hasSize(NODES).startsWith((NODES + 1) * 16L).endsWith(32L);
  }

  @Test
  void justCreatedNeverCarriesThePrimaryBit() {
    assertThat(created(0).marked(true).current()).isEqualTo(JUST_CREATED);
    assertThat(created(0).withCurrent(C1).marked(true).marked(false).current()).isEqualTo(C1);
  }

  /** The table "8.4, nodes A (source) and B". */
  @Test
  void theWorkedLifeOfTwo84Nodes() {
    final long s = 0x5500;
    final long s2 = C1 + (1L << 48);
    Generations84 created = new Generations84(JUST_CREATED, 0, 0, 0);

    Generations84 a = created.newCurrent(C1, false);
    Generations84 b = created;
    assertThat(a).isEqualTo(new Generations84(C1, 4, 0, 0));
    assertThat(a.syncUuid(s)).isEqualTo(s);
    Generations84 agreed = a.resyncStartsAsSource(s);
    a = agreed;
    b = b.resyncStartsAsTarget(s);
    assertThat(a).isEqualTo(new Generations84(C1, s, 4, 0));
    assertThat(b).isEqualTo(new Generations84(s, 0, 0, 0));

    b = b.resyncFinishedAsTarget(new Generations84(C1, 4, 0, 0));
    a = a.resyncFinishedAsSource();
    assertThat(a).isEqualTo(new Generations84(C1, 0, s, 4));
    assertThat(b).isEqualTo(new Generations84(C1, 0, s, 4));

    a = a.newCurrent(C2, false);
    assertThat(a).isEqualTo(new Generations84(C2, C1, s, 4));
    Generations84 told = a;
    assertThat(a.syncUuid(0)).isEqualTo(s2);
    a = a.resyncStartsAsSource(s2);
    b = b.resyncStartsAsTarget(s2);
    assertThat(a).isEqualTo(new Generations84(C2, s2, C1, s));
    assertThat(b).isEqualTo(new Generations84(s2, 0, s, 4));
    a = a.resyncFinishedAsSource();
    b = b.resyncFinishedAsTarget(told);
    assertThat(a).isEqualTo(new Generations84(C2, 0, s2, C1));
    assertThat(b).isEqualTo(new Generations84(C2, 0, s2, C1));
  }
}
