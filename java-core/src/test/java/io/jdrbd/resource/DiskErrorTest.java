package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.state.DiskState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a disk that fails: the option on-io-error (spec 5.8.4). */
class DiskErrorTest extends MetadataNodeTestBase {
  private static final long BAD = 16 << 20;
  private static final long GOOD = 4 << 20;

  /** Where metadata of a disk of 64 MiB begins: 40 KiB before its end. */
  private static final long METADATA = DISK_BYTES - (40 << 10);

  private void attachBad(String operations, long from, long length, String onIoError) {
    becomeUpToDate();
    assertThat(detach()).isEqualTo(101);
    filters = List.of("errors:op=%s,offset=%d,length=%d".formatted(operations, from, length));
    assertThat(attach(Map.of("on-io-error", onIoError))).isEqualTo(101);
  }

  private void everybodyHasAll() {
    onLoop(
        () -> {
          volume().metadata().orElseThrow().backing().setInSync(0, 0, DISK_BYTES);
          return true;
        });
    assertThat(bits()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"detach", "call-local-io-error"})
  void aFailedWriteEndsTheUseOfTheDisk(String policy) {
    attachBad("write", BAD, 4096, policy);
    everybodyHasAll();
    assertThat(primary(false)).isEqualTo(101);
    assertThat(write(GOOD, true)).isEqualTo("done");
    assertThat(write(BAD, false)).contains("made by the errors filter");
    awaitState(DiskState.DISKLESS);
    assertThat(write(GOOD, false)).as("nothing is served any more").contains("without disk");

    Superblock left = readSuperblock();
    assertThat(left.flags().has(DeviceFlag.PRIMARY_IND)).as("nobody left in order").isTrue();
    assertThat(left.isClean()).isFalse();
    filters = List.of();
    assertThat(secondary()).isEqualTo(101);
    assertThat(attach(Map.of())).isEqualTo(101);
    assertThat(onLoop(() -> marked(BAD))).as("what failed is marked").isTrue();
    assertThat(onLoop(() -> marked(GOOD))).as("so is what nobody else has").isTrue();
  }

  private boolean marked(long offsetBytes) {
    return volume().metadata().orElseThrow().backing().isMarked(offsetBytes, 4096);
  }

  @Test
  void aFailedReadEndsItToo() {
    attachBad("read", BAD, 4096, "detach");
    assertThat(read(GOOD)).isEqualTo("done");
    assertThat(read(BAD)).contains("made by the errors filter");
    awaitState(DiskState.DISKLESS);
  }

  @Test
  void passOnLetsTheApplicationSeeAFailedRead() {
    attachBad("read", BAD, 4096, "pass_on");
    assertThat(read(BAD)).contains("made by the errors filter");
    assertThat(state()).isEqualTo(DiskState.UP_TO_DATE);
    assertThat(read(GOOD)).isEqualTo("done");
  }

  /** What a failed write left behind nobody knows, so the data is not consistent any more. */
  @Test
  void passOnMakesTheDiskInconsistentByAFailedWrite() {
    attachBad("write", BAD, 4096, "pass_on");
    everybodyHasAll();
    assertThat(primary(false)).isEqualTo(101);
    assertThat(write(BAD, false)).contains("made by the errors filter");
    awaitState(DiskState.INCONSISTENT);
    assertThat(onLoop(() -> marked(BAD))).isTrue();
    assertThat(superblock().flags().has(DeviceFlag.CONSISTENT)).isFalse();
    assertThat(read(GOOD)).as("no data of an Inconsistent disk").contains("Inconsistent");
  }

  /** Without its metadata nothing can be promised, whatever is to happen to data. */
  @Test
  void metadataThatCannotBeWrittenEndsTheUseOfTheDiskAnyway() {
    attachBad("write", METADATA, 32 << 10, "pass_on");
    assertThat(primary(false)).isEqualTo(101);
    assertThat(write(GOOD, false)).as("a cold extent").contains("activity log");
    awaitState(DiskState.DISKLESS);
  }
}
