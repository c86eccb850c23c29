package io.jdrbd.cluster;

import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.resync.VerifyResult;
import io.jdrbd.resync.VerifySource;
import io.jdrbd.resync.VerifyTarget;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.wire.OpaqueBytes;
import java.util.Optional;

/**
 * The packets of a verify. What comes late, when the verify is over or was given up, is passed
 * over: the peer has heard of the end, or will.
 */
final class VerifyDispatch {
  private final ClusterPeer peer;

  VerifyDispatch(ClusterPeer peer) {
    this.peer = peer;
  }

  /** The peer compares, and asks for a digest. */
  void requested(PeerVolume volume, long id, VolumeRange range) {
    Optional<VerifyTarget> target = target(volume);
    target.ifPresentOrElse(
        running -> running.requested(id, range.offsetBytes(), range.lengthBytes()),
        () -> cancel(volume, id, range));
  }

  /** The state may be in force while what follows from it still waits for its turn. */
  private static Optional<VerifyTarget> target(PeerVolume volume) {
    if (volume.replication() == ReplicationState.VERIFY_T) {
      volume.resync().start();
    }
    return volume.resync().verify().target();
  }

  private void cancel(PeerVolume volume, long id, VolumeRange range) {
    peer.line()
        .ifPresent(
            line -> line.cancel(volume.number(), id, range.offsetBytes(), range.lengthBytes()));
  }

  /** The peer sends a digest that it was asked for. */
  void replied(PeerVolume volume, VolumeRange range, OpaqueBytes digest) throws ProtocolViolation {
    Optional<VerifySource> source = volume.resync().verify().source();
    if (source.isPresent()) {
      source.get().replied(range.offsetBytes(), range.lengthBytes(), digest.toByteArray());
    }
  }

  /** The peer cannot answer now; false if it was not asked by a verify. */
  boolean cancelled(PeerVolume volume, long offset, int bytes) throws ProtocolViolation {
    Optional<VerifySource> source = volume.resync().verify().source();
    if (source.isPresent()) {
      source.get().cancelled(offset, bytes);
    }
    return source.isPresent();
  }

  /** The peer has compared a block. */
  void result(PeerVolume volume, long offset, int bytes, VerifyResult result)
      throws ProtocolViolation {
    Optional<VerifyTarget> target = volume.resync().verify().target();
    if (target.isPresent()) {
      target.get().result(offset, bytes, result);
    }
  }
}
