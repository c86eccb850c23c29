package io.jdrbd.disk.filter;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import java.util.ArrayDeque;
import java.util.Locale;

/**
 * Reports everything that changes the disk or makes it durable, when it begins and when it ends:
 * from that can be told what a flush covered. Allocates for each event; a tool, not for speed.
 */
public final class WriteLogDisk extends FilterDisk {
  private final Sink sink;
  private final ArrayDeque<Logged> spare = new ArrayDeque<>();
  private long sequence;

  /** What happened to a request. */
  public enum Moment {
    /** It was submitted. */
    BEGIN,
    /** It succeeded. */
    END,
    /** It failed; what it changed is not known. */
    FAIL
  }

  /**
   * One event.
   *
   * @param sequence number of the request, counted from 1 in the order of submission
   * @param offsetBytes 0 for a flush
   * @param lengthBytes 0 for a flush
   */
  public record Entry(
      long sequence,
      Moment moment,
      DiskRequest.Op op,
      long offsetBytes,
      long lengthBytes,
      boolean fua) {

    /** As in a log file: {@code 17 begin write 4096 8192 fua}. */
    @Override
    public String toString() {
      String moments = moment.name().toLowerCase(Locale.ROOT);
      return "%d %s %s %d %d%s"
          .formatted(sequence, moments, op.text(), offsetBytes, lengthBytes, fua ? " fua" : "");
    }
  }

  /** Receives the events in their order, on the loop. */
  public interface Sink {
    void add(Entry entry);

    /** The disk is closed; there will be no more. */
    void close();
  }

  public WriteLogDisk(BlockDisk inner, Sink sink) {
    super(inner);
    this.sink = sink;
  }

  @Override
  public String description() {
    return inner().description() + " + writelog";
  }

  @Override
  public void submit(DiskRequest request) {
    if (request.op() == DiskRequest.Op.READ) {
      inner().submit(request);
      return;
    }
    Logged free = spare.poll();
    (free == null ? new Logged() : free).start(request);
  }

  @Override
  public void close(Runnable closed) {
    inner()
        .close(
            () -> {
              sink.close();
              closed.run();
            });
  }

  private final class Logged extends DiskRequest {
    private DiskRequest outer = this;
    private long number;

    void start(DiskRequest request) {
      outer = request;
      number = ++sequence;
      like(request);
      report(Moment.BEGIN);
      inner().submit(this);
    }

    private void report(Moment moment) {
      sink.add(new Entry(number, moment, op(), offsetBytes(), lengthBytes(), fua()));
    }

    @Override
    public void complete() {
      end(Moment.END).complete();
    }

    @Override
    public void fail(DiskException error) {
      end(Moment.FAIL).fail(error);
    }

    private DiskRequest end(Moment moment) {
      report(moment);
      DiskRequest ended = outer;
      outer = this;
      spare.push(this);
      return ended;
    }
  }
}
