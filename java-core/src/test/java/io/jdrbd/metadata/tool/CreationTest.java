package io.jdrbd.metadata.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.store.MemoryMedium;
import io.jdrbd.metadata.store.MetadataStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** create-md where something is already (spec 5.10.3). */
class CreationTest {
  private static final int DEVICE_BYTES = 4 << 20;
  private static final long FITS_KIB = 1024;
  private static final long ALL_KIB = DEVICE_BYTES / 1024;

  private final MemoryMedium medium = new MemoryMedium(DEVICE_BYTES);

  private static CreateOptions options(boolean ignoreSanityChecks) {
    return options(AlGeometry.DEFAULT, ignoreSanityChecks);
  }

  private static CreateOptions options(AlGeometry al, boolean ignoreSanityChecks) {
    return new CreateOptions(1, BitGranularity.DEFAULT, al, 0, 0, 0, ignoreSanityChecks);
  }

  private MetadataTool tool(String index, FormatVersion version, Answers answers) {
    Placement placement = Placement.parse(index).orElseThrow();
    return new MetadataTool(new MetadataStore(medium, placement), version, answers);
  }

  private ByteBuffer contents() {
    ByteBuffer all = ByteBuffer.allocate(DEVICE_BYTES);
    medium.read(0, all);
    return all.flip();
  }

  @ParameterizedTest(name = "{0} on {1}, all used: {2}, ignored: {3}")
  @CsvSource({
    "EXT4, internal, false, false, asks",
    "EXT4, internal, true, false, refuses",
    "EXT4, internal, true, true, refuses",
    "EXT4, flex-external, false, false, refuses",
    "EXT4, flex-external, false, true, asks",
    "XFS, internal, false, false, asks",
    "XFS, internal, true, false, refuses",
    "JFS, internal, false, false, asks",
    "JFS, internal, true, false, refuses",
    "REISER, internal, false, false, asks",
    "REISER, internal, true, false, refuses",
    "REISER, flex-external, false, false, refuses",
    "SWAP, internal, false, false, refuses",
    "SWAP, internal, false, true, asks",
    "SWAP, flex-external, false, false, refuses",
    "LVM, internal, false, false, refuses",
    "LVM, internal, false, true, asks",
    "SOMETHING, internal, false, false, asks",
    "SOMETHING, flex-external, false, false, asks",
  })
  void whatIsFoundIsAskedAboutOrKept(
      FoundData found, String index, boolean all, boolean ignored, String expected)
      throws Exception {
    medium.write(0, found.start(all ? ALL_KIB : FITS_KIB));
    ByteBuffer before = contents();
    Answers no = new Answers(false);
    ToolException kept =
        catchThrowableOfType(
            ToolException.class, () -> tool(index, FormatVersion.V09, no).create(options(ignored)));
    assertThat(kept.exitCode()).isEqualTo(expected.equals("asks") ? 1 : 40);
    assertThat(no.screen().endsWith("Do you want to proceed?\n"))
        .isEqualTo(expected.equals("asks"));
    assertThat(contents()).as("nothing is written").isEqualTo(before);

    MetadataTool forced = tool(index, FormatVersion.V09, new Answers(true));
    if (expected.equals("asks")) {
      forced.create(options(ignored));
      assertThat(forced.diskState()).isEqualTo("Inconsistent");
    } else {
      assertThat(catchThrowableOfType(ToolException.class, () -> forced.create(options(ignored))))
          .as("a yes does not help")
          .hasMessageStartingWith("Operation refused: ");
    }
  }

  @Test
  void anEmptyDeviceIsNotAskedAbout() throws Exception {
    Answers no = new Answers(false);
    tool("internal", FormatVersion.V09, no).create(options(false));
    assertThat(no.screen()).doesNotContain("?");
  }

  @Test
  void metadataIsAskedAbout() throws Exception {
    tool("internal", FormatVersion.V09, new Answers(true)).create(options(false));
    ByteBuffer before = contents();
    Answers no = new Answers(false);
    assertCancelled(tool("internal", FormatVersion.V09, no));
    assertThat(no.screen()).contains("Do you really want to overwrite the existing meta-data?");
    Answers old = new Answers(false);
    assertCancelled(tool("internal", FormatVersion.V08, old));
    assertThat(old.screen())
        .contains("Do you want to replace the v09 meta-data with newly initialized v08 meta-data?");
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void metadataOf84IsConvertedIfThatIsWanted() throws Exception {
    MetadataTool old = tool("internal", FormatVersion.V08, new Answers(true));
    old.create(options(false));
    old.setGenerations(0, "A1B2C3D4E5F60718:99:77::1:1:0:1:0:1");
    Answers no = new Answers(false);
    assertCancelled(tool("internal", FormatVersion.V09, no));
    assertThat(no.screen())
        .contains("Valid v08 meta-data found, convert to v09?")
        .contains("Do you want to replace the v08 meta-data");
    MetadataTool converted = tool("internal", FormatVersion.V09, new Answers(true));
    converted.create(options(false));
    assertThat(converted.generations(0)).startsWith("A1B2C3D4E5F60718:0000000000000000:");
  }

  private void assertCancelled(MetadataTool tool) throws IOException {
    ToolException cancelled =
        catchThrowableOfType(ToolException.class, () -> tool.create(options(false)));
    assertThat(cancelled.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "internal, 1, 8192, 32768 KiB",
    "internal, 1024, 16, 64 KiB",
    "flex-external, 1, 1024, 4096 KiB",
    "0, 2, 8, 32 KiB"
  })
  void anActivityLogThatHasNoRoomIsRefused(
      String index, int stripes, int stripeBlocks, String stripe) {
    ToolException refused =
        catchThrowableOfType(
            ToolException.class,
            () ->
                tool(index, FormatVersion.V09, new Answers(true))
                    .create(options(new AlGeometry(stripes, stripeBlocks), false)));
    assertThat(refused).hasMessageContaining(stripe);
    assertThat(refused.exitCode()).isEqualTo(10);
    assertThat(contents()).isEqualTo(ByteBuffer.allocate(DEVICE_BYTES));
  }
}
