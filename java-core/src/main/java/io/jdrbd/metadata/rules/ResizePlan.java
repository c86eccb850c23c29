package io.jdrbd.metadata.rules;

import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.MetadataException.Reason;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;

/**
 * What a resize of a disk in use comes to (spec 5.9.1).
 *
 * @param layout where the metadata will be
 * @param sizeSectors of the data; never less than before
 * @param held whether it would be more, had a peer that is away not had a disk
 */
public record ResizePlan(Layout layout, long sizeSectors, boolean held) {

  /**
   * The devices as they are by now, and what is wished for.
   *
   * @param dataSectors size of the device with the data, internal metadata included
   * @param metadataBytes size of the device with the metadata
   * @param wishSectors the size that was asked for; 0 for all there is
   * @param peersHold whether a peer that is away had a disk, which may not have the room
   */
  public record Facts(long dataSectors, long metadataBytes, long wishSectors, boolean peersHold) {}

  /**
   * Decides.
   *
   * @param presentSectors size of the data so far
   * @param present where the metadata is
   * @throws MetadataException naming the sizes: a disk in use does not shrink, and cannot become
   *     larger than its device
   */
  public static ResizePlan of(
      Superblock superblock, Placement placement, Layout present, long presentSectors, Facts facts)
      throws MetadataException {
    Layout layout = layout(superblock, placement, present, facts.metadataBytes());
    long most = layout.dataSectorsMax(facts.dataSectors(), superblock.area());
    if (facts.wishSectors() > most) {
      throw new MetadataException(
          Reason.DISK_TOO_SMALL,
          "a size of %d sectors is asked for, but the disk has only %d"
              .formatted(facts.wishSectors(), most));
    }
    long wanted = facts.wishSectors() == 0 ? most : facts.wishSectors();
    if (wanted < presentSectors) {
      throw shrinks("has %d sectors".formatted(presentSectors), wanted + " sectors");
    }
    boolean held = facts.peersHold() && wanted > presentSectors;
    return new ResizePlan(layout, held ? presentSectors : wanted, held);
  }

  private static Layout layout(
      Superblock superblock, Placement placement, Layout present, long metadataBytes)
      throws MetadataException {
    Layout layout =
        Layout.of(placement, metadataBytes, superblock.area(), superblock.common().al());
    return switch (placement) {
      case Placement.Internal() -> {
        if (layout.superblockOffsetBytes() < present.superblockOffsetBytes()) {
          throw shrinks(
              "has metadata up to byte %d".formatted(present.endByte()), metadataBytes + " bytes");
        }
        boolean stays = layout.superblockOffsetBytes() == present.superblockOffsetBytes();
        yield stays ? present : layout;
      }
      case Placement.Flexible() -> {
        if (metadataBytes < Sectors.toBytes(present.sizeSectors())) {
          throw shrinks(
              "has metadata of %d sectors".formatted(present.sizeSectors()),
              metadataBytes + " bytes");
        }
        yield layout;
      }
      case Placement.Indexed ignored -> present;
    };
  }

  private static MetadataException shrinks(String present, String left) {
    return new MetadataException(
        Reason.IMPLICIT_SHRINK,
        "a disk in use cannot shrink: it %s, and would have only %s left".formatted(present, left));
  }
}
