package io.jdrbd.cluster;

import io.jdrbd.cluster.line.OutgoingLine;
import io.jdrbd.replication.DataGate;
import io.jdrbd.replication.IncomingVolume;
import io.jdrbd.resync.BlockDigest;
import io.jdrbd.resync.Progress;
import io.jdrbd.resync.ResyncRate;
import io.jdrbd.resync.ResyncSource;
import io.jdrbd.resync.ResyncTarget;
import io.jdrbd.resync.ResyncVolume;
import io.jdrbd.resync.SourceTerms;
import io.jdrbd.resync.TargetTerms;
import io.jdrbd.state.Role;
import io.jdrbd.wire.Feature;
import java.util.Optional;

/** What runs between the two disks of one volume: a resync, as source or target, or a verify. */
final class PeerResync {
  private final PeerVolume device;
  private final PeerVerify verify;
  private Optional<ResyncSource> source = Optional.empty();
  private Optional<ResyncTarget> target = Optional.empty();
  private ResyncRate rate = ResyncRate.DEFAULT;

  PeerResync(PeerVolume device) {
    this.device = device;
    this.verify = new PeerVerify(device);
  }

  PeerVerify verify() {
    return verify;
  }

  Optional<ResyncSource> source() {
    return source;
  }

  Optional<ResyncTarget> target() {
    return target;
  }

  ResyncRate rate() {
    return rate;
  }

  void setRate(ResyncRate changed) {
    rate = changed;
    source.ifPresent(running -> running.setRate(changed));
    target.ifPresent(running -> running.setRate(changed));
    verify.setRate(changed);
  }

  /** Begins, or goes on after a pause. */
  void start() {
    Optional<ResyncVolume> both = volume();
    if (both.isEmpty()) {
      return;
    }
    switch (device.replication()) {
      case SYNC_SOURCE -> startAsSource(both.get());
      case SYNC_TARGET -> startAsTarget(both.get());
      case VERIFY_S -> verify.startAsSource(both.get());
      case VERIFY_T -> verify.startAsTarget(both.get());
      default -> {
        // over already
      }
    }
  }

  /** The volume as a resync sees it; empty without a disk, a bitmap for the peer or the peer. */
  private Optional<ResyncVolume> volume() {
    if (device.slot().isEmpty() || device.peer().line().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ResyncVolume(
            device.resource().loop(),
            device.number(),
            device.volume().backing().orElseThrow(),
            device.slot().getAsInt(),
            device.volume().disk().ranges(),
            device.peer().writes().index(),
            device.volume(),
            this::applicationBytes));
  }

  private long applicationBytes() {
    return device.volume().disk().readBytes()
        + device.volume().disk().writtenBytes()
        + device.incoming().map(IncomingVolume::writtenBytes).orElse(0L);
  }

  private void startAsSource(ResyncVolume both) {
    if (source.isPresent()) {
      source.get().resume();
      return;
    }
    OutgoingLine line = device.peer().line().orElseThrow();
    DataGate gate = device.peer().gate().orElseThrow();
    SourceTerms terms =
        new SourceTerms(rate, checksum(), this::peerIsPrimary, device.resource().buffers());
    source = Optional.of(new ResyncSource(both, line, terms, gate));
  }

  private boolean peerIsPrimary() {
    return device.resource().now().connection(device.peer().nodeId()).peerRole() == Role.PRIMARY;
  }

  private Optional<BlockDigest> checksum() {
    return BlockDigest.find(device.peer().settings().csumsAlgorithm());
  }

  private void startAsTarget(ResyncVolume both) {
    if (target.isPresent()) {
      target.get().resume();
      return;
    }
    OutgoingLine line = device.peer().line().orElseThrow();
    ResyncTarget begun =
        new ResyncTarget(both, line, targetTerms(), device.resyncEnd()::targetFinished);
    target = Optional.of(begun);
    begun.start();
  }

  private TargetTerms targetTerms() {
    PeerSettings settings = device.peer().settings();
    boolean compares =
        !settings.csumsAfterCrashOnly() || device.volume().local().isCrashedPrimary();
    boolean thin = device.peer().dialect().has(Feature.THIN_RESYNC);
    return new TargetTerms(
        rate,
        settings.maxBufferBlocks(),
        device.peer().dialect().bulkBytesMax(),
        compares ? checksum() : Optional.empty(),
        thin ? device.volume().local().thinBytes() : 0,
        device.resource().buffers());
  }

  void pause() {
    target.ifPresent(ResyncTarget::pause);
    source.ifPresent(ResyncSource::pause);
  }

  /** It is over, or is given up. */
  void end() {
    target.ifPresent(ResyncTarget::abort);
    source.ifPresent(ResyncSource::end);
    target = Optional.empty();
    source = Optional.empty();
    verify.end();
  }

  /** There is room to send again. */
  void writable() {
    target.ifPresent(ResyncTarget::writable);
    verify.writable();
  }

  /** How far it has come; empty while nothing runs. */
  Optional<Progress> progress() {
    return target
        .map(ResyncTarget::progress)
        .or(() -> source.map(ResyncSource::progress))
        .or(verify::progress);
  }
}
