package io.jdrbd.metadata.tool;

import io.jdrbd.metadata.format.ActiveSet;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.AlReplay;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.SuperblockRules;
import io.jdrbd.metadata.store.LogApplication;
import io.jdrbd.metadata.store.MediumWords;
import io.jdrbd.metadata.store.MetadataMove;
import io.jdrbd.metadata.store.MetadataStore;
import io.jdrbd.metadata.text.DumpFile;
import io.jdrbd.metadata.text.DumpFormatException;
import io.jdrbd.metadata.text.DumpParser;
import io.jdrbd.metadata.text.DumpWriter;
import io.jdrbd.metadata.text.GiText;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The commands of {@code drbdmeta} on one disk that is not in use. Output is drbdmeta's; errors are
 * {@link ToolException}s with drbdmeta's exit codes and a text of their own.
 */
public final class MetadataTool {
  private final MetadataStore store;
  private final FormatVersion version;
  private final Console console;

  /**
   * @param store the disk
   * @param version the format that the person named; another one on the disk is an error
   */
  public MetadataTool(MetadataStore store, FormatVersion version, Console console) {
    this.store = store;
    this.version = version;
    this.console = console;
  }

  /** create-md. */
  public void create(CreateOptions options) throws IOException, ToolException {
    Consent consent = new Consent(store, console, options.ignoreSanityChecks());
    new Creation(store, version, console, consent).run(options);
  }

  /**
   * dump-md.
   *
   * @param header what comes before, as {@link DumpWriter#header} makes it
   * @param force dump also where the activity log was not applied
   */
  public void dump(Appendable out, CharSequence header, boolean force)
      throws IOException, ToolException {
    Superblock superblock = read();
    if (!superblock.isClean() && !force) {
      throw new ToolException(
          ToolException.NO_METADATA, "Found meta data is \"unclean\", please apply-al first");
    }
    out.append(header);
    new DumpWriter(out)
        .dump(superblock, store.layout(superblock), new MediumWords(store, superblock));
  }

  /**
   * restore-md. The activity log is left as it is; apply-al has to follow.
   *
   * @param al the shape that it is to have; empty for that of the dump
   * @param ignoreSanityChecks as for new metadata
   */
  public void restore(Reader input, Optional<AlGeometry> al, boolean ignoreSanityChecks)
      throws IOException, ToolException {
    Consent consent = new Consent(store, console, ignoreSanityChecks);
    Restoration.run(store, parsed(input), al, consent);
    console.print("Successfully restored meta data\n");
  }

  /** verify-dump: whether a dump could be restored, as far as its text goes. */
  public void verify(Reader input) throws IOException, ToolException {
    parsed(input);
  }

  private DumpFile parsed(Reader input) throws IOException, ToolException {
    DumpFile dump;
    try {
      dump = DumpParser.parse(input);
    } catch (DumpFormatException problem) {
      throw new ToolException(ToolException.BAD_INPUT, problem.getMessage());
    }
    if (dump.superblock().version() != version) {
      throw new ToolException(
          ToolException.BAD_INPUT,
          "dump is of format %s, but %s was asked for"
              .formatted(dump.superblock().version().text(), version.text()));
    }
    return dump;
  }

  /** apply-al. */
  public void applyLog() throws IOException, ToolException {
    Superblock superblock = read();
    try {
      ActiveSet found = AlReplay.read(store.readLog(superblock), superblock.common().al());
      if (found instanceof ActiveSet.Unusable(String problem, boolean anyValid)
          && superblock.flags().has(DeviceFlag.PRIMARY_IND)) {
        throw new ToolException(
            anyValid ? ToolException.LOG_INCONSISTENT : ToolException.CANCELLED, problem);
      }
      LogApplication.apply(store).bitmap().release();
    } catch (MetadataException problem) {
      throw new ToolException(ToolException.NO_METADATA, problem.getMessage());
    }
  }

  /**
   * check-resize: finds internal metadata where a device ended before it grew, and moves it to the
   * present end.
   *
   * @param memo what is remembered of the device; empty for nothing
   */
  public void checkResize(Optional<LastKnownSize> memo) throws IOException, ToolException {
    if (!(store.placement() instanceof Placement.Internal)) {
      throw new ToolException(
          ToolException.CANCELLED, "only internal metadata moves when a device grows");
    }
    try {
      store.readSuperblock();
      return;
    } catch (MetadataException none) {
      long formerBytes =
          memo.orElseThrow(() -> notFound(none.getMessage() + "; no former size is known"))
              .sizeBytes();
      moveFrom(formerBytes, memo.get());
    }
  }

  private void moveFrom(long formerBytes, LastKnownSize memo) throws IOException, ToolException {
    try {
      Superblock found = MetadataMove.look(store, formerBytes);
      if (!memo.mayBe(found.common().deviceUuid())
          && !console.confirm(
              "The device once had %d bytes and metadata %016X, but there it is %016X. Move it?"
                  .formatted(formerBytes, memo.deviceUuid(), found.common().deviceUuid()))) {
        throw new ToolException(ToolException.CANCELLED, "Operation cancelled.");
      }
      MetadataMove.move(store, formerBytes);
    } catch (MetadataException problem) {
      throw notFound(problem.getMessage());
    }
    console.print("Internal drbd meta data successfully moved.\n");
  }

