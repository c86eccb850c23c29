package io.jdrbd.metadata.text;

import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerFlags;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes what {@code drbdmeta dump-md} (drbd-utils 9.34) prints, to the byte (spec 5.10.4). */
public final class DumpWriter {
  private static final int UUIDS_PER_LINE = 4;

  /** Flag names in the order in which they are printed. */
  private static final List<String> PEER_FLAG_NAMES =
      List.of("connected", "<=outdated", "fencing", "full-sync", "seen", "exists");

  private static final List<PeerFlag> PEER_FLAGS = List.of(PeerFlag.values());

  private final Appendable out;

  /**
   * @param out receives the text
   */
  public DumpWriter(Appendable out) {
    this.out = out;
  }

  /**
   * Writes the four lines before the dump and the empty one behind them.
   *
   * @param date as {@code 2026-11-22 14:06:40 +0000 [1795356400]}
   * @param host the node's name
   * @param command the command line that made the dump
   */
  public void header(String date, String host, String command) throws IOException {
    out.append("# DRBD meta data dump\n# %s\n# %s> %s\n#\n\n".formatted(date, host, command));
  }

  /**
   * Writes everything from the version on.
   *
   * @param superblock what to describe
   * @param layout where it was found
   * @param words the bitmap area
   */
  public void dump(Superblock superblock, Layout layout, WordSource words) throws IOException {
    out.append("version \"%s\";\n\n".formatted(superblock.version().text()));
    if (!superblock.isClean()) {
      out.append("This_is_an_unclean_meta_data_dump._Don't_trust_the_bitmap.\n");
      out.append("# You should \"apply-al\" first, if you plan to restore this.\n\n");
    }
    if (superblock instanceof SuperblockV09 v09) {
      out.append("max-peers %d;\n".formatted(v09.maxPeers()));
    }
    places(layout);
    switch (superblock) {
      case SuperblockV08 v08 -> identifiers(v08);
      case SuperblockV09 v09 -> identifiers(v09);
    }
    common(superblock.common());
    bitmaps(superblock, words);
  }

  private void places(Layout layout) throws IOException {
    out.append("# md_size_sect %d\n".formatted(layout.sizeSectors()));
    out.append("# md_offset %d\n".formatted(layout.superblockOffsetBytes()));
    out.append("# al_offset %d\n".formatted(layout.alOffsetBytes()));
    out.append("# bm_offset %d\n\n".formatted(layout.bitmapOffsetBytes()));
  }

  private void identifiers(SuperblockV08 superblock) throws IOException {
    out.append("uuid {\n    ");
    out.append(
        "0x%016X; 0x%016X; 0x%016X; 0x%016X;\n"
            .formatted(
                superblock.currentUuid(),
                superblock.bitmapUuid(),
                superblock.historyYounger(),
                superblock.historyOlder()));
    out.append("    flags 0x%08X;\n}\n".formatted(superblock.flags().bits()));
  }

  private void identifiers(SuperblockV09 superblock) throws IOException {
    out.append("node-id %d;\n".formatted(superblock.nodeId()));
    out.append("current-uuid 0x%016X;\n".formatted(superblock.currentUuid()));
    out.append("flags 0x%08X;\n".formatted(superblock.flags().bits()));
    out.append("members 0x%016X;\n".formatted(superblock.members()));
    for (int node = 0; node < SuperblockV09.NODES; node++) {
      peer(node, superblock.peers().get(node));
    }
    out.append("history-uuids {");
    for (int index = 0; index < SuperblockV09.NODES; index++) {
      out.append(index % UUIDS_PER_LINE == 0 ? "\n       " : "");
      out.append(" 0x%016X;".formatted(superblock.historyUuids().get(index)));
    }
    out.append("\n}\n");
  }

  private void peer(int node, PeerRecord peer) throws IOException {
    out.append("peer[%d] {\n".formatted(node));
    out.append("    bitmap-index %d;\n".formatted(peer.bitmapIndex()));
    out.append("    bitmap-uuid 0x%016X;\n".formatted(peer.bitmapUuid()));
    out.append("    bitmap-dagtag 0x%016X;\n".formatted(peer.bitmapDagtag()));
    out.append("    flags 0x%08X;%s\n".formatted(peer.flags().bits(), names(peer.flags())));
    out.append("}\n");
  }

  private static String names(PeerFlags flags) {
    List<String> names = new ArrayList<>();
    int rest = flags.bits();
    for (int index = 0; index < PEER_FLAGS.size(); index++) {
      PeerFlag flag = PEER_FLAGS.get(index);
      if (flags.has(flag)) {
        names.add(PEER_FLAG_NAMES.get(index));
        rest &= ~flag.mask();
      }
    }
    for (; rest != 0; rest &= rest - 1) {
      names.add("0x%x=?".formatted(Integer.lowestOneBit(rest)));
    }
    return names.isEmpty() ? "" : " # " + String.join(" | ", names);
  }

  private void common(CommonFields fields) throws IOException {
    out.append("# al-extents %d;\n".formatted(fields.alExtents()));
    out.append("la-size-sect %d;\n".formatted(fields.effectiveSizeSectors()));
    out.append("bm-byte-per-bit %d;\n".formatted(fields.granularity().bytesPerBit()));
    out.append("device-uuid 0x%016X;\n".formatted(fields.deviceUuid()));
    out.append("la-peer-max-bio-size %d;\n".formatted(fields.peerMaxBioBytes()));
    out.append("al-stripes %d;\n".formatted(fields.al().stripes()));
    out.append("al-stripe-size-4k %d;\n".formatted(fields.al().stripeBlocks()));
  }

  private void bitmaps(Superblock superblock, WordSource words) throws IOException {
    long bytes = superblock.area().sizeBytes(superblock.common().effectiveSizeSectors());
    out.append("# bm-bytes %d;\n".formatted(bytes));
    long bitsSet = 0;
    for (int slot = 0; slot < superblock.maxPeers(); slot++) {
      out.append(superblock instanceof SuperblockV08 ? "bm {" : "bitmap[%d] {".formatted(slot));
      bitsSet =
          new BitmapText(out, words, superblock.maxPeers(), slot, bytes / Integer.BYTES).write();
      out.append("\n}\n");
    }
    out.append("# bits-set %d;\n".formatted(bitsSet));
  }
}
