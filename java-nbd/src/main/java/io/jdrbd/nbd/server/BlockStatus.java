package io.jdrbd.nbd.server;

import io.jdrbd.disk.BlockDisk.Extent;
import io.jdrbd.nbd.protocol.CommandFlag;
import io.jdrbd.nbd.protocol.ReplyEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Answers what is allocated: the metadata context {@code base:allocation}. */
final class BlockStatus {
  /** The number by which replies name the one context. */
  static final int CONTEXT_ID = 1;

  private static final int STATE_HOLE = 1;
  private static final int STATE_ZERO = 2;
  private static final int MAX_EXTENTS = 4096;

  private BlockStatus() {}

  /**
   * Sends the reply.
   *
   * @param lengthBytes of the range that was asked about
   * @param extents what the disk answered
   */
  static void reply(ReplyWriter replies, Request request, long lengthBytes, List<Extent> extents) {
    int max = request.has(CommandFlag.REQ_ONE) ? 1 : MAX_EXTENTS;
    List<Status> statuses = statuses(request.offsetBytes(), lengthBytes, extents, max);
    ReplyEncoder encoder = replies.encoder();
    ByteBuf message =
        Unpooled.directBuffer(ReplyEncoder.MAX_BYTES + statuses.size() * encoder.extentBytes());
    encoder.blockStatus(
        message, true, request.cookie(), request.offsetBytes(), CONTEXT_ID, statuses.size());
    statuses.forEach(status -> encoder.extent(message, status.lengthBytes(), status.flags()));
    replies.message(message);
  }

  /** The extents cut to the range, with neighbours that are alike as one, and at most so many. */
  static List<Status> statuses(long offsetBytes, long lengthBytes, List<Extent> extents, int max) {
    List<Status> statuses = new ArrayList<>();
    long next = offsetBytes;
    long end = offsetBytes + lengthBytes;
    for (Extent extent : extents) {
      long extentEnd = Math.min(end, extent.offsetBytes() + extent.lengthBytes());
      if (extentEnd <= next) {
        continue;
      }
      Status status =
          new Status(
              extentEnd - next,
              (extent.hole() ? STATE_HOLE : 0) | (extent.zero() ? STATE_ZERO : 0));
      next = extentEnd;
      if (!statuses.isEmpty() && statuses.getLast().flags() == status.flags()) {
        long together = statuses.removeLast().lengthBytes() + status.lengthBytes();
        statuses.add(new Status(together, status.flags()));
      } else if (statuses.size() == max) {
        break;
      } else {
        statuses.add(status);
      }
    }
    return statuses;
  }

  /** A run of bytes as the protocol tells it. */
  record Status(long lengthBytes, int flags) {}
}
