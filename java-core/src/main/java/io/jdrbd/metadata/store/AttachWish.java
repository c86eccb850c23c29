package io.jdrbd.metadata.store;

import java.util.List;
import java.util.OptionalLong;

/**
 * How a disk is to be attached.
 *
 * @param nodeId the own node id, 0 to 31; of no meaning for v08
 * @param dataDeviceBytes size of the device that holds the data, internal metadata included
 * @param sizeSectors the configured size; empty where the disk decides
 * @param peersWithBitmap node ids of the configured peers that get a bitmap slot
 * @param alExtents wanted size of the active set
 */
public record AttachWish(
    int nodeId,
    long dataDeviceBytes,
    OptionalLong sizeSectors,
    List<Integer> peersWithBitmap,
    int alExtents) {
  public AttachWish {
    peersWithBitmap = List.copyOf(peersWithBitmap);
  }
}
