package io.jdrbd.loop;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** A {@link Loop} on Netty's epoll event loop: one thread that also serves sockets. */
public final class EpollLoop implements Loop, AutoCloseable {
  private static final long QUIET_PERIOD_MS = 0;
  private static final long SHUTDOWN_TIMEOUT_MS = 2_000;

  private final MultiThreadIoEventLoopGroup group;
  private final IoEventLoop eventLoop;

  /**
   * Starts a loop with one thread of its own.
   *
   * @param name of the thread, as seen in thread dumps
   */
  public EpollLoop(String name) {
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(name, true), EpollIoHandler.newFactory());
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

  /** Ends the loop; waits at most two seconds for queued tasks unless called on the loop itself. */
  @Override
  public void close() {
    var ended =
        group.shutdownGracefully(QUIET_PERIOD_MS, SHUTDOWN_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    if (!eventLoop.inEventLoop()) {
      ended.awaitUninterruptibly(SHUTDOWN_TIMEOUT_MS * 2, TimeUnit.MILLISECONDS);
    }
  }
}
