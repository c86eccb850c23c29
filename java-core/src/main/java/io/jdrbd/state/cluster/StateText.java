package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import java.util.ArrayList;
import java.util.List;

/** A change in words, as DRBD logs it: one line for each object that changes. */
public final class StateText {
  private StateText() {}

  /**
   * Lines like {@code 0: disk( UpToDate -> Failed )} and {@code node 1: peer( Primary -> Unknown
   * )}.
   */
  public static List<String> lines(ResourceSnapshot old, ResourceSnapshot next) {
    Draft draft = new Draft(old, next, ChangeKind.HARD);
    List<String> lines = new ArrayList<>();
    add(lines, "resource", resource(old, next));
    for (ConnectionSnapshot connection : next.connections().values()) {
      ConnectionSnapshot before = draft.oldConnection(connection.peer());
      add(
          lines,
          "node " + connection.peer(),
          change("conn", before.state().word(), connection.state().word())
              + change("peer", before.peerRole().word(), connection.peerRole().word()));
    }
    for (VolumeSnapshot volume : next.volumes().values()) {
      VolumeSnapshot before = draft.oldVolume(volume.number());
      add(
          lines,
          "volume " + volume.number(),
          change("disk", before.disk().word(), volume.disk().word())
              + change("quorum", yes(before.hasQuorum()), yes(volume.hasQuorum())));
      for (int peer : draft.peers(volume.number())) {
        add(
            lines,
            "volume %d node %d".formatted(volume.number(), peer),
            device(
                draft.oldDevice(peer, volume.number()),
                draft.device(peer, volume.number()),
                before.disk(),
                volume.disk()));
      }
    }
    return lines;
  }

  private static String resource(ResourceSnapshot old, ResourceSnapshot next) {
    return change("role", old.role().word(), next.role().word())
        + change("susp-io", suspension(old), suspension(next))
        + change("force-io-failures", yes(old.failsIo()), yes(next.failsIo()));
  }

  private static String device(
      PeerDeviceSnapshot before, PeerDeviceSnapshot after, DiskState diskBefore, DiskState disk) {
    return change("pdsk", before.disk().word(), after.disk().word())
        + change("repl", before.replication().word(), after.replication().word())
        + pause(pause(before, diskBefore), pause(after, disk));
  }

  /** Reasons that come or go while there are others are not told. */
  private static String pause(String before, String after) {
    boolean told = before.equals("no") != after.equals("no");
    return told ? change("resync-susp", before, after) : "";
  }

  private static String suspension(ResourceSnapshot resource) {
    Suspension suspension = resource.suspension();
    return words(
        word(suspension.user(), "user"),
        word(suspension.noData(), "no-disk"),
        word(suspension.quorum(), "quorum"),
        word(suspension.uuid(), "uuid"),
        word(resource.isSuspendedByFencing(), "fencing"));
  }

  private static String pause(PeerDeviceSnapshot device, DiskState disk) {
    ResyncPause pause = device.pause();
    return words(
        word(pause.user(), "user"),
        word(pause.peer(), "peer"),
        word(pause.dependency(), "after dependency"),
        word(pause.other(), "connection dependency"),
        word(device.isBadSource(disk), "disk inconsistent"),
        word(pause.limit(), "max-parallel"));
  }

  private static String word(boolean present, String word) {
    return present ? word : "";
  }

  private static String words(String... words) {
    List<String> present = List.of(words).stream().filter(word -> !word.isEmpty()).toList();
    return present.isEmpty() ? "no" : String.join(" ", present);
  }

  private static String yes(boolean value) {
    return value ? "yes" : "no";
  }

  private static String change(String name, String before, String after) {
    return before.equals(after) ? "" : " %s( %s -> %s )".formatted(name, before, after);
  }

  private static void add(List<String> lines, String object, String changes) {
    if (!changes.isEmpty()) {
      lines.add(object + ":" + changes);
    }
  }
}
