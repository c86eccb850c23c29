package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 7, sections 5.1 and 5.3. */
class ResourceOptionsTest {

  @ParameterizedTest(name = "{0} = {1} -> {2}")
  @CsvSource({
    "peer-ack-window, 8M,       16384",
    "peer-ack-window, 2048,     2048",
    "peer-ack-window, 4097s,    4097",
    "peer-ack-window, 1025k,    2050",
    "max-io-depth,    36k,      36864",
    "quorum,          majority, majority",
    "quorum,          32,       32",
    "auto-promote,    no,       no",
    "on-no-quorum,    io-error, io-error",
  })
  void acceptsAndKeepsInTheOptionsUnit(String option, String value, String kept) {
    ResourceOptions options = ResourceOptions.defaults().with(Map.of(option, value));
    assertThat(options.nonDefaults().get(option)).isEqualTo(kept);
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "peer-ack-window, 2047",
    "peer-ack-window, 204801",
    "peer-ack-window, 8m8",
    "peer-ack-window, -1",
    "peer-ack-delay,  1x",
    "quorum,          33",
    "quorum,          most",
    "auto-promote,    true",
    "max-io-depth,    99999999999999999G",
    "no-such-option,  1",
  })
  void refusesAndNamesOptionAndValue(String option, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResourceOptions.defaults().with(Map.of(option, value)))
        .withMessageContaining(option);
  }

  @Test
  void whatIsSetToItsDefaultIsNotSet() {
    ResourceOptions options =
        ResourceOptions.defaults()
            .with(Map.of("quorum", "all", "auto-promote", "no"))
            .with(Map.of("quorum", "off"));
    assertThat(options.nonDefaults()).containsExactly(Map.entry("auto-promote", "no"));
  }
}
