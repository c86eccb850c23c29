package io.jdrbd.metadata.tool;

import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.FormatV07;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerFlags;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.store.MetadataStore;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** create-md: looks at what is there, asks, and writes the superblock last (spec 5.10.3). */
final class Creation {
  private static final int BLOCK_KIB = 4;

  private final MetadataStore store;
  private final FormatVersion version;
  private final Console console;
  private final Consent consent;

  Creation(MetadataStore store, FormatVersion version, Console console, Consent consent) {
    this.store = store;
    this.version = version;
    this.console = console;
    this.consent = consent;
  }

  Superblock run(CreateOptions options) throws IOException, ToolException {
    checkDevice();
    refuseOldFormat();
    Optional<Superblock> existing = consent.metadata();
    if (existing.isPresent()) {
      Superblock old = existing.get();
      if (old instanceof SuperblockV08 eight
          && version == FormatVersion.V09
          && console.confirm("Valid v08 meta-data found, convert to v09?")) {
        return convert(eight);
      }
      String question =
          old.version() == version
              ? "Do you really want to overwrite the existing meta-data?"
              : "Do you want to replace the %s meta-data with newly initialized %s meta-data?"
                  .formatted(old.version().text(), version.text());
      consent.ask(question);
    }
    Layout layout =
        Layout.of(
            store.placement(),
            store.medium().sizeBytes(),
            new BitmapArea(options.maxPeers(), options.granularity()),
            options.al());
    checkLayout(store, layout, options.al());
    consent.toContents(layout);
    return write(created(options, layout), layout);
  }

  /** Whether there is room for an activity log of this shape, and whether it can be read back. */
  static void checkLayout(MetadataStore store, Layout layout, AlGeometry al) throws ToolException {
    boolean fixed =
        store.placement() instanceof Placement.Indexed && !al.equals(AlGeometry.DEFAULT);
    boolean fits = layout.firstByte() >= 0 && layout.bitmapSectors() > 0;
    if (fixed || !fits || al.blocks() > MetadataStore.LOG_BLOCKS_MAX) {
      throw new ToolException(
          ToolException.BAD_INPUT,
          "an activity log of %d stripes of %d KiB: %s"
              .formatted(
                  al.stripes(),
                  al.stripeBlocks() * BLOCK_KIB,
                  fixed
                      ? "a region with an index has one stripe of 32 KiB"
                      : "must have at most 32 MiB, and leave room on the device"));
    }
  }

  private void checkDevice() throws ToolException {
    if (store.medium().sizeBytes() < ExistingData.LOOK_BYTES) {
      throw new ToolException(
          ToolException.BAD_INPUT,
          "%s: %d bytes are too few for metadata, which needs at least %d"
              .formatted(
                  store.medium().description(),
                  store.medium().sizeBytes(),
                  ExistingData.LOOK_BYTES));
    }
  }

  /** Whoever has such metadata has data behind it that only drbdmeta can take over. */
  private void refuseOldFormat() throws IOException, ToolException {
    OptionalLong found = store.findFormatV07();
    if (found.isPresent()) {
      throw Consent.refused(
          FormatV07.refused(store.medium().description(), found.getAsLong()).getMessage());
    }
  }

  private Superblock convert(SuperblockV08 old) throws IOException {
    console.print("Converting meta data...\n");
    Superblock converted = SuperblockV09.converted(old);
    store.writeNewSuperblock(converted);
    return converted;
  }

  private Superblock created(CreateOptions options, Layout layout) {
    CommonFields common =
        CommonFields.created(
                layout, options.granularity(), options.al(), options.effectiveSizeSectors())
            .withPeerMaxBio(options.peerMaxBioBytes());
    return switch (version) {
      case V08 -> SuperblockV08.created(common);
      case V09 -> withPeers(SuperblockV09.created(common, options.maxPeers()), options);
    };
  }

  private static SuperblockV09 withPeers(SuperblockV09 superblock, CreateOptions options) {
    SuperblockV09 changed = superblock;
    for (int node = 0; node < SuperblockV09.NODES; node++) {
      if ((options.peersWithDisk() >>> node & 1) != 0) {
        changed =
            changed.withPeer(
                node, PeerRecord.UNUSED.withFlags(PeerFlags.NONE.with(PeerFlag.DEVICE_SEEN)));
      }
    }
    return changed;
  }

  /** An interrupted creation leaves no superblock, or an old one whose data is gone anyway. */
  private Superblock write(Superblock superblock, Layout layout) throws IOException {
    console.print("initializing activity log\n");
    store.initialiseLog(superblock);
    long bitmapBytes = Sectors.toBytes(layout.bitmapSectors());
    console.print("initializing bitmap (%d KB) to all zero\n".formatted(bitmapBytes / 1024));
    store.zero(layout.bitmapOffsetBytes(), bitmapBytes);
    console.print("Writing meta data...\n");
    store.writeNewSuperblock(superblock);
    console.print("New drbd meta data block successfully created.\n");
    return superblock;
  }
}
