package io.jdrbd.resource;

import io.jdrbd.metadata.rules.PeerFlagRules;
import io.jdrbd.resync.VerifyReport;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.ResyncSuspension;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A volume as it is replicated with one peer: there is one for every volume and connection (spec
 * 1.1). Each change of its state is published, unless it is one of several that {@link
 * Resource#together} makes one. Used on the node's loop.
 */
public final class PeerDevice {
  private final Connection connection;
  private final Volume volume;
  private final EnumSet<ResyncSuspension> suspensions = EnumSet.noneOf(ResyncSuspension.class);
  private PeerDeviceOptions options = PeerDeviceOptions.defaults();
  private ReplicationState replication = ReplicationState.OFF;
  private DiskState peerDisk = DiskState.D_UNKNOWN;
  private boolean peerClient;
  private boolean peerStable;
  private Optional<VerifyReport> verified = Optional.empty();
  private Supplier<PeerDeviceStatistics> counters = PeerDeviceStatistics::none;

  PeerDevice(Connection connection, Volume volume) {
    this.connection = connection;
    this.volume = volume;
    recall();
  }

  /**
   * As long as the peer has not been heard of, the metadata says what its disk was (spec 3.9.2).
   */
  void recall() {
    boolean outdated =
        volume
            .metadata()
            .map(read -> PeerFlagRules.isOutdated(read.superblock(), connection.peerNodeId()))
            .orElse(false);
    if (outdated && peerDisk == DiskState.D_UNKNOWN) {
      peerDisk = DiskState.OUTDATED;
    }
  }

  /** The connection to the peer. */
  public Connection connection() {
    return connection;
  }

  /** The own volume. */
  public Volume volume() {
    return volume;
  }

  /** The options in force. */
  public PeerDeviceOptions options() {
    return options;
  }

  /** What goes on between the two. */
  public ReplicationState replication() {
    return replication;
  }

  /** The state of the peer's disk, as far as it is known. */
  public DiskState peerDisk() {
    return peerDisk;
  }

  /** Whether the peer is diskless by intention. */
  public boolean peerClient() {
    return peerClient;
  }

  /** Why a resync waits or would wait; empty for nothing. */
  public Set<ResyncSuspension> suspensions() {
    return EnumSet.copyOf(suspensions);
  }

  /** Something else goes on between the two from now on. */
  public void setReplication(ReplicationState now) {
    replication = now;
    changed();
  }

  /** The peer's disk has another state. */
  public void setPeerDisk(DiskState now) {
    peerDisk = now;
    changed();
  }

  /** The peer is diskless by intention, or is not. */
  public void setPeerClient(boolean now) {
    peerClient = now;
    changed();
  }

  /** Whether nothing can change the data of the peer's disk, by what the peer says of it. */
  public void setPeerStable(boolean now) {
    peerStable = now;
    changed();
  }

  /** A resync waits for this reason from now on, or no longer. */
  public void setSuspended(ResyncSuspension reason, boolean now) {
    if (now) {
      suspensions.add(reason);
    } else {
      suspensions.remove(reason);
    }
    changed();
  }

  /** From where its counters come. Asked on the node's loop whenever somebody wants to see them. */
  public void countBy(Supplier<PeerDeviceStatistics> source) {
    counters = source;
  }

  /** What the last verify has found; empty if there was none, or one runs. */
  public Optional<VerifyReport> verified() {
    return verified;
  }

  /** A verify is over; empty if another one begins. */
  public void setVerified(Optional<VerifyReport> report) {
    verified = report;
  }

  void setOptions(PeerDeviceOptions now) {
    options = now;
    changed();
  }

  PeerDeviceView view() {
    return new PeerDeviceView(
        volume.number(),
        options,
        replication,
        peerDisk,
        peerClient,
        peerStable,
        suspensions(),
        counters.get());
  }

  private void changed() {
    connection.resource().changed();
  }
}
