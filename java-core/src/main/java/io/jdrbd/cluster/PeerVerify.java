package io.jdrbd.cluster;

import io.jdrbd.cluster.line.OutgoingLine;
import io.jdrbd.resync.BlockDigest;
import io.jdrbd.resync.Progress;
import io.jdrbd.resync.ResyncRate;
import io.jdrbd.resync.ResyncVolume;
import io.jdrbd.resync.VerifyReport;
import io.jdrbd.resync.VerifySource;
import io.jdrbd.resync.VerifyTarget;
import io.jdrbd.resync.VerifyTerms;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Verdict;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The verify between two disks of a volume: how it begins, and what comes of it (spec 6.18). */
final class PeerVerify {
  private static final System.Logger LOG = System.getLogger(PeerVerify.class.getName());
  private static final int BLOCK_SECTORS = 8;

  /** The end of the volume. */
  private static final long NO_STOP = -1;

  /** From this version on both are told of a block that is written while it is compared. */
  private static final int CANCEL_VERSION = 110;

  private static final int STOP_VERSION = 97;
  private static final int STOP_EXCEPTION = 100;

  private final PeerVolume device;
  private Optional<VerifySource> source = Optional.empty();
  private Optional<VerifyTarget> target = Optional.empty();

  /** Where the next one begins that is not told: where the last one was interrupted. */
  private long startBlock;

  private long stopBlock = NO_STOP;

  /** It came to its end, and was not interrupted. */
  private boolean complete;

  PeerVerify(PeerVolume device) {
    this.device = device;
  }

  /**
   * The command {@code verify}. While one runs, it is only told where to stop.
   *
   * @param startSector empty: where the last one was interrupted, or the start of the volume
   * @param stopSector empty: the end of the volume
   */
  CompletionStage<Verdict> request(OptionalLong startSector, OptionalLong stopSector) {
    stopBlock = stopSector.isPresent() ? stopSector.getAsLong() / BLOCK_SECTORS : NO_STOP;
    if (source.isPresent()) {
      source.get().setStop(stops());
      return CompletableFuture.completedStage(Verdict.passed("verify runs, and stops there"));
    }
    if (startSector.isPresent()) {
      startBlock = startSector.getAsLong() / BLOCK_SECTORS;
    }
    return new ReplicationChanges(device).request(ReplicationState.VERIFY_S);
  }

  /** The peer counts to the end of the volume where it cannot be told of another. */
  private long stops() {
    int version = device.peer().dialect().protocolVersion();
    return version >= STOP_VERSION && version != STOP_EXCEPTION ? stopBlock : NO_STOP;
  }

  /** The peer has agreed: begins to ask. */
  void startAsSource(ResyncVolume both) {
    Optional<VerifyTerms> terms = terms();
    if (source.isEmpty() && terms.isPresent()) {
      OutgoingLine line = device.peer().line().orElseThrow();
      VerifySource begun =
          new VerifySource(both, line, terms.get(), startBlock, stops(), this::finished);
      source = Optional.of(begun);
      begun.start();
    }
  }

  /** The peer will ask. */
  void startAsTarget(ResyncVolume both) {
    Optional<VerifyTerms> terms = terms();
    if (target.isEmpty() && terms.isPresent()) {
      target =
          Optional.of(
              new VerifyTarget(
                  both,
                  device.peer().line().orElseThrow(),
                  terms.get(),
                  device.peer().gate().orElseThrow(),
                  device.peer().dialect().protocolVersion() >= CANCEL_VERSION,
                  this::finished));
    }
  }

  private Optional<VerifyTerms> terms() {
    PeerSettings settings = device.peer().settings();
    return BlockDigest.find(settings.verifyAlgorithm())
        .map(
            digest ->
                new VerifyTerms(
                    device.resync().rate(),
                    settings.maxBufferBlocks(),
                    digest,
                    device.resource().buffers()));
  }

  Optional<VerifySource> source() {
    return source;
  }

  Optional<VerifyTarget> target() {
    return target;
  }

  void setRate(ResyncRate changed) {
    source.ifPresent(running -> running.setRate(changed));
  }

  void writable() {
    source.ifPresent(VerifySource::writable);
  }

  Optional<Progress> progress() {
    return source.map(VerifySource::progress).or(() -> target.flatMap(VerifyTarget::progress));
  }

  /** All is compared: the peer must have heard the results before it hears of the end. */
  private void finished() {
    device.peer().session().ifPresent(session -> session.ping(this::established));
  }

  private void established() {
    if (isVerify(device.replication())) {
      complete = true;
      device.become(ReplicationState.ESTABLISHED, "verify done");
    }
  }

  private static boolean isVerify(ReplicationState state) {
    return state == ReplicationState.VERIFY_S || state == ReplicationState.VERIFY_T;
  }

  /**
   * The peer has told a state.
   *
   * @return whether it was that the verify is over (spec 3.3.5, step 6)
   */
  boolean endedBy(ReplicationState peer, DiskState peerDisk) {
    boolean over =
        device.replication() == ReplicationState.VERIFY_T
            && peer == ReplicationState.ESTABLISHED
            && peerDisk == DiskState.UP_TO_DATE
            && device.resource().now().volume(device.number()).disk() == DiskState.UP_TO_DATE;
    if (over) {
      established();
    }
    return over;
  }

  /** It is over, or was interrupted. */
  void end() {
    source.ifPresent(
        running -> {
          VerifyReport report = running.end(complete);
          startBlock = running.resumeBlock();
          report(report);
        });
    target.flatMap(running -> running.end(complete)).ifPresent(this::report);
    source = Optional.empty();
    target = Optional.empty();
    complete = false;
  }

  private void report(VerifyReport report) {
    String text =
        "online verify %s: %s; %d blocks are marked as out of sync now"
            .formatted(report.complete() ? "done" : "interrupted", report, device.dirtyBlocks());
    LOG.log(System.Logger.Level.INFO, "{0}: {1}", device.volume().local().name(), text);
    int peer = device.peer().nodeId();
    device.resource().listener().decided(peer, "verify of volume " + device.number(), true, text);
    device.resource().listener().verified(peer, device.number(), report);
    if (report.differentBlocks() > 0) {
      var _ =
          device
              .resource()
              .listener()
              .handler("out-of-sync", OptionalInt.of(peer), OptionalInt.of(device.number()));
    }
  }
}
