package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a volume has quorum (spec 4.18.2), computed whether or not it is enforced.
 *
 * @param present whether there is quorum
 * @param reason the figures, for people
 */
record Quorum(boolean present, String reason) {

  /**
   * Counts the nodes.
   *
   * @param before whether there was quorum: a tiebreaker keeps it, but cannot give it
   */
  static Quorum compute(ResourceSnapshot resource, int volume, boolean before) {
    Votes votes = new Votes();
    boolean hasDisk = resource.volume(volume).disk().isAbove(DiskState.ATTACHING);
    countSelf(resource.volume(volume), votes);
    for (int node : otherNodes(resource, volume, hasDisk)) {
      countOther(resource, volume, node, hasDisk, before, votes);
    }
    return verdict(resource.settings(), votes, before);
  }

  private static void countSelf(VolumeSnapshot own, Votes votes) {
    if (own.disk() == DiskState.UP_TO_DATE) {
      votes.upToDate++;
    } else if (own.disk().isAbove(DiskState.ATTACHING)) {
      votes.present++;
    } else if (own.disk() == DiskState.DISKLESS && own.facts().disklessByIntent()) {
      votes.diskless++;
    } else if (own.disk() == DiskState.DISKLESS) {
      votes.unknown++;
    }
  }

  private static Set<Integer> otherNodes(ResourceSnapshot resource, int volume, boolean hasDisk) {
    Set<Integer> nodes = new TreeSet<>();
    if (hasDisk) {
      resource
          .volume(volume)
          .slots()
          .forEach(
              (node, marks) -> {
                if (marks.bitmap() || marks.exists() || marks.seen()) {
                  nodes.add(node);
                }
              });
    } else {
      nodes.addAll(resource.connections().keySet());
    }
    nodes.remove(resource.settings().nodeId());
    return nodes;
  }

  private static void countOther(
      ResourceSnapshot resource,
      int volume,
      int node,
      boolean hasDisk,
      boolean before,
      Votes votes) {
    SlotMarks marks = hasDisk ? resource.volume(volume).slot(node) : SlotMarks.NONE;
    Optional<ConnectionSnapshot> connection = Optional.ofNullable(resource.connections().get(node));
    Optional<PeerDeviceSnapshot> device =
        connection.flatMap(c -> Optional.ofNullable(c.devices().get(volume)));
    boolean byIntent =
        device.map(PeerDeviceSnapshot::disklessByIntent).orElse(hasDisk && !marks.seen());
    boolean skipped =
        byIntent
            && (!connection.map(c -> c.facts().remoteRead()).orElse(true)
                || !device.map(d -> d.facts().tiebreaker()).orElse(true));
    if (skipped) {
      return;
    }
    boolean connected =
        device.isPresent() && connection.filter(ConnectionSnapshot::isConnected).isPresent();
    if (connected && device.get().isEstablished()) {
      countConnected(device.get(), byIntent, hasDisk, votes);
      return;
    }
    boolean outdated =
        marks.outdated() || device.filter(d -> !d.disk().isAbove(DiskState.OUTDATED)).isPresent();
    boolean member = (resource.members() & 1L << node) != 0;
    if (byIntent) {
      votes.missingDiskless++;
    } else if (outdated) {
      votes.outdated++;
    } else if (!member && before) {
      votes.quorumless++;
    } else {
      votes.unknown++;
    }
  }

  private static void countConnected(
      PeerDeviceSnapshot device, boolean byIntent, boolean hasDisk, Votes votes) {
    if (device.disk() == DiskState.DISKLESS && (byIntent || !hasDisk)) {
      votes.diskless++;
    } else if (device.disk() == DiskState.UP_TO_DATE) {
      votes.upToDate++;
      votes.quorate += !hasDisk && device.facts().quorate() ? 1 : 0;
    } else {
      votes.present++;
    }
  }

  private static Quorum verdict(ResourceSettings settings, Votes votes, boolean before) {
    if (votes.absent() >= settings.quorum().of(votes.all())) {
      votes.unknown += votes.quorumless;
      votes.quorumless = 0;
    }
    int visible = votes.upToDate + votes.present;
    int voters = votes.unknown > 0 ? votes.all() : visible;
    int need = settings.quorum().of(voters);
    int needUpToDate = settings.minimumRedundancy().of(voters);
    if (votes.quorate > 0) {
      return new Quorum(true, "an UpToDate peer has quorum");
    }
    if (visible >= need && votes.upToDate >= needUpToDate) {
      return new Quorum(true, "%d of %d nodes visible, need %d".formatted(visible, voters, need));
    }
    boolean tieBroken =
        voters > 0
            && voters % 2 == 0
            && visible == need - 1
            && votes.diskless >= (votes.diskless + votes.missingDiskless) / 2 + 1
            && before;
    if (tieBroken) {
      return new Quorum(true, "kept by %d diskless nodes".formatted(votes.diskless));
    }
    return new Quorum(
        false,
        visible < need
            ? "%d of %d nodes visible, need %d for quorum".formatted(visible, voters, need)
            : "%d of %d nodes up_to_date, need %d for quorum-minimum-redundancy"
                .formatted(votes.upToDate, voters, needUpToDate));
  }

  /** How many nodes are in which state. */
  private static final class Votes {
    private int upToDate;
    private int present;
    private int diskless;
    private int missingDiskless;
    private int outdated;
    private int quorumless;
    private int unknown;
    private int quorate;

    int absent() {
      return outdated + quorumless + unknown;
    }

    int all() {
      return absent() + upToDate + present;
    }
  }
}
