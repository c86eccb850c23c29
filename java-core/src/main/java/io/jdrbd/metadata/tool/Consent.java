package io.jdrbd.metadata.tool;

import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.store.MetadataStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What is on a device before metadata is written there: it is looked for, shown, and either asked
 * about or a reason to refuse (spec 5.10.3).
 */
final class Consent {
  private final MetadataStore store;
  private final Console console;
  private final boolean ignoresSanityChecks;

  /**
   * @param ignoresSanityChecks what is recognised, but may not be overwritten whatever its size, is
   *     only asked about
   */
  Consent(MetadataStore store, Console console, boolean ignoresSanityChecks) {
    this.store = store;
    this.console = console;
    this.ignoresSanityChecks = ignoresSanityChecks;
  }

  /** Metadata that is there and could be used. */
  Optional<Superblock> metadata() throws IOException {
    try {
      return Optional.of(store.readSuperblock());
    } catch (MetadataException none) {
      return Optional.empty();
    }
  }

  /** Ends the command unless the answer is yes. */
  void ask(String question) throws ToolException {
    if (!console.confirm(question)) {
      throw new ToolException(ToolException.CANCELLED, "Operation cancelled.");
    }
  }

  /** Looks at the beginning of the device, where metadata will be in this layout. */
  void toContents(Layout layout) throws IOException, ToolException {
    ByteBuffer start = ByteBuffer.allocate(ExistingData.LOOK_BYTES);
    store.medium().read(0, start);
    Optional<ExistingData> found = ExistingData.look(start.flip());
    if (found.isEmpty()) {
      return;
    }
    ExistingData data = found.get();
    console.print(
        "md_offset %d\nal_offset %d\nbm_offset %d\n\nFound %s\n"
            .formatted(
                layout.superblockOffsetBytes(),
                layout.alOffsetBytes(),
                layout.bitmapOffsetBytes(),
                data.name()));
    if (data.recognised()) {
      checkRecognised(data, layout.firstByte() / 1024);
    }
    ask("Do you want to proceed?");
  }

  private void checkRecognised(ExistingData data, long leftKib) throws ToolException {
    boolean external = !(store.placement() instanceof Placement.Internal);
    if (external && !ignoresSanityChecks) {
      throw refused(
          "creating metadata here would destroy the %s; --ignore-sanity-checks does it all the same"
              .formatted(data.name()));
    }
    if (external) {
      return;
    }
    if (data.usedKib().isEmpty() && !ignoresSanityChecks) {
      throw refused(
          "the %s may use all of the device: use external metadata or zero the device; --ignore-sanity-checks does it all the same"
              .formatted(data.name()));
    }
    if (data.usedKib().isPresent() && data.usedKib().getAsLong() > leftKib) {
      throw refused(
          "the %s uses %d kB of the device, and %d kB are left before the metadata: use external metadata, shrink it first, or zero the device"
              .formatted(data.name(), data.usedKib().getAsLong(), leftKib));
    }
  }

  static ToolException refused(String why) {
    return new ToolException(ToolException.REFUSED, "Operation refused: " + why);
  }
}
