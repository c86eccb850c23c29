package io.jdrbd.nbd.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** Notices that a client takes none of the bytes that wait for it. */
final class StallWatch {
  private long waitingBytes;
  private long sentOfFirst;
  private long unchangedSinceNs;

  /**
   * Looks at a channel, again and again.
   *
   * @return for how long nothing has moved, in nanoseconds; 0 if nothing waits
   */
  long stalledNs(Channel channel, long nowNs) {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    if (outbound == null || outbound.totalPendingWriteBytes() == 0) {
      waitingBytes = 0;
      unchangedSinceNs = nowNs;
      return 0;
    }
    if (outbound.totalPendingWriteBytes() != waitingBytes
        || outbound.currentProgress() != sentOfFirst) {
      waitingBytes = outbound.totalPendingWriteBytes();
      sentOfFirst = outbound.currentProgress();
      unchangedSinceNs = nowNs;
    }
    return nowNs - unchangedSinceNs;
  }
}
