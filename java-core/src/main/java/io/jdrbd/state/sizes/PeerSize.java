package io.jdrbd.state.sizes;

/**
 * What is known of a peer's disk.
 *
 * @param nodeId of the peer
 * @param lastSectors the last size above zero that it ever told
 * @param heard whether it told its size on its present connection
 * @param latestSectors what it told last, zero as well
 * @param seenWithDisk whether it was ever seen with a disk, by the metadata
 */
public record PeerSize(
    int nodeId, long lastSectors, boolean heard, long latestSectors, boolean seenWithDisk) {}
