package io.jdrbd.loop;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A {@link Loop} on Netty's epoll event loop: one thread that also serves sockets. */
public final class EpollLoop implements Loop, AutoCloseable {
  private static final long QUIET_PERIOD_MS = 0;
  private static final long SHUTDOWN_TIMEOUT_MS = 2_000;

  /** How Netty is told to make room for as many events as there are. */
  private static final int MAX_EVENTS_GROWING = 0;

  private final MultiThreadIoEventLoopGroup group;
  private final IoEventLoop eventLoop;

  /** Used on the loop only. */
  private final Set<WatchedFile> watched = new HashSet<>();

  /**
   * Starts a loop with one thread of its own.
   *
   * @param name of the thread, as seen in thread dumps
   */
  public EpollLoop(String name) {
    this.group =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory(name, true),
            EpollIoHandler.newFactory(
                MAX_EVENTS_GROWING, () -> new SpinBeforeSleep(System::nanoTime)));
    this.eventLoop = group.next();
  }

  /** Netty's view of this loop: what channels are registered with. */
  public IoEventLoop eventLoop() {
    return eventLoop;
  }

  @Override
  public void execute(Runnable task) {
    eventLoop.execute(task);
  }

  /**
   * Runs the task when everything that is queued now has run, right before the loop waits for
   * events again: for work that is cheaper done once for all of a turn. On the loop only.
   */
  public void executeAtEndOfTurn(Runnable task) {
    ((SingleThreadEventLoop) eventLoop).executeAfterEventLoopIteration(task);
  }

  /**
   * Watches a file that epoll can wait for. On the loop only.
   *
   * @param fd stays the caller's, who cancels the watch before closing it
   * @param onReadable runs on the loop, again and again as long as the file is readable
   * @param onLoopEnd runs on the loop if it ends before the watch is cancelled
   * @throws IllegalArgumentException epoll cannot wait for this file
   */
  public Watch watch(int fd, Runnable onReadable, Runnable onLoopEnd) {
    WatchedFile file = new WatchedFile(fd, onReadable, onLoopEnd);
    var registered = eventLoop.register(file);
    try {
      registered.getNow().submit(EpollIoOps.EPOLLIN);
    } catch (UncheckedIOException e) {
      registered.getNow().cancel();
      throw new IllegalArgumentException("file %d cannot be watched".formatted(fd), e);
    }
    watched.add(file);
    return () -> {
      watched.remove(file);
      registered.getNow().cancel();
    };
  }

  @Override
  public Timer schedule(long delayNs, Runnable task) {
    var scheduled = eventLoop.schedule(task, delayNs, TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public boolean inLoop() {
    return eventLoop.inEventLoop();
  }

  /** A file that is being watched. */
  @FunctionalInterface
  public interface Watch {
    /** Ends the watch; the handler is not called any more. On the loop only. */
    void cancel();
  }

  /** Ends the loop; waits at most two seconds for queued tasks unless called on the loop itself. */
  @Override
  public void close() {
    if (!eventLoop.isShuttingDown()) {
      eventLoop.execute(this::endWatches);
    }
    var ended =
        group.shutdownGracefully(QUIET_PERIOD_MS, SHUTDOWN_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    if (!eventLoop.inEventLoop()) {
      ended.awaitUninterruptibly(SHUTDOWN_TIMEOUT_MS * 2, TimeUnit.MILLISECONDS);
    }
  }

  /** Netty would not always tell them: not if the loop is at its tasks when it is told to end. */
  private void endWatches() {
    for (WatchedFile file : Set.copyOf(watched)) {
      file.loopEnds();
    }
  }
}
