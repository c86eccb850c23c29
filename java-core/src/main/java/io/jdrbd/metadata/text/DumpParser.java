package io.jdrbd.metadata.text;

import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.PeerFlags;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.text.DumpFile.Run;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads a dump for restore-md (grammar: spec 5.10.5). Also reads dumps without "members". */
public final class DumpParser {
  private static final int MAX_PEERS = 31;

  private final DumpScanner scanner;

  private DumpParser(DumpScanner scanner) {
    this.scanner = scanner;
  }

  /**
   * Reads a whole dump.
   *
   * @throws DumpFormatException naming the line and what would be right there
   */
  public static DumpFile parse(Reader input) throws IOException, DumpFormatException {
    return new DumpParser(new DumpScanner(input)).dump();
  }

  private DumpFile dump() throws IOException, DumpFormatException {
    scanner.expect("version");
    FormatVersion version =
        FormatVersion.parse(scanner.string())
            .orElseThrow(() -> scanner.unexpected("version \"v08\" or \"v09\""));
    scanner.expect(";");
    DumpFile file =
        switch (version) {
          case V08 -> v08();
          case V09 -> v09();
        };
    scanner.expectEnd();
    return file;
  }

  private DumpFile v08() throws IOException, DumpFormatException {
    scanner.expect("uuid", "{");
    long[] uuids = new long[4];
    for (int index = 0; index < uuids.length; index++) {
      uuids[index] = u64Statement();
    }
    DeviceFlags flags = new DeviceFlags(flags());
    scanner.expect("}");
    CommonFields common = common(flags);
    scanner.expect("bm");
    List<Run> bitmap = bits();
    return new DumpFile(
        new SuperblockV08(common, true, uuids[0], uuids[1], uuids[2], uuids[3]), List.of(bitmap));
  }

  private DumpFile v09() throws IOException, DumpFormatException {
    int maxPeers = (int) numberStatement("max-peers", 1, MAX_PEERS);
    int nodeId = (int) numberStatement("node-id", SuperblockV09.NO_NODE, SuperblockV09.NODES - 1);
    scanner.expect("current-uuid");
    long current = u64Statement();
    DeviceFlags flags = new DeviceFlags(flags());
    long members = 0;
    if (scanner.accept("members")) {
      members = u64Statement();
    }
    List<PeerRecord> peers = peers(maxPeers);
    List<Long> history = history();
    CommonFields common = common(flags);
    List<List<Run>> bitmaps = new ArrayList<>();
    for (int slot = 0; slot < maxPeers; slot++) {
      scanner.expect("bitmap", "[");
      scanner.number("bitmap", slot, slot);
      scanner.expect("]");
      bitmaps.add(bits());
    }
    return new DumpFile(
        new SuperblockV09(common, current, members, maxPeers, nodeId, peers, history), bitmaps);
  }

  private List<PeerRecord> peers(int maxPeers) throws IOException, DumpFormatException {
    List<PeerRecord> peers =
        new ArrayList<>(Collections.nCopies(SuperblockV09.NODES, PeerRecord.UNUSED));
    boolean[] seen = new boolean[SuperblockV09.NODES];
    for (int count = 0; count < SuperblockV09.NODES; count++) {
      scanner.expect("peer", "[");
      int node = (int) scanner.number("node id of a peer", 0, SuperblockV09.NODES - 1);
      if (seen[node]) {
        throw scanner.unexpected("each peer once, and peer %d is there already".formatted(node));
      }
      seen[node] = true;
      scanner.expect("]", "{");
      int index = (int) numberStatement("bitmap-index", PeerRecord.NO_BITMAP, maxPeers - 1);
      scanner.expect("bitmap-uuid");
      long uuid = u64Statement();
      scanner.expect("bitmap-dagtag");
      long dagtag = u64Statement();
      peers.set(node, new PeerRecord(uuid, dagtag, new PeerFlags(flags()), index));
      scanner.expect("}");
    }
    return peers;
  }

  private List<Long> history() throws IOException, DumpFormatException {
    scanner.expect("history-uuids", "{");
    List<Long> history = new ArrayList<>();
    for (int count = 0; count < SuperblockV09.NODES; count++) {
      history.add(u64Statement());
    }
    scanner.expect("}");
    return history;
  }

  private CommonFields common(DeviceFlags flags) throws IOException, DumpFormatException {
    long size = numberStatement("la-size-sect", 0, Long.MAX_VALUE);
    long bytesPerBit = numberStatement("bm-byte-per-bit", 0, Integer.MAX_VALUE);
    if (!BitGranularity.isValid(bytesPerBit)) {
      throw scanner.unexpected("bm-byte-per-bit to be a power of two from 4096 to 1048576");
    }
    scanner.expect("device-uuid");
    long deviceUuid = u64Statement();
    int maxBio = (int) numberStatement("la-peer-max-bio-size", 0, Integer.MAX_VALUE);
    long stripes = numberStatement("al-stripes", 0, Integer.MAX_VALUE);
    long stripeBlocks = numberStatement("al-stripe-size-4k", 0, Integer.MAX_VALUE);
    if (!AlGeometry.isValid(stripes, stripeBlocks)) {
      throw scanner.unexpected("al-stripes times al-stripe-size-4k to be from 8 to 4194304");
    }
    return new CommonFields(
        size,
        deviceUuid,
        flags,
        0,
        0,
        CommonFields.AL_EXTENTS_CREATED,
        0,
        new BitGranularity((int) bytesPerBit),
        maxBio,
        new AlGeometry((int) stripes, (int) stripeBlocks));
  }

  private List<Run> bits() throws IOException, DumpFormatException {
    List<Run> runs = new ArrayList<>();
    scanner.expect("{");
    while (!scanner.accept("}")) {
      if (scanner.isU64()) {
        runs.add(new Run(1, u64Statement()));
      } else {
        long count = scanner.number("a word, or how often one is repeated", 1, Long.MAX_VALUE);
        scanner.expect("times");
        runs.add(new Run(count, u64Statement()));
      }
    }
    return runs;
  }

  private int flags() throws IOException, DumpFormatException {
    scanner.expect("flags");
    int bits = scanner.u32();
    scanner.expect(";");
    return bits;
  }

  private long u64Statement() throws IOException, DumpFormatException {
    long value = scanner.u64();
    scanner.expect(";");
    return value;
  }

  private long numberStatement(String keyword, long least, long most)
      throws IOException, DumpFormatException {
    scanner.expect(keyword);
    long value = scanner.number(keyword, least, most);
    scanner.expect(";");
    return value;
  }
}
