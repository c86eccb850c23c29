package io.jdrbd.metadata.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.LayoutRules;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.text.DumpFile;
import io.jdrbd.metadata.text.DumpParser;
import io.jdrbd.metadata.text.DumpWriter;
import java.io.StringReader;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Images that real tools and kernels wrote, and what the real drbdmeta says of them. */
class VectorTest {

  @ParameterizedTest
  @EnumSource(Vector.class)
  void dumpsAsDrbdmetaDoes(Vector vector) throws Exception {
    assertThat(dump(vector.store())).isEqualTo(vector.dump());
  }

  @ParameterizedTest
  @EnumSource(Vector.class)
  void liesWhereNewMetadataWouldBeCreated(Vector vector) throws Exception {
    MetadataStore store = vector.store();
    Superblock superblock = store.readSuperblock();
    assertThat(superblock.version()).isEqualTo(vector.version());
    LayoutRules.checkExact(vector.placement(), store.medium().sizeBytes(), superblock);
  }

  @ParameterizedTest
  @EnumSource(Vector.class)
  void isWrittenAgainToTheSameBytes(Vector vector) throws Exception {
    MetadataStore store = vector.store();
    Superblock superblock = store.readSuperblock();
    Bitmap bitmap = store.readBitmap(superblock);
    Layout layout = store.layout(superblock);
    MetadataStore copy =
        new MetadataStore(new MemoryMedium(store.medium().sizeBytes()), store.placement());
    ByteBuffer log = store.readLog(superblock);
    copy.medium().write(layout.alOffsetBytes(), log);
    bitmap.markAllPages();
    copy.writeBitmap(superblock, bitmap);
    copy.writeSuperblock(superblock);
    assertThat(vector.regionOf(copy)).isEqualTo(vector.region());
  }

  @ParameterizedTest
  @CsvSource({
    "V09_STRIPED_UNCLEAN, V09_STRIPED_APPLIED",
    "V09_BITS_1M_UNCLEAN, V09_BITS_1M_APPLIED",
    "KERNEL_84_CRASHED, KERNEL_84_APPLIED",
    "KERNEL_93_CRASHED, KERNEL_93_APPLIED"
  })
  void appliesTheLogAsDrbdmetaDoes(Vector before, Vector after) throws Exception {
    MetadataStore store = before.store();
    LogApplication.Outcome outcome = LogApplication.apply(store);
    assertThat(outcome.applied()).isTrue();
    assertThat(after.regionOf(store)).isEqualTo(after.region());
  }

  @ParameterizedTest
  @EnumSource(
      value = Vector.class,
      names = {".*_UNCLEAN", ".*_CRASHED"},
      mode = EnumSource.Mode.MATCH_NONE)
  void aDumpHoldsWhatTheMetadataHolds(Vector vector) throws Exception {
    MetadataStore store = vector.store();
    Superblock superblock = store.readSuperblock();
    DumpFile file = DumpParser.parse(new StringReader(vector.dump()));
    assertThat(
            file.superblock()
                .withCommon(
                    file.superblock()
                        .common()
                        .withLayout(store.layout(superblock), superblock.common().al())
                        .withAlExtents(superblock.common().alExtents())))
        .isEqualTo(superblock);
  }

  @Test
  void theRestoreFileAndTheDumpOfItAreTheSame() throws Exception {
    DumpFile restored = DumpParser.parse(new StringReader(Vector.V09_USED.text(".restore")));
    DumpFile dumped = DumpParser.parse(new StringReader(Vector.V09_USED.dump()));
    assertThat(restored.superblock()).isEqualTo(dumped.superblock());
  }

  static String dump(MetadataStore store) throws Exception {
    Superblock superblock = store.readSuperblock();
    StringBuilder text = new StringBuilder();
    new DumpWriter(text)
        .dump(superblock, store.layout(superblock), new MediumWords(store, superblock));
    return text.toString();
  }
}
