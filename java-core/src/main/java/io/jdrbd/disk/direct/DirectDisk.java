package io.jdrbd.disk.direct;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The engine that works everywhere: each request is a blocking call on one of a few threads. With
 * all threads busy, requests wait in the order in which they came.
 */
public final class DirectDisk implements BlockDisk {
  /** Enough to keep an SSD busy; a thread that waits for the disk costs next to nothing. */
  public static final int THREADS_DEFAULT = 16;

  private static final Logger LOG = System.getLogger(DirectDisk.class.getName());

  private final Loop loop;
  private final DiskFile file;
  private final DiskThreads threads;
  private final ArrayDeque<RequestJob> spareJobs = new ArrayDeque<>();
  private Optional<Runnable> closed = Optional.empty();
  private int inFlight;

  /**
   * @param loop on which the disk is used and completes
   * @param file the disk; closed with this
   * @param threadsMax how many requests may be at the disk at once, from 1
   */
  public DirectDisk(Loop loop, DiskFile file, int threadsMax) {
    this.loop = loop;
    this.file = file;
    this.threads = new DiskThreads(loop, "disk " + file.path(), threadsMax);
  }

  @Override
  public DiskGeometry geometry() {
    return file.geometry();
  }

  @Override
  public String description() {
    return "%s (direct%s)".formatted(file.path(), file.direct() ? "" : ", buffered");
  }

  @Override
  public void submit(DiskRequest request) {
    Optional<DiskException> refusal =
        closed.isPresent() ? Optional.of(closedError(request)) : file.refusal(request);
    if (refusal.isPresent()) {
      loop.execute(() -> request.fail(refusal.get()));
      return;
    }
    RequestJob spare = spareJobs.poll();
    RequestJob job = spare == null ? new RequestJob(this, file) : spare;
    start(job.with(request));
  }

  private DiskException closedError(DiskRequest request) {
    return DiskException.of(Errno.EBADF, request, file.path(), "the disk is closed");
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    List<Extent> allData = List.of(new Extent(offsetBytes, lengthBytes, false, false));
    ask(() -> file.extents(offsetBytes, lengthBytes), () -> allData, answer);
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    ask(file::refresh, file::geometry, answer);
  }

  /**
   * Asks the file a question on a disk thread. If that fails the reason is logged and {@code
   * otherwise} is the answer.
   */
  private <T> void ask(Question<T> question, Supplier<T> otherwise, Consumer<T> answer) {
    if (closed.isPresent()) {
      loop.execute(() -> answer.accept(otherwise.get()));
      return;
    }
    start(new QuestionJob<>(question, otherwise, answer));
  }

  private void start(Job job) {
    inFlight++;
    threads.submit(job);
  }

  /** A request's job is free again. */
  void ended(RequestJob job) {
    spareJobs.push(job);
    ended();
  }

  private void ended() {
    inFlight--;
    closeWhenIdle();
  }

  @Override
  public void close(Runnable whenClosed) {
    if (closed.isPresent()) {
      throw new IllegalStateException(file.path() + ": closed twice");
    }
    closed = Optional.of(whenClosed);
    closeWhenIdle();
  }

  private void closeWhenIdle() {
    if (inFlight == 0 && closed.isPresent()) {
      threads.submit(new CloseJob(closed.get()));
      threads.end();
    }
  }

  private interface Question<T> {
    T answer() throws DiskException;
  }

  private final class QuestionJob<T> extends Job {
    private final Question<T> question;
    private final Consumer<T> consumer;
    private Supplier<T> answer;

    QuestionJob(Question<T> question, Supplier<T> otherwise, Consumer<T> consumer) {
      this.question = question;
      this.answer = otherwise;
      this.consumer = consumer;
    }

    @Override
    void run() {
      try {
        T known = question.answer();
        answer = () -> known;
      } catch (DiskException e) {
        LOG.log(Level.WARNING, "{0}", e.getMessage());
      }
    }

    @Override
    void end() {
      ended();
      consumer.accept(answer.get());
    }
  }

  /** Closing a block device writes back what the page cache holds of it, so it may take long. */
  private final class CloseJob extends Job {
    private final Runnable then;

    CloseJob(Runnable then) {
      this.then = then;
    }

    @Override
    void run() {
      try {
        file.close();
      } catch (DiskException e) {
        LOG.log(Level.WARNING, "{0}", e.getMessage());
      }
    }

    @Override
    void end() {
      then.run();
    }
  }
}
