package io.jdrbd.driver.sim;

import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.bitmap.Bitmap;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Sees every mark that goes away, and looks whether both disks hold the same in that block: nobody
 * may forget a difference, not even for a moment. Says nothing while the other node is down: what
 * that had not flushed may be gone, but then its own marks are there.
 */
final class MarkWatch {
  private static final int WORDS = Math.ceilDiv(SimHost.DATA_BYTES / 4096, Long.SIZE);

  private final List<SimHost> hosts;
  private final LongPredicate changing;
  private final List<Seen> seen = List.of(new Seen(), new Seen());

  /** The marks of one node when they were looked at last. */
  private static final class Seen {
    private final long[] words = new long[WORDS];
    private Optional<Bitmap> of = Optional.empty();
  }

  /**
   * @param changing whether a block is just being written, so that nothing can be said of it
   */
  MarkWatch(List<SimHost> hosts, LongPredicate changing) {
    this.hosts = hosts;
    this.changing = changing;
  }

  /**
   * Something has happened on a node; only that can have changed its marks.
   *
   * @param loop the node's
   */
  void look(Loop loop) {
    for (int index = 0; index < hosts.size(); index++) {
      if (hosts.get(index).machine().loop().equals(loop)) {
        look(hosts.get(index), seen.get(index));
      }
    }
  }

  private void look(SimHost host, Seen last) {
    Optional<Bitmap> now = host.bitmap();
    if (now.isEmpty()) {
      last.of = now;
      return;
    }
    Bitmap bitmap = now.get();
    boolean same = now.equals(last.of);
    last.of = now;
    for (int index = 0; index < WORDS; index++) {
      long word = bitmap.word(0, index);
      long gone = same ? last.words[index] & ~word : 0;
      last.words[index] = word;
      for (; gone != 0; gone &= gone - 1) {
        check(host, (long) index * Long.SIZE + Long.numberOfTrailingZeros(gone));
      }
    }
  }

  private void check(SimHost host, long block) {
    boolean equal = hosts.get(0).medium().isEqual(hosts.get(1).medium(), block);
    if (!equal && !changing.test(block) && hosts.get(host.peer()).isUp()) {
      throw new AssertionError(
          "%s takes the mark of block %d away, which differs".formatted(host.name(), block));
    }
  }
}
