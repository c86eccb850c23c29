package io.jdrbd.metadata.attached;

import io.jdrbd.disk.DiskException;
import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.format.AlGeometry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The active set in memory. A write to an active extent goes on at once; one to a cold extent waits
 * for a transaction, which it shares with all that arrive until then. Transactions are written one
 * at a time.
 *
 * <p>Nobody is passed over: while the first in the queue waits for slots to become idle, nobody
 * gets a reference, not even to an active extent, until it got its own.
 */
public final class ActivityLog {
  private final Loop loop;
  private ExtentSlots slots;
  private final TransactionWriter writer;
  private final boolean updates;
  private final Consumer<DiskException> failed;

  private final ArrayDeque<ExtentUser> queue = new ArrayDeque<>();
  private List<ExtentUser> batch = new ArrayList<>();
  private List<ExtentUser> granting = new ArrayList<>();
  private final int[] changed = new int[AlGeometry.UPDATES_PER_TRANSACTION];
  private int changedCount;
  private boolean collecting;
  private boolean writing;
  private boolean starving;
  private boolean paused;
  private Optional<Runnable> whenIdle = Optional.empty();
  private Optional<Runnable> whenWritten = Optional.empty();
  private Optional<DiskException> failure = Optional.empty();

  /**
   * @param extents slots of the active set
   * @param updates whether transactions are written at all ({@code al-updates})
   * @param failed is told when a transaction could not be written
   */
  ActivityLog(
      Loop loop,
      int extents,
      boolean updates,
      TransactionWriter writer,
      Consumer<DiskException> failed) {
    this.failed = failed;
    this.loop = loop;
    this.slots = new ExtentSlots(extents);
    this.updates = updates;
    this.writer = writer;
  }

  /** Transactions written so far. */
  public long transactions() {
    return writer.transactions();
  }

  /**
   * Makes the user's extents active and keeps them so until {@link #release}.
   *
   * @return true where they are active already; else the user is told later
   */
  public boolean acquire(ExtentUser user) {
    int wanted = user.last() - user.first() + 1;
    int most = Math.min(slots.count(), AlGeometry.UPDATES_PER_TRANSACTION);
    if (wanted < 1 || wanted > most) {
      throw new IllegalArgumentException(
          "%d extents in one request: must be from 1 to %d".formatted(wanted, most));
    }
    if (!starving && !paused && failure.isEmpty() && allActive(user)) {
      useAll(user);
      return true;
    }
    queue.add(user);
    collectSoon();
    return false;
  }

  /** Ends the user's interest; its extents may be evicted from now on. */
  public void release(ExtentUser user) {
    for (int extent = user.first(); extent <= user.last(); extent++) {
      slots.release(slots.find(extent));
    }
    if (starving) {
      collectSoon();
    }
    tellIdle();
  }

  /**
   * Lets nobody in from now on, until {@link #restart}.
   *
   * @param idle called when nobody is in any more and no transaction is on its way
   */
  void pause(Runnable idle) {
    paused = true;
    whenIdle = Optional.of(idle);
    tellIdle();
  }

  private void tellIdle() {
    if (whenIdle.isPresent() && !writing && slots.available() == slots.count()) {
      Runnable told = whenIdle.get();
      whenIdle = Optional.empty();
      told.run();
    }
  }

  /**
   * Ends a {@link #pause}. The log on disk is empty now, and nothing of what it had covered is only
   * in a cache any more.
   *
   * @param offsetBytes where it is
   * @param geometry its shape; the active set becomes smaller where that has no room for it
   */
  void restart(long offsetBytes, AlGeometry geometry) {
    slots = new ExtentSlots(Math.min(slots.count(), geometry.clampExtents(slots.count())));
    writer.restart(offsetBytes, geometry);
    paused = false;
    collectSoon();
  }

  /** Ends a {@link #pause}: nothing can be promised any more, whoever waits is refused. */
  void giveUp(DiskException error) {
    failure = failure.isPresent() ? failure : Optional.of(error);
    paused = false;
    collectSoon();
  }