  private static ToolException notFound(String why) {
    return new ToolException(ToolException.CANCELLED, "no suitable meta data found: " + why);
  }

  /**
   * What to remember of the device; empty where its metadata is not internal, or not there.
   *
   * @param device its path
   */
  public Optional<LastKnownSize> memo(String device) throws IOException {
    try {
      Superblock found = store.readSuperblock();
      return store.placement() instanceof Placement.Internal
          ? Optional.of(
              new LastKnownSize(store.medium().sizeBytes(), device, found.common().deviceUuid()))
          : Optional.empty();
    } catch (MetadataException none) {
      return Optional.empty();
    }
  }

  /** wipe-md: the superblock becomes zeroes. */
  public void wipe() throws IOException, ToolException {
    read();
    if (!console.confirm("Do you really want to wipe out the DRBD meta data?")) {
      throw new ToolException(ToolException.CANCELLED, "Operation cancelled.");
    }
    console.print("Wiping meta data...\n");
    store.zero(store.superblockOffsetBytes(), Superblock.BYTES);
    store.medium().flush();
    console.print("DRBD meta data block successfully wiped out.\n");
  }

  /** outdate: the data is consistent but not the newest. */
  public void outdate() throws IOException, ToolException {
    Superblock superblock = read();
    if (!superblock.flags().has(DeviceFlag.CONSISTENT)) {
      throw new ToolException(
          ToolException.INCONSISTENT, "an Inconsistent disk cannot become Outdated");
    }
    write(superblock.withFlags(superblock.flags().without(DeviceFlag.WAS_UP_TO_DATE)));
  }

  /** invalidate: the data is worth nothing; everything has to come from a peer. */
  public void invalidate() throws IOException, ToolException {
    Superblock superblock = read();
    DeviceFlags flags =
        superblock.flags().without(DeviceFlag.CONSISTENT).without(DeviceFlag.WAS_UP_TO_DATE);
    switch (superblock) {
      case SuperblockV08 v08 -> write(v08.withFlags(flags.with(DeviceFlag.FULL_SYNC)));
      case SuperblockV09 v09 -> {
        List<PeerRecord> peers = new ArrayList<>();
        for (PeerRecord peer : v09.peers()) {
          peers.add(peer.withFlags(peer.flags().with(PeerFlag.FULL_SYNC)));
        }
        write(v09.withPeers(peers).withFlags(flags));
      }
    }
  }

  /** dstate: the disk state that an attach would begin with. */
  public String diskState() throws IOException, ToolException {
    DeviceFlags flags = read().flags();
    if (!flags.has(DeviceFlag.CONSISTENT)) {
      return "Inconsistent";
    }
    if (!flags.has(DeviceFlag.WAS_UP_TO_DATE)) {
      return "Outdated";
    }
    return flags.has(DeviceFlag.PEER_OUT_DATED) ? "UpToDate" : "Consistent";
  }

  /** get-gi, without the line's end. */
  public String generations(int node) throws IOException, ToolException {
    return GiText.line(read(), node);
  }

  /** show-gi. */
  public String generationsDrawn(int node) throws IOException, ToolException {
    return GiText.drawing(read(), node);
  }

  /** set-gi. */
  public void setGenerations(int node, String text) throws IOException, ToolException {
    Superblock superblock = read();
    Superblock changed;
    try {
      changed = GiText.parse(superblock, node, text);
    } catch (IllegalArgumentException problem) {
      throw new ToolException(ToolException.BAD_INPUT, "set-gi: " + problem.getMessage());
    }
    console.print(
        "previously %s\nset GI to  %s\n"
            .formatted(GiText.line(superblock, node), GiText.line(changed, node)));
    if (!console.confirm("Write new GI to disk?")) {
      throw new ToolException(ToolException.CANCELLED, "Operation cancelled.");
    }
    write(changed);
  }

  /** read-dev-uuid. */
  public String deviceUuid() throws IOException, ToolException {
    return "%016X".formatted(read().common().deviceUuid());
  }

  /** write-dev-uuid. */
  public void setDeviceUuid(long uuid) throws IOException, ToolException {
    Superblock superblock = read();
    write(superblock.withCommon(superblock.common().withDeviceUuid(uuid)));
  }

  /** forget-peer: the node's record becomes like that of a node never seen. Bits stay. */
  public void forgetPeer(int node) throws IOException, ToolException {
    if (!(read() instanceof SuperblockV09 superblock)) {
      throw new ToolException(ToolException.BAD_INPUT, "forget-peer needs format v09");
    }
    write(SuperblockRules.withoutPeer(superblock, node));
  }

  private Superblock read() throws IOException, ToolException {
    try {
      Superblock superblock = store.readSuperblock();
      if (superblock.version() != version) {
        throw new ToolException(
            ToolException.NO_METADATA,
            "%s: metadata has format %s, but %s was asked for"
                .formatted(
                    store.medium().description(), superblock.version().text(), version.text()));
      }
      return superblock;
    } catch (MetadataException problem) {
      throw new ToolException(
          ToolException.NO_METADATA, "No valid meta data found: " + problem.getMessage());
    }
  }

  private void write(Superblock superblock) throws IOException {
    store.writeSuperblock(superblock);
  }
}
