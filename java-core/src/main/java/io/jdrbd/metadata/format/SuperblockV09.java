package io.jdrbd.metadata.format;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The superblock of DRBD 9.
 *
 * @param common fields of both formats
 * @param currentUuid identity of the present contents
 * @param members mask of the nodes in the partition that had quorum
 * @param maxPeers number of bitmap slots
 * @param nodeId the own node id, or {@link #NO_NODE}
 * @param peers one record for each node id, {@link #NODES} of them
 * @param historyUuids former generations, newest first, {@link #NODES} of them; 0 is empty
 */
public record SuperblockV09(
    CommonFields common,
    long currentUuid,
    long members,
    int maxPeers,
    int nodeId,
    List<PeerRecord> peers,
    List<Long> historyUuids)
    implements Superblock {

  /** Node ids, and entries of the history. */
  public static final int NODES = 32;

  /** Stands for "no node id assigned yet". */
  public static final int NO_NODE = -1;

  private static final int CURRENT = 0x08;
  private static final int MEMBERS = 0x10;
  private static final int DEVICE_UUID = 0x30;
  private static final int MAX_PEERS = 0x58;
  private static final int NODE_ID = 0x5c;
  private static final int AL_STRIPES = 0x60;
  private static final int PEERS = 0x70;
  private static final int PEER_BYTES = 32;
  private static final int PEER_DAGTAG = 8;
  private static final int PEER_FLAGS = 16;
  private static final int PEER_BITMAP_INDEX = 20;
  private static final int HISTORY = 0x470;

  public SuperblockV09 {
    if (peers.size() != NODES || historyUuids.size() != NODES) {
      throw new IllegalArgumentException(
          "%d peer records and %d history entries: must be %d each"
              .formatted(peers.size(), historyUuids.size(), NODES));
    }
    peers = List.copyOf(peers);
    historyUuids = List.copyOf(historyUuids);
  }

  /** What create-md writes. */
  public static SuperblockV09 created(CommonFields common, int maxPeers) {
    return new SuperblockV09(
        common,
        UUID_JUST_CREATED,
        0,
        maxPeers,
        NO_NODE,
        Collections.nCopies(NODES, PeerRecord.UNUSED),
        Collections.nCopies(NODES, 0L));
  }

  /** v08 metadata as v09, in the same place, with one slot that no peer has yet. */
  public static SuperblockV09 converted(SuperblockV08 old) {
    DeviceFlags flags = old.flags();
    PeerFlags peerFlags =
        PeerFlags.NONE
            .set(PeerFlag.CONNECTED, flags.has(DeviceFlag.CONNECTED_IND))
            .set(PeerFlag.FULL_SYNC, flags.has(DeviceFlag.FULL_SYNC))
            .set(PeerFlag.OUTDATED, flags.has(DeviceFlag.PEER_OUT_DATED));
    DeviceFlags ownFlags =
        flags
            .without(DeviceFlag.CONNECTED_IND)
            .without(DeviceFlag.FULL_SYNC)
            .without(DeviceFlag.PEER_OUT_DATED);
    List<PeerRecord> peers = new ArrayList<>(Collections.nCopies(NODES, PeerRecord.UNUSED));
    peers.set(0, PeerRecord.UNUSED.withFlags(peerFlags));
    List<Long> history = new ArrayList<>(Collections.nCopies(NODES, 0L));
    history.set(0, old.historyYounger());
    history.set(1, old.historyOlder());
    return new SuperblockV09(
        old.common().withFlags(ownFlags), old.currentUuid(), 0, 1, NO_NODE, peers, history);
  }

  static SuperblockV09 decode(ByteBuffer block) throws MetadataException {
    int maxPeers = block.getInt(MAX_PEERS);
    if (maxPeers < 1 || maxPeers > BitmapArea.SLOTS_MAX) {
      throw MetadataException.invalid(
          "bm_max_peers", Integer.toUnsignedString(maxPeers), "from 1 to " + BitmapArea.SLOTS_MAX);
    }
    int nodeId = block.getInt(NODE_ID);
    if (nodeId < NO_NODE || nodeId >= NODES) {
      throw MetadataException.invalid(
          "node_id", Integer.toString(nodeId), "from 0 to 31, or -1 for none");
    }
    List<PeerRecord> peers = new ArrayList<>(NODES);
    List<Long> history = new ArrayList<>(NODES);
    for (int node = 0; node < NODES; node++) {
      peers.add(decodePeer(block, node, maxPeers));
      history.add(block.getLong(HISTORY + node * Long.BYTES));
    }
    return new SuperblockV09(
        CommonFields.decode(block, DEVICE_UUID, AL_STRIPES),
        block.getLong(CURRENT),
        block.getLong(MEMBERS),
        maxPeers,
        nodeId,
        peers,
        history);
  }

  private static PeerRecord decodePeer(ByteBuffer block, int node, int maxPeers)
      throws MetadataException {
    int at = PEERS + node * PEER_BYTES;
    int index = block.getInt(at + PEER_BITMAP_INDEX);
    if (index < PeerRecord.NO_BITMAP || index >= maxPeers) {
      throw MetadataException.invalid(
          "peers[%d].bitmap_index".formatted(node),
          Integer.toString(index),
          "from 0 to %d (bm_max_peers - 1), or -1 for none".formatted(maxPeers - 1));
    }
    return new PeerRecord(
        block.getLong(at),
        block.getLong(at + PEER_DAGTAG),
        new PeerFlags(block.getInt(at + PEER_FLAGS)),
        index);
  }

  @Override
  public void encode(ByteBuffer target) {
    ByteBuffer block = target.slice(target.position(), BYTES);
    block.put(new byte[BYTES]);
    common.encode(block, DEVICE_UUID, AL_STRIPES);
    block.putInt(CommonFields.MAGIC, MAGIC_V09);
    block.putLong(CURRENT, currentUuid);
    block.putLong(MEMBERS, members);
    block.putInt(MAX_PEERS, maxPeers);
    block.putInt(NODE_ID, nodeId);
    for (int node = 0; node < NODES; node++) {
      PeerRecord peer = peers.get(node);
      int at = PEERS + node * PEER_BYTES;
      block.putLong(at, peer.bitmapUuid());
      block.putLong(at + PEER_DAGTAG, peer.bitmapDagtag());
      block.putInt(at + PEER_FLAGS, peer.flags().bits());
      block.putInt(at + PEER_BITMAP_INDEX, peer.bitmapIndex());
      block.putLong(HISTORY + node * Long.BYTES, historyUuids.get(node));
    }
    target.position(target.position() + BYTES);
  }

  @Override
  public FormatVersion version() {
    return FormatVersion.V09;
  }

  @Override
  public boolean isClean() {
    return flags().has(DeviceFlag.AL_CLEAN);
  }

  @Override
  public SuperblockV09 cleaned() {
    return withCommon(common.withFlags(flags().with(DeviceFlag.AL_CLEAN)));
  }

  @Override
  public SuperblockV09 withCommon(CommonFields fields) {
    return new SuperblockV09(fields, currentUuid, members, maxPeers, nodeId, peers, historyUuids);
  }

  @Override
  public SuperblockV09 withCurrentUuid(long uuid) {
    return new SuperblockV09(common, uuid, members, maxPeers, nodeId, peers, historyUuids);
  }

  public SuperblockV09 withNodeId(int id) {
    return new SuperblockV09(common, currentUuid, members, maxPeers, id, peers, historyUuids);
  }

  public SuperblockV09 withMembers(long mask) {
    return new SuperblockV09(common, currentUuid, mask, maxPeers, nodeId, peers, historyUuids);
  }

  public SuperblockV09 withPeers(List<PeerRecord> records) {
    return new SuperblockV09(common, currentUuid, members, maxPeers, nodeId, records, historyUuids);
  }

  /** The same with another record for one node. */
  public SuperblockV09 withPeer(int node, PeerRecord peer) {
    List<PeerRecord> changed = new ArrayList<>(peers);
    changed.set(node, peer);
    return withPeers(changed);
  }

  /** The lowest bitmap slot that no node has; empty where all are taken. */
  public OptionalInt freeSlot() {
    return IntStream.range(0, maxPeers)
        .filter(slot -> peers.stream().noneMatch(peer -> peer.bitmapIndex() == slot))
        .findFirst();
  }

  public SuperblockV09 withHistoryUuids(List<Long> history) {
    return new SuperblockV09(common, currentUuid, members, maxPeers, nodeId, peers, history);
  }
}
