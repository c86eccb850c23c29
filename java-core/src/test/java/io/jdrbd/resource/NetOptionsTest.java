package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 7, sections 5.2 and 5.6. */
class NetOptionsTest {

  @ParameterizedTest(name = "{0} = {1} -> {2}")
  @CsvSource({
    "protocol,        a,        A",
    "sndbuf-size,     4M,       4194304",
    "max-buffers,     36k,      36864",
    "congestion-fill, 1G,       2097152",
    "timeout,         1,        1",
    "ping-timeout,    300,      300",
    "after-sb-0pri,   discard-zero-changes, discard-zero-changes",
    "tls-keyring,     123,      123",
    "_name,           bravo,    bravo",
  })
  void keepsConnectionOptionsInTheirUnit(String option, String value, String kept) {
    assertThat(NetOptions.defaults().with(Map.of(option, value)).nonDefaults())
        .containsExactly(Map.entry(option, kept));
  }

  @ParameterizedTest(name = "{0} = {1} -> {2}")
  @CsvSource({
    "c-max-rate,    700M, 716800",
    "c-fill-target, 3s,   3",
    "c-fill-target, 1k,   2",
    "resync-rate,   1s,   1",
    "resync-rate,   1,    1",
    "bitmap,        no,   no",
  })
  void keepsPeerDeviceOptionsInTheirUnit(String option, String value, String kept) {
    assertThat(PeerDeviceOptions.defaults().with(Map.of(option, value)).nonDefaults())
        .containsExactly(Map.entry(option, kept));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource({
    "timeout,         0",
    "timeout,         601",
    "connect-int,     121",
    "protocol,        D",
    "sndbuf-size,     134217729",
    "after-sb-1pri,   discard-zero-changes",
    "tls-keyring,     abc",
    "no-such-option,  1",
  })
  void refusesAndNamesTheOption(String option, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetOptions.defaults().with(Map.of(option, value)))
        .withMessageContaining(option);
  }

  @Test
  void nothingSetIsWhatTheSpecSays() {
    NetOptions options = NetOptions.defaults();
    assertThat(options.protocol()).isEqualTo(WriteProtocol.C);
    assertThat(options.timeoutDs()).isEqualTo(60);
    assertThat(options.pingTimeoutDs()).isEqualTo(5);
    assertThat(options.socketCheckTimeoutDs()).isEqualTo(5);
    assertThat(options.connectIntS()).isEqualTo(10);
    assertThat(options.koCount()).isEqualTo(7);
    assertThat(options.transport()).isEqualTo("tcp");
    assertThat(options.tcpCork()).isTrue();
  }

  @Test
  void aSecretIsNotForLogs() {
    NetOptions options = NetOptions.defaults().with(Map.of("shared-secret", "open sesame"));
    assertThat(options.toString()).contains("shared-secret").doesNotContain("sesame");
    assertThat(options.text(NetOption.SHARED_SECRET)).isEqualTo("open sesame");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.with(Map.of("shared-secret", "sesame".repeat(20))))
        .withMessageNotContaining("sesame");
  }

  @Test
  void resetKeepsWhatIsFixedAtCreation() {
    NetOptions options = NetOptions.defaults().with(Map.of("transport", "tcp", "timeout", "70"));
    assertThat(options.reset().nonDefaults()).containsExactly(Map.entry("transport", "tcp"));
  }
}
