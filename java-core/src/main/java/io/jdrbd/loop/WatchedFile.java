package io.jdrbd.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;

/** A file that is no socket, as Netty's epoll sees it. */
final class WatchedFile implements EpollIoHandle {
  private final FileDescriptor fd;
  private final Runnable onReadable;
  private final Runnable onLoopEnd;

  WatchedFile(int fd, Runnable onReadable, Runnable onLoopEnd) {
    this.fd = new FileDescriptor(fd);
    this.onReadable = onReadable;
    this.onLoopEnd = onLoopEnd;
  }

  @Override
  public FileDescriptor fd() {
    return fd;
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    if (registration.isValid()) {
      onReadable.run();
    }
  }

  void loopEnds() {
    onLoopEnd.run();
  }

  /** The file is the watcher's to close. */
  @Override
  public void close() {}
}
