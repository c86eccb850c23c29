package io.jdrbd.disk.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangeLockTest {
  private final RangeLock lock = new RangeLock();
  private final List<String> granted = new ArrayList<>();

  private final class Named extends RangeLock.Holder {
    private final String name;
    private final long offset;
    private final long length;
    private final boolean exclusive;
    private boolean holds;

    Named(String name, long offset, long length, boolean exclusive) {
      this.name = name;
      this.offset = offset;
      this.length = length;
      this.exclusive = exclusive;
      lock.acquire(this, offset, length, exclusive);
    }

    @Override
    void granted() {
      holds = true;
      granted.add(name);
    }

    void release() {
      holds = false;
      lock.release(this);
    }

    boolean excludes(Named other) {
      return (exclusive || other.exclusive)
          && offset < other.offset + other.length
          && other.offset < offset + length;
    }
  }

  private Named shared(String name, long offset, long length) {
    return new Named(name, offset, length, false);
  }

  private Named exclusive(String name, long offset, long length) {
    return new Named(name, offset, length, true);
  }

  @Test
  void manyShareARange() {
    Named a = shared("a", 0, 10);
    Named b = shared("b", 5, 10);
    assertThat(granted).containsExactly("a", "b");
    a.release();
    b.release();
    assertThat(lock.isIdle()).isTrue();
  }

  @Test
  void oneHoldsItExclusively() {
    Named a = exclusive("a", 0, 10);
    Named b = exclusive("b", 9, 1);
    Named c = exclusive("c", 10, 1);
    assertThat(granted).containsExactly("a", "c");
    a.release();
    assertThat(granted).containsExactly("a", "c", "b");
    b.release();
    c.release();
    assertThat(lock.isIdle()).isTrue();
  }

  @Test
  void nobodyOvertakesOneWhoWaitsForTheSameBytes() {
    Named a = shared("a", 0, 10);
    Named b = exclusive("b", 0, 10);
    Named c = shared("c", 0, 10);
    Named elsewhere = shared("elsewhere", 10, 10);
    assertThat(granted).containsExactly("a", "elsewhere");
    a.release();
    assertThat(granted).containsExactly("a", "elsewhere", "b");
    b.release();
    assertThat(granted).containsExactly("a", "elsewhere", "b", "c");
    c.release();
    elsewhere.release();
    assertThat(lock.isIdle()).isTrue();
  }

  @Test
  void holdersNeverConflictAndEverybodyIsServed() {
    Random random = new Random(3);
    List<Named> alive = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      if (alive.size() < 12 && random.nextBoolean()) {
        alive.add(
            new Named("" + i, random.nextInt(20), 1 + random.nextInt(5), random.nextInt(3) == 0));
      } else {
        alive.stream()
            .filter(named -> named.holds)
            .skip(random.nextInt(3))
            .findFirst()
            .ifPresent(
                named -> {
                  named.release();
                  alive.remove(named);
                });
      }
      assertNoConflict(alive);
    }
    while (!alive.isEmpty()) {
      Named oldest = alive.removeFirst();
      assertThat(oldest.holds).as("the oldest never waits").isTrue();
      oldest.release();
    }
    assertThat(lock.isIdle()).isTrue();
  }

  private static void assertNoConflict(List<Named> alive) {
    for (Named one : alive) {
      for (Named other : alive) {
        assertThat(one != other && one.holds && other.holds && one.excludes(other)).isFalse();
      }
    }
  }
}
