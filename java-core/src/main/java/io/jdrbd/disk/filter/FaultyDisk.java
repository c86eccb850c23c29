package io.jdrbd.disk.filter;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import java.util.Set;

/** A disk some of whose requests fail, without reaching the disk below. */
public final class FaultyDisk extends FilterDisk {
  private final Loop loop;
  private final Fault fault;
  private long matches;
  private long failures;

  /**
   * Which requests fail, and how.
   *
   * @param operations those concerned; a flush has no range, so it is concerned wherever it is
   *     listed
   * @param offsetBytes start of the bad range
   * @param lengthBytes length of the bad range; whatever touches it is concerned
   * @param errno how they fail
   * @param every of those concerned, only each so manieth fails; from 1
   * @param times how many fail altogether; then the disk is good again
   */
  public record Fault(
      Set<DiskRequest.Op> operations,
      long offsetBytes,
      long lengthBytes,
      Errno errno,
      long every,
      long times) {

    public Fault {
      operations = Set.copyOf(operations);
      if (offsetBytes < 0 || lengthBytes < 1 || every < 1 || times < 1) {
        throw new IllegalArgumentException(
            "offset %d must not be negative; length %d, every %d and times %d must be at least 1"
                .formatted(offsetBytes, lengthBytes, every, times));
      }
    }

    private boolean concerns(DiskRequest request) {
      return operations.contains(request.op())
          && (request.op() == DiskRequest.Op.FLUSH || touches(request));
    }

    private boolean touches(DiskRequest request) {
      return request.offsetBytes() - offsetBytes < lengthBytes
          && offsetBytes - request.offsetBytes() < request.lengthBytes();
    }
  }

  public FaultyDisk(BlockDisk inner, Loop loop, Fault fault) {
    super(inner);
    this.loop = loop;
    this.fault = fault;
  }

  @Override
  public String description() {
    return inner().description() + " + errors";
  }

  @Override
  public void submit(DiskRequest request) {
    if (failures < fault.times() && fault.concerns(request) && ++matches % fault.every() == 0) {
      failures++;
      DiskException error =
          DiskException.of(fault.errno(), request, description(), "made by the errors filter");
      loop.execute(() -> request.fail(error));
    } else {
      inner().submit(request);
    }
  }
}
