package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spec 7, section 10.2, against what drbdsetup 9.34 printed. */
class StatusJsonTest {

  @Test
  void asRecorded() throws IOException {
    assertThat(StatusJson.of(Samples.unconnected()))
        .isEqualTo(Samples.recorded("07-unconnected-no-devices.status.json"));
  }

  @Test
  void nothingConfigured() throws IOException {
    assertThat(StatusJson.of(List.of())).isEqualTo(Samples.recorded("01-empty.status.json"));
  }

  @Test
  void sizesAreInKib() {
    assertThat(StatusJson.of(List.of(Samples.mesh())))
        .contains("\"size\": 10485760,", "\"read\": 10240,", "\"written\": 204800,")
        .contains("\"upper-pending\": 1,", "\"lower-pending\": 2\n");
  }
}
