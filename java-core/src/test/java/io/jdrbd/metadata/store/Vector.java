package io.jdrbd.metadata.store;

import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.Placement;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/**
 * A metadata region that real drbdmeta or a real kernel module wrote, with the dump that drbdmeta
 * 9.34 makes of it.
 */
public enum Vector {
  V08_FRESH("v08-internal-64M-fresh", FormatVersion.V08, "internal", 67108864, 67067904),
  V09_FRESH("v09-internal-64M-p1-fresh", FormatVersion.V09, "internal", 67108864, 67067904),
  V09_USED("v09-internal-1G7s-p3-used", FormatVersion.V09, "internal", 1073745408, 1073602560),
  V09_FLEXIBLE("v09-flexext-8M-p7-fresh", FormatVersion.V09, "flex-external", 8388608, 0),
  V09_BITS_64K("v09-internal-2G-p2-bm64k", FormatVersion.V09, "internal", 2147483648L, 2147438592L),
  V09_STRIPED_UNCLEAN(
      "v09-internal-256M-p2-stripes2-unclean", FormatVersion.V09, "internal", 268435456, 268349440),
  V09_STRIPED_APPLIED(
      "v09-internal-256M-p2-stripes2-applied", FormatVersion.V09, "internal", 268435456, 268349440),
  V09_BITS_1M_UNCLEAN(
      "v09-internal-2G-p2-bm1M-unclean", FormatVersion.V09, "internal", 2147483648L, 2147442688L),
  V09_BITS_1M_APPLIED(
      "v09-internal-2G-p2-bm1M-applied", FormatVersion.V09, "internal", 2147483648L, 2147442688L),
  KERNEL_84_CRASHED(
      "kernel-8.4.11-v08-256M-crashed-primary",
      FormatVersion.V08,
      "internal",
      268435456,
      268390400),
  KERNEL_84_APPLIED(
      "kernel-8.4.11-v08-256M-crashed-primary-applied",
      FormatVersion.V08,
      "internal",
      268435456,
      268390400),
  KERNEL_93_CRASHED(
      "kernel-9.3.3-v09-256M-p3-crashed-primary",
      FormatVersion.V09,
      "internal",
      268435456,
      268374016),
  KERNEL_93_APPLIED(
      "kernel-9.3.3-v09-256M-p3-crashed-primary-applied",
      FormatVersion.V09,
      "internal",
      268435456,
      268374016),
  V08_INDEXED("v08-index1-256M-fresh", FormatVersion.V08, "1", 268435456, 134217728);

  private final String fileName;
  private final FormatVersion version;
  private final String placement;
  private final long deviceBytes;
  private final long offsetBytes;

  Vector(
      String fileName,
      FormatVersion version,
      String placement,
      long deviceBytes,
      long offsetBytes) {
    this.fileName = fileName;
    this.version = version;
    this.placement = placement;
    this.deviceBytes = deviceBytes;
    this.offsetBytes = offsetBytes;
  }

  public FormatVersion version() {
    return version;
  }

  public Placement placement() {
    return Placement.parse(placement).orElseThrow();
  }

  /** The bytes of the metadata region. */
  public byte[] region() {
    try (InputStream packed = open(".md.gz");
        InputStream unpacked = new GZIPInputStream(packed)) {
      return unpacked.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What drbdmeta says of it, from the version on. */
  public String dump() {
    return text(".dump");
  }

  /** A text that belongs to the image. */
  public String text(String suffix) {
    try (InputStream dump = open(suffix)) {
      return new String(dump.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A device that holds the region and zeroes elsewhere. */
  public MetadataStore store() {
    MemoryMedium medium = new MemoryMedium(deviceBytes);
    medium.write(offsetBytes, ByteBuffer.wrap(region()));
    return new MetadataStore(medium, placement());
  }

  /** What is now where the region was. */
  public byte[] regionOf(MetadataStore store) throws IOException {
    ByteBuffer region = ByteBuffer.allocate(region().length);
    store.medium().read(offsetBytes, region);
    return region.array();
  }

  private InputStream open(String suffix) {
    return Vector.class.getResourceAsStream("/metadata/" + fileName + suffix);
  }
}
