package io.jdrbd.cluster;

import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerFlags;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.PeerFlagRules;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.cluster.MetadataMarks;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.SlotMarks;
import io.jdrbd.state.cluster.VolumeSnapshot;
import java.util.TreeMap;

/** What a disk remembers of itself and of other nodes when it is attached (spec 4.1, 5.2). */
final class Remembered {
  private Remembered() {}

  /** The states in force, with what the metadata of a volume's disk says, if it has one. */
  static ResourceSnapshot in(ResourceSnapshot now, ClusterVolume volume) {
    return volume.backing().map(backing -> in(now, volume, backing.superblock())).orElse(now);
  }

  /** The states in force, with what a superblock of a volume's disk says. */
  static ResourceSnapshot in(ResourceSnapshot now, ClusterVolume volume, Superblock superblock) {
    int number = volume.number();
    ResourceSnapshot with =
        now.changeVolume(
            number,
            own -> own(own, superblock).withCrashedPrimary(volume.local().isCrashedPrimary()));
    for (int peer : now.connections().keySet()) {
      with = with.changeDevice(peer, number, device -> device(device, superblock, peer));
    }
    return with;
  }

  private static VolumeSnapshot own(VolumeSnapshot volume, Superblock superblock) {
    DeviceFlags flags = superblock.flags();
    MetadataMarks marks =
        new MetadataMarks(
            flags.has(DeviceFlag.CONSISTENT),
            flags.has(DeviceFlag.WAS_UP_TO_DATE),
            flags.has(DeviceFlag.PRIMARY_IND),
            flags.has(DeviceFlag.CRASHED_PRIMARY),
            flags.has(DeviceFlag.AL_CLEAN),
            flags.has(DeviceFlag.PRIMARY_LOST_QUORUM),
            flags.has(DeviceFlag.HAVE_QUORUM));
    TreeMap<Integer, SlotMarks> slots = new TreeMap<>();
    switch (superblock) {
      case SuperblockV08 ignored -> {
        // tells of one peer only, and not of which
      }
      case SuperblockV09 nine -> {
        for (int node = 0; node < SuperblockV09.NODES; node++) {
          PeerRecord record = nine.peers().get(node);
          if (!record.isTotallyUnused()) {
            slots.put(node, slot(record));
          }
        }
      }
    }
    return volume.withMarks(marks).withSlots(slots);
  }

  private static SlotMarks slot(PeerRecord record) {
    PeerFlags flags = record.flags();
    return new SlotMarks(
        record.hasBitmap(),
        flags.has(PeerFlag.NODE_EXISTS),
        flags.has(PeerFlag.DEVICE_SEEN),
        flags.has(PeerFlag.CONNECTED),
        flags.has(PeerFlag.OUTDATED),
        flags.has(PeerFlag.FENCING));
  }

  /** A peer has a bitmap since it was configured, if one was free. */
  static ResourceSnapshot withSlot(ResourceSnapshot now, PeerVolume device) {
    int peer = device.peer().nodeId();
    boolean bitmap = device.slot().isPresent();
    boolean stays = device.volume().backing().isEmpty();
    return stays || now.volume(device.number()).slot(peer).bitmap() == bitmap
        ? now
        : now.changeVolume(
            device.number(), own -> own.withSlot(peer, own.slot(peer).withBitmap(bitmap)));
  }

  /** A peer that has not been heard of is as it was when it was heard of last. */
  private static PeerDeviceSnapshot device(
      PeerDeviceSnapshot device, Superblock superblock, int peer) {
    return device.disk() == DiskState.D_UNKNOWN && PeerFlagRules.isOutdated(superblock, peer)
        ? device.withDisk(DiskState.OUTDATED)
        : device;
  }
}
