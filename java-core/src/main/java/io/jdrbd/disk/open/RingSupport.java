package io.jdrbd.disk.open;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.uring.UringEngine;
import io.jdrbd.disk.uring.UringUnavailableException;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.loop.Loop;

/** Whether io_uring can be used here. */
sealed interface RingSupport {

  /** The kernel permits it and has what the engine needs; this is the loop's. */
  record Usable(UringEngine engine) implements RingSupport {}

  /** It cannot; the reason is for people. */
  record Unusable(String reason) implements RingSupport {}

  /** Asks the kernel, by setting up the loop's ring unless it has one. */
  static RingSupport of(Loop loop, BufferPool pool) {
    if (!(loop instanceof EpollLoop epoll)) {
      return new Unusable("this event loop cannot wait for a ring");
    }
    try {
      return new Usable(UringEngine.of(epoll, pool));
    } catch (UringUnavailableException e) {
      return new Unusable(e.getMessage());
    }
  }
}