  /** The disk is being left: whoever waits, or comes from now on, is refused. */
  void leave(DiskException why) {
    failure = failure.isPresent() ? failure : Optional.of(why);
    collectSoon();
  }

  /** Calls back when no transaction is on its way: after {@link #leave} there will be no other. */
  void whenWritten(Runnable then) {
    if (writing) {
      whenWritten = Optional.of(then);
    } else {
      then.run();
    }
  }

  /** Whether no write is in, so that nothing is lost when the log on disk is emptied. */
  public boolean isIdle() {
    return !writing && slots.available() == slots.count();
  }

  private void collectSoon() {
    if (!collecting && !writing && !paused) {
      collecting = true;
      loop.execute(this::collect);
    }
  }

  private void collect() {
    collecting = false;
    if (writing || paused) {
      return;
    }
    if (failure.isPresent()) {
      refuseAll(failure.get());
      return;
    }
    starving = false;
    while (!queue.isEmpty() && admit(queue.peek())) {
      batch.add(queue.remove());
    }
    if (changedCount == 0 || !updates) {
      committed(Optional.empty());
    } else {
      writing = true;
      writer.write(slots, changed, changedCount, this::committed);
    }
  }

  /** Takes the user into the next transaction, if it has room and there are slots. */
  private boolean admit(ExtentUser user) {
    int missing = 0;
    int idleHits = 0;
    for (int extent = user.first(); extent <= user.last(); extent++) {
      int slot = slots.find(extent);
      missing += slot == ExtentSlots.NO_SLOT ? 1 : 0;
      idleHits += slot != ExtentSlots.NO_SLOT && slots.isIdle(slot) ? 1 : 0;
    }
    if (changedCount + missing > changed.length) {
      return false;
    }
    if (slots.available() - idleHits < missing) {
      starving = true;
      return false;
    }
    useThoseThatHaveSlots(user);
    for (int extent = user.first(); missing > 0 && extent <= user.last(); extent++) {
      if (slots.find(extent) == ExtentSlots.NO_SLOT) {
        changed[changedCount++] = slots.take(extent);
        missing--;
      }
    }
    return true;
  }

  /** First of all, so that none of them is evicted in favour of the others. */
  private void useThoseThatHaveSlots(ExtentUser user) {
    for (int extent = user.first(); extent <= user.last(); extent++) {
      int slot = slots.find(extent);
      if (slot != ExtentSlots.NO_SLOT) {
        slots.use(slot);
      }
    }
  }

  private void committed(Optional<DiskException> error) {
    writing = false;
    for (int index = 0; index < changedCount; index++) {
      slots.commit(changed[index]);
    }
    changedCount = 0;
    failure = failure.isPresent() ? failure : error;
    error.ifPresent(failed);
    List<ExtentUser> served = batch;
    batch = granting;
    granting = served;
    for (ExtentUser user : served) {
      if (error.isPresent()) {
        release(user);
        user.refused(error.get());
      } else {
        user.granted();
      }
    }
    boolean progressed = !served.isEmpty();
    served.clear();
    if (!queue.isEmpty() && (progressed || !starving)) {
      collectSoon();
    }
    tellIdle();
    Optional<Runnable> told = whenWritten;
    whenWritten = Optional.empty();
    told.ifPresent(Runnable::run);
  }

  private void refuseAll(DiskException error) {
    while (!queue.isEmpty()) {
      queue.remove().refused(error);
    }
  }

  private boolean allActive(ExtentUser user) {
    for (int extent = user.first(); extent <= user.last(); extent++) {
      int slot = slots.find(extent);
      if (slot == ExtentSlots.NO_SLOT || slots.isChanging(slot)) {
        return false;
      }
    }
    return true;
  }

  private void useAll(ExtentUser user) {
    for (int extent = user.first(); extent <= user.last(); extent++) {
      slots.use(slots.find(extent));
    }
  }
}
