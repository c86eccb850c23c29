package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.resource.ResourceView;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Spec 7, section 11. */
class Events2TextTest {
  private static final Optional<String> DISK = Optional.of("/dev/vg0/mesh");
  private static final ResourceView DISKLESS =
      Samples.mesh(
          Role.SECONDARY, Samples.volume(0, 20, DiskState.DISKLESS, Optional.empty(), false));
  private static final ResourceView ATTACHED =
      Samples.mesh(Role.SECONDARY, Samples.volume(0, 20, DiskState.UP_TO_DATE, DISK, false));
  private static final ResourceView PRIMARY = Samples.mesh();

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void initialStateAsRecorded() throws IOException {
    Events2Stream stream = stream(new Events2Text(true, false), Optional.empty());
    Samples.unconnected().forEach(stream::changed);
    stream.initialStateDone();
    assertThat(printed())
        .isEqualTo(Samples.recorded("07-unconnected-no-devices.events2-now-statistics.txt"));
  }

  @Test
  void aLifeShowsWhatChangesAndOnlyThat() {
    Events2Stream stream = stream(new Events2Text(false, false), Optional.empty());
    stream.initialStateDone();
    stream.changed(Samples.mesh(Role.SECONDARY));
    stream.changed(DISKLESS);
    stream.changed(ATTACHED);
    stream.changed(PRIMARY);
    stream.changed(DISKLESS);
    stream.changed(Samples.mesh(Role.SECONDARY));
    stream.gone("mesh");
    assertThat(printed())
        .isEqualTo(
            """
            exists -
            create resource name:mesh role:Secondary suspended:no force-io-failures:no may_promote:no promotion_score:0
            create device name:mesh volume:0 minor:20 backing_dev:none disk:Diskless client:no open:no quorum:yes
            change resource name:mesh may_promote:yes promotion_score:10101
            change device name:mesh volume:0 minor:20 backing_dev:/dev/vg0/mesh disk:UpToDate client:no open:no quorum:yes
            change resource name:mesh role:Primary may_promote:no promotion_score:10101
            change device name:mesh volume:0 minor:20 backing_dev:/dev/vg0/mesh disk:UpToDate client:no open:yes quorum:yes
            change resource name:mesh role:Secondary may_promote:no promotion_score:0
            change device name:mesh volume:0 minor:20 backing_dev:none disk:Diskless client:no open:no quorum:yes
            destroy device name:mesh volume:0
            destroy resource name:mesh
            """);
  }

  @Test
  void fullShowsAllKeysOfWhatChanges() {
    List<String> lines = new Events2Text(false, true).changed(Optional.of(DISKLESS), ATTACHED);
    assertThat(lines)
        .containsExactly(
            "change resource name:mesh role:Secondary suspended:no force-io-failures:no"
                + " write-ordering:flush may_promote:yes promotion_score:10101",
            "change device name:mesh volume:0 minor:20 backing_dev:/dev/vg0/mesh disk:UpToDate"
                + " client:no open:no quorum:yes size:10485760 read:10240 written:204800"
                + " al-writes:17 bm-writes:0 upper-pending:1 lower-pending:2 al-suspended:no");
  }

  @Test
  void onlyTheResourceThatWasAskedFor() {
    Events2Stream stream = stream(new Events2Text(false, false), Optional.of("nodisk"));
    Samples.unconnected().forEach(stream::changed);
    stream.gone("bare");
    assertThat(printed()).contains("name:nodisk").doesNotContain("bare");
  }

  private Events2Stream stream(Events2Text text, Optional<String> only) {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new Events2Stream(text, only, false, out);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
