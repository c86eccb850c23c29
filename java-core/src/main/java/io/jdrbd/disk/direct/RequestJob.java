package io.jdrbd.disk.direct;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** Carries one request at a time through the disk threads; used again and again. */
final class RequestJob extends Job {
  private static final Logger LOG = System.getLogger(RequestJob.class.getName());

  private static final DiskRequest NO_REQUEST =
      new DiskRequest() {
        @Override
        public void complete() {}

        @Override
        public void fail(DiskException error) {}
      };

  private final DirectDisk disk;
  private final DiskFile file;
  private DiskRequest request = NO_REQUEST;
  private Optional<DiskException> error = Optional.empty();

  RequestJob(DirectDisk disk, DiskFile file) {
    this.disk = disk;
    this.file = file;
  }

  RequestJob with(DiskRequest next) {
    request = next;
    error = Optional.empty();
    return this;
  }

  @Override
  void run() {
    try {
      file.perform(request);
    } catch (DiskException e) {
      error = Optional.of(e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, file.path() + ": a request failed in jdrbd itself; this is a bug", e);
      error = Optional.of(DiskException.of(Errno.EIO, request, file.path(), e.toString()));
    }
  }

  @Override
  void end() {
    DiskRequest ended = request;
    Optional<DiskException> failure = error;
    request = NO_REQUEST;
    disk.ended(this);
    if (failure.isPresent()) {
      ended.fail(failure.get());
    } else {
      ended.complete();
    }
  }
}
