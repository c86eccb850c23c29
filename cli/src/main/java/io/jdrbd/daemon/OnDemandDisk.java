package io.jdrbd.daemon;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.Volume;
import io.jdrbd.state.OpenDecision;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A volume that is opened by its requests: for reading by the first one, for writing by the first
 * that changes something.
 */
final class OnDemandDisk implements BlockDisk {
  private static final System.Logger LOG = System.getLogger(OnDemandDisk.class.getName());

  private enum Opened {
    /** Not open; to one of the others by a request. */
    NOT,
    /** Open for reading; to FOR_WRITING by a change, to NOT when nobody uses the device. */
    FOR_READING,
    /** Open for writing; to NOT when nobody uses the device. */
    FOR_WRITING
  }

  private final Node node;
  private final Volume volume;
  private final Loop loop;

  /** Requests that wait until it is open, in their order: as many as the kernel has in flight. */
  private final ArrayDeque<DiskRequest> waiting = new ArrayDeque<>();

  private Opened opened = Opened.NOT;
  private boolean opening;
  private long requests;

  OnDemandDisk(Node node, Volume volume, Loop loop) {
    this.node = node;
    this.volume = volume;
    this.loop = loop;
  }

  boolean isOpen() {
    return opening || opened != Opened.NOT;
  }

  /** How many requests have come so far. */
  long requests() {
    return requests;
  }

  void letGo() {
    Opened before = opened;
    if (!opening && before != Opened.NOT) {
      opened = Opened.NOT;
      node.openings().close(volume, before == Opened.FOR_WRITING);
    }
  }

  @Override
  public void submit(DiskRequest request) {
    requests++;
    waiting.add(request);
    goOn();
  }

  /** Submits what the volume is open for, and opens it for what is next. */
  private void goOn() {
    while (!opening && !waiting.isEmpty()) {
      if (isEnoughFor(waiting.element())) {
        volume.disk().submit(waiting.remove());
      } else {
        open(waiting.element().op().changes());
      }
    }
  }

  private boolean isEnoughFor(DiskRequest request) {
    return opened == Opened.FOR_WRITING
        || (opened == Opened.FOR_READING && !request.op().changes());
  }

  private void open(boolean forWriting) {
    opening = true;
    var _ =
        node.openings()
            .open(volume, forWriting)
            .thenAccept(
                refusal -> {
                  opening = false;
                  refusal.ifPresentOrElse(this::refuseFirst, () -> opened(forWriting));
                  goOn();
                });
  }

  private void opened(boolean forWriting) {
    if (opened == Opened.FOR_READING) {
      node.openings().close(volume, false);
    }
    opened = forWriting ? Opened.FOR_WRITING : Opened.FOR_READING;
  }

  private void refuseFirst(OpenDecision.Refuse refusal) {
    DiskRequest request = waiting.remove();
    DiskException error = refused(request, refusal);
    LOG.log(System.Logger.Level.WARNING, error.getMessage());
    loop.execute(() -> request.fail(error));
  }

  /** The kernel's NBD client knows EIO and a few others only. */
  private DiskException refused(DiskRequest request, OpenDecision.Refuse refusal) {
    return new DiskException(
        Errno.EIO,
        request.op().text(),
        volume.name() + " (" + refusal.reason() + ")",
        request.offsetBytes(),
        request.lengthBytes());
  }

  @Override
  public DiskGeometry geometry() {
    return volume.disk().geometry();
  }

  @Override
  public String description() {
    return volume.disk().description();
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    volume.disk().extents(offsetBytes, lengthBytes, answer);
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    volume.disk().refresh(answer);
  }

  @Override
  public void close(Runnable closed) {
    loop.execute(closed);
  }
}
