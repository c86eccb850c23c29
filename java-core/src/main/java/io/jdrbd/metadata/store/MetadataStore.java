package io.jdrbd.metadata.store;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlBlock;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.FormatV07;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.LayoutRules;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.MetadataException.Reason;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** The metadata of one disk, read and written part by part. */
public final class MetadataStore {
  /** The largest activity log that is read back: as much as drbdmeta reads. */
  public static final int LOG_BLOCKS_MAX = 8192;

  /** Bitmaps are read and written in pieces of this size. */
  private static final int CHUNK_BYTES = 1 << 20;

  private final MetadataMedium medium;
  private final Placement placement;

  /**
   * @param medium the device that holds the metadata
   * @param placement where on it
   */
  public MetadataStore(MetadataMedium medium, Placement placement) {
    this.medium = medium;
    this.placement = placement;
  }

  public MetadataMedium medium() {
    return medium;
  }

  public Placement placement() {
    return placement;
  }

  /** Where the superblock belongs on this device. */
  public long superblockOffsetBytes() {
    return placement.superblockOffsetBytes(medium.sizeBytes());
  }

  /** The layout that a superblock describes on this device. */
  public Layout layout(Superblock superblock) {
    return superblock.layout(superblockOffsetBytes());
  }

  /**
   * Reads the superblock and checks it by itself and against the device.
   *
   * @throws MetadataException naming device, field and what would be right
   */
  public Superblock readSuperblock() throws IOException, MetadataException {
    long offset = superblockOffsetBytes();
    if (offset < 0 || offset + Superblock.BYTES > medium.sizeBytes()) {
      throw new MetadataException(
          Reason.METADATA_DISK_TOO_SMALL,
          "%s: %d bytes are too few for metadata at offset %d"
              .formatted(medium.description(), medium.sizeBytes(), offset));
    }
    OptionalLong old = findFormatV07();
    if (old.isPresent()) {
      throw FormatV07.refused(medium.description(), old.getAsLong());
    }
    try {
      Superblock superblock = Superblock.decode(block(offset));
      LayoutRules.check(placement, medium.sizeBytes(), superblock);
      return superblock;
    } catch (MetadataException problem) {
      throw new MetadataException(
          problem.reason(),
          "%s, superblock at byte %d: %s"
              .formatted(medium.description(), offset, problem.getMessage()));
    }
  }

  /**
   * Looks for metadata of DRBD 0.7, which is where other metadata is or, if it is internal,
   * elsewhere.
   *
   * @return where it begins; empty where there is none, or metadata that can be read
   */
  public OptionalLong findFormatV07() throws IOException {
    long offset = superblockOffsetBytes();
    if (Superblock.isKnown(block(offset))) {
      return OptionalLong.empty();
    }
    long internal = FormatV07.internalOffsetBytes(medium.sizeBytes());
    if (FormatV07.isSuperblock(block(offset))) {
      return OptionalLong.of(offset);
    }
    boolean found =
        placement instanceof Placement.Internal
            && internal >= 0
            && FormatV07.isSuperblock(block(internal));
    return found ? OptionalLong.of(internal) : OptionalLong.empty();
  }

