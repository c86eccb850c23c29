package io.jdrbd.metadata.text;

import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerFlags;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import java.util.ArrayList;
import java.util.List;

/**
 * Generation identifiers and flags as get-gi prints them in one line, as set-gi takes them and as
 * show-gi draws them (spec 5.10.2). Of v09 metadata they are those towards one peer.
 */
public final class GiText {
  private static final List<DeviceFlag> V08_FLAGS =
      List.of(
          DeviceFlag.CONSISTENT,
          DeviceFlag.WAS_UP_TO_DATE,
          DeviceFlag.PRIMARY_IND,
          DeviceFlag.CONNECTED_IND,
          DeviceFlag.FULL_SYNC,
          DeviceFlag.PEER_OUT_DATED,
          DeviceFlag.CRASHED_PRIMARY);

  private static final List<DeviceFlag> V09_FLAGS =
      List.of(
          DeviceFlag.CONSISTENT,
          DeviceFlag.WAS_UP_TO_DATE,
          DeviceFlag.PRIMARY_IND,
          DeviceFlag.CRASHED_PRIMARY,
          DeviceFlag.AL_CLEAN,
          DeviceFlag.AL_DISABLED,
          DeviceFlag.PRIMARY_LOST_QUORUM);

  private static final List<PeerFlag> PEER_FLAGS =
      List.of(
          PeerFlag.CONNECTED,
          PeerFlag.OUTDATED,
          PeerFlag.FENCING,
          PeerFlag.FULL_SYNC,
          PeerFlag.DEVICE_SEEN);

  private static final int UUIDS = 4;
  private static final int SIZE_DIGITS_MAX = 10_000;
  private static final List<String> SIZE_UNITS = List.of("K", "M", "G", "T", "P", "E");

  private static final String UUID_LEGEND =
      """

             +--<  Current data generation UUID  >-
             |               +--<  Bitmap's base data generation UUID  >-
             |               |                 +--<  younger history UUID  >-
             |               |                 |         +-<  older history  >-
             V               V                 V         V
      """;

  private static final String V08_LEGEND =
      """
                                                                          ^ ^ ^ ^ ^ ^ ^
                                            -<  Data consistency flag  >--+ | | | | | |
                                   -<  Data was/is currently up-to-date  >--+ | | | | |
                                        -<  Node was/is currently primary  >--+ | | | |
                                        -<  Node was/is currently connected  >--+ | | |
               -<  Node was in the progress of setting all bits in the bitmap  >--+ | |
                              -<  The peer's disk was out-dated or inconsistent  >--+ |
            -<  This node was a crashed primary, and has not seen its peer since   >--+

      """;

  private static final String V09_LEGEND =
      """
                                                                          ^ ^ ^ ^ ^ ^ ^ ^ ^ ^ ^ ^
                                            -<  Data consistency flag  >--+ | | | | | | | | | | |
                                   -<  Data was/is currently up-to-date  >--+ | | | | | | | | | |
                                        -<  Node was/is currently primary  >--+ | | | | | | | | |
       -<  This node was a crashed primary, and has not seen its peer since  >--+ | | | | | | | |
                   -<  The activity-log was applied, the disk can be attached  >--+ | | | | | | |
              -<  The activity-log was disabled, peer is completely out of sync  >--+ | | | | | |
                                    -<  This node was primary when it lost quorum  >--+ | | | | |
                                                -<  Node was/is currently connected  >--+ | | | |
                                    -<  The peer's disk was out-dated or inconsistent  >--+ | | |
                                       -<   A fence policy other the dont-care was used  >--+ | |
                        -<  Node was in the progress of marking all blocks as out of sync  >--+ |
                           -<  At least once we saw this node with a backing device attached >--+

      """;

  private GiText() {}

  /**
   * The line of get-gi, without its end.
   *
   * @param node the peer's node id; of no meaning for v08
   */
  public static String line(Superblock superblock, int node) {
    List<String> fields = new ArrayList<>();
    for (long uuid : uuids(superblock, node)) {
      fields.add("%016X".formatted(uuid));
    }
    for (boolean flag : flags(superblock, node)) {
      fields.add(flag ? "1" : "0");
    }
    return String.join(":", fields);
  }

  /** What show-gi prints: the line with its legend, and the last agreed size. */
  public static String drawing(Superblock superblock, int node) {
    StringBuilder text = new StringBuilder(UUID_LEGEND);
    text.append(line(superblock, node)).append('\n');
    switch (superblock) {
      case SuperblockV08 v08 -> text.append(V08_LEGEND).append(stateOf(v08));
      case SuperblockV09 ignored -> text.append(V09_LEGEND);
    }
    CommonFields fields = superblock.common();
    if (fields.effectiveSizeSectors() == 0) {
      return text.append("zero size device -- never seen peer yet?\n").toString();
    }
    return text.append(
            "last agreed size: %s (%d sectors)\n"
                .formatted(humanSize(fields.effectiveSizeSectors()), fields.effectiveSizeSectors()))
        .append("last agreed max bio size: %d Byte\n".formatted(fields.peerMaxBioBytes()))
        .toString();
  }

  /**
   * The superblock with the fields of a set-gi argument: the order of {@link #line}; an empty field
   * and those behind the last stay as they are.
   *
   * @throws IllegalArgumentException naming the field that cannot be read
   */
  public static Superblock parse(Superblock superblock, int node, String text) {
    long[] uuids = uuids(superblock, node);
    List<Boolean> flags = new ArrayList<>(flags(superblock, node));
    String[] fields = text.split(":", -1);
    if (fields.length > uuids.length + flags.size()) {
      throw new IllegalArgumentException(
          "%d fields: must be at most %d".formatted(fields.length, uuids.length + flags.size()));
    }
    for (int index = 0; index < fields.length; index++) {
      if (!fields[index].isEmpty() && index < uuids.length) {
        uuids[index] = uuid(fields[index], index);
      } else if (!fields[index].isEmpty()) {
        flags.set(index - uuids.length, flag(fields[index], index));
      }
    }
    return withFlags(withUuids(superblock, node, uuids), node, flags);
  }

  private static long uuid(String text, int index) {
    if (!text.matches("[0-9a-fA-F]{1,16}")) {
      throw new IllegalArgumentException(
          "field %d is '%s': must be 1 to 16 hexadecimal digits".formatted(index + 1, text));
    }
    return Long.parseUnsignedLong(text, 16);
  }

  private static boolean flag(String text, int index) {
    return switch (text) {
      case "0" -> false;
      case "1" -> true;
      default ->
          throw new IllegalArgumentException(
              "field %d is '%s': must be 0 or 1".formatted(index + 1, text));
    };
  }

  private static long[] uuids(Superblock superblock, int node) {
    return switch (superblock) {
      case SuperblockV08 v08 ->
          new long[] {
            v08.currentUuid(), v08.bitmapUuid(), v08.historyYounger(), v08.historyOlder()
          };
      case SuperblockV09 v09 ->
          new long[] {
            v09.currentUuid(),
            v09.peers().get(node).bitmapUuid(),
            v09.historyUuids().get(0),
            v09.historyUuids().get(1)
          };
    };
  }

  private static Superblock withUuids(Superblock superblock, int node, long[] uuids) {
    if (uuids.length != UUIDS) {
      throw new IllegalArgumentException(uuids.length + " identifiers");
    }
    return switch (superblock) {
      case SuperblockV08 v08 -> v08.withUuids(uuids[0], uuids[1], uuids[2], uuids[3]);
      case SuperblockV09 v09 -> {
        PeerRecord peer = v09.peers().get(node);
        List<Long> history = new ArrayList<>(v09.historyUuids());
        history.set(0, uuids[2]);
        history.set(1, uuids[3]);
        yield v09.withCurrentUuid(uuids[0])
            .withPeer(node, peer.withBitmapUuid(uuids[1], peer.bitmapDagtag()))
            .withHistoryUuids(history);
      }
    };
  }

  private static List<DeviceFlag> deviceFlags(Superblock superblock) {
    return switch (superblock) {
      case SuperblockV08 ignored -> V08_FLAGS;
      case SuperblockV09 ignored -> V09_FLAGS;
    };
  }

  private static List<Boolean> flags(Superblock superblock, int node) {
    List<Boolean> values = new ArrayList<>();
    deviceFlags(superblock).forEach(flag -> values.add(superblock.flags().has(flag)));
    if (superblock instanceof SuperblockV09 v09) {
      PeerFlags peer = v09.peers().get(node).flags();
      PEER_FLAGS.forEach(flag -> values.add(peer.has(flag)));
    }
    return values;
  }

  private static Superblock withFlags(Superblock superblock, int node, List<Boolean> values) {
    List<DeviceFlag> names = deviceFlags(superblock);
    DeviceFlags flags = superblock.flags();
    for (int index = 0; index < names.size(); index++) {
      flags = flags.set(names.get(index), values.get(index));
    }
    Superblock changed = superblock.withFlags(flags);
    if (changed instanceof SuperblockV09 v09) {
      PeerRecord peer = v09.peers().get(node);
      PeerFlags peerFlags = peer.flags();
      for (int index = 0; index < PEER_FLAGS.size(); index++) {
        peerFlags = peerFlags.set(PEER_FLAGS.get(index), values.get(names.size() + index));
      }
      return v09.withPeer(node, peer.withFlags(peerFlags));
    }
    return changed;
  }

  private static String stateOf(SuperblockV08 superblock) {
    DeviceFlags flags = superblock.flags();
    String disk =
        !flags.has(DeviceFlag.CONSISTENT)
            ? "Inconsistent"
            : flags.has(DeviceFlag.WAS_UP_TO_DATE) ? "UpToDate" : "Outdated";
    return "flags:%s %s, %s, %s%s%s\nmeta-data: %s\n"
        .formatted(
            flags.has(DeviceFlag.CRASHED_PRIMARY) ? " crashed" : "",
            flags.has(DeviceFlag.PRIMARY_IND) ? "Primary" : "Secondary",
            flags.has(DeviceFlag.CONNECTED_IND) ? "Connected" : "StandAlone",
            disk,
            flags.has(DeviceFlag.FULL_SYNC) ? ", need full sync" : "",
            flags.has(DeviceFlag.PEER_OUT_DATED) ? ", peer Outdated" : "",
            superblock.isClean() ? "clean" : "need apply-al");
  }

  /** Four digits at most, rounded at each step. */
  private static String humanSize(long sectors) {
    long size = Sectors.toBytes(sectors) / 1024;
    int unit = 0;
    while (size >= SIZE_DIGITS_MAX) {
      size = (size + 512) / 1024;
      unit++;
    }
    return "%d %sB".formatted(size, SIZE_UNITS.get(unit));
  }
}