  private ByteBuffer block(long offsetBytes) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(Superblock.BYTES);
    medium.read(offsetBytes, block);
    return block.flip();
  }

  /** Writes the superblock after everything that was written before it, durably. */
  public void writeSuperblock(Superblock superblock) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(Superblock.BYTES);
    superblock.encode(block);
    medium.flush();
    medium.write(superblockOffsetBytes(), block.flip());
    medium.flush();
  }

  /**
   * Writes a superblock where none is, or one of a different kind: first all but its first sector,
   * which holds the magic, then the whole. A crash in between leaves no superblock rather than one
   * that is put together of two.
   */
  public void writeNewSuperblock(Superblock superblock) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(Superblock.BYTES);
    superblock.encode(block);
    block.put(0, new byte[Sectors.BYTES]);
    medium.flush();
    medium.write(superblockOffsetBytes(), block.flip());
    writeSuperblock(superblock);
  }

  /** Reads the whole activity log. */
  public ByteBuffer readLog(Superblock superblock) throws IOException, MetadataException {
    AlGeometry al = superblock.common().al();
    if (al.blocks() > LOG_BLOCKS_MAX) {
      throw new MetadataException(
          Reason.INVALID,
          "activity log of %d blocks of 4 KiB: at most %d can be read back"
              .formatted(al.blocks(), LOG_BLOCKS_MAX));
    }
    int bytes = (int) al.sizeBytes();
    ByteBuffer log =
        bytes > CHUNK_BYTES ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    medium.read(layout(superblock).alOffsetBytes(), log);
    return log.flip();
  }

  /**
   * Empties the activity log, durably. The block that the first transaction goes to is written
   * last: a crash on the way then leaves either a transaction to be found or no damaged block but
   * that one, which reading back accepts.
   */
  public void initialiseLog(Superblock superblock) throws IOException {
    AlGeometry al = superblock.common().al();
    long start = layout(superblock).alOffsetBytes();
    ByteBuffer block = ByteBuffer.allocate(AlBlock.BYTES);
    new AlBlock(block).initialise();
    int first = al.blockOf(0);
    for (int index = 0; index < al.blocks(); index++) {
      if (index != first) {
        medium.write(start + (long) index * AlBlock.BYTES, block.clear());
      }
    }
    medium.flush();
    medium.write(start + (long) first * AlBlock.BYTES, block.clear());
    medium.flush();
  }

  /** Reads the bitmaps of the agreed size. The caller gives their memory back. */
  public Bitmap readBitmap(Superblock superblock) throws IOException {
    long sectors = superblock.common().effectiveSizeSectors();
    Bitmap bitmap = new Bitmap(superblock.area(), superblock.common().granularity().bits(sectors));
    try {
      readPages(layout(superblock).bitmapOffsetBytes(), bitmap);
      return bitmap;
    } catch (IOException problem) {
      bitmap.release();
      throw problem;
    }
  }

  private void readPages(long start, Bitmap bitmap) throws IOException {
    ByteBuffer chunk = chunk((long) bitmap.pages() * Bitmap.PAGE_BYTES);
    int pagesPerChunk = CHUNK_BYTES / Bitmap.PAGE_BYTES;
    for (int page = 0; page < bitmap.pages(); page += pagesPerChunk) {
      int pages = Math.min(pagesPerChunk, bitmap.pages() - page);
      chunk.clear().limit(pages * Bitmap.PAGE_BYTES);
      medium.read(start + (long) page * Bitmap.PAGE_BYTES, chunk);
      chunk.flip();
      for (int index = 0; index < pages; index++) {
        bitmap.decodePage(page + index, chunk);
      }
    }
    bitmap.recount();
  }

  /** Writes every page that has a mark, durably. */
  public void writeBitmap(Superblock superblock, Bitmap bitmap) throws IOException {
    long start = layout(superblock).bitmapOffsetBytes();
    ByteBuffer chunk = chunk((long) bitmap.pages() * Bitmap.PAGE_BYTES);
    int first = bitmap.nextMarked(0);
    while (first != Bitmap.NO_PAGE) {
      chunk.clear();
      int page = first;
      while (page < bitmap.pages() && bitmap.isMarked(page) && chunk.hasRemaining()) {
        bitmap.encodePage(page, chunk);
        page++;
      }
      medium.write(start + (long) first * Bitmap.PAGE_BYTES, chunk.flip());
      first = bitmap.nextMarked(page);
    }
    medium.flush();
  }

  /** Writes zeroes, not yet durable. */
  public void zero(long offsetBytes, long lengthBytes) throws IOException {
    ByteBuffer zeroes = chunk(lengthBytes);
    for (long done = 0; done < lengthBytes; done += CHUNK_BYTES) {
      zeroes.clear().limit((int) Math.min(CHUNK_BYTES, lengthBytes - done));
      medium.write(offsetBytes + done, zeroes);
    }
  }

  /** As much as is read or written at once. */
  private static ByteBuffer chunk(long neededBytes) {
    return ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, neededBytes));
  }
}
