package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec 7, section 8: addresses on command lines and as they are shown. */
class EndpointTest {

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "192.0.2.1:7800,               ipv4:192.0.2.1:7800",
    "192.0.2.1,                    ipv4:192.0.2.1:7788",
    "ipv4:10.0.0.1:1,              ipv4:10.0.0.1:1",
    "ipv6:[2001:db8:1::1]:7000,    ipv6:[2001:db8:1::1]:7000",
    "[2001:db8:0:0:1:0:0:1]:7000,  ipv6:[2001:db8::1:0:0:1]:7000",
    "[::1]:7000,                   ipv6:[::1]:7000",
    "[::]:7000,                    ipv6:[::]:7000",
    "[1:0:2:3:4:5:6:7]:7000,       ipv6:[1:0:2:3:4:5:6:7]:7000",
    "[fe80::]:7000,                ipv6:[fe80::]:7000",
    "[fe80::1%1]:7000,             ipv6:[fe80::1%1]:7000",
  })
  void readsAndShows(String text, String shown) {
    assertThat(Endpoint.parse(text)).hasToString(shown);
    assertThat(Endpoint.parse(shown)).isEqualTo(Endpoint.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:7800",
        "192.0.2.256:7800",
        "192.0.2:7800",
        "192.0.2.1:0",
        "192.0.2.1:65536",
        "2001:db8::1",
        "[2001:db8::1::]:1",
        "ipv6:192.0.2.1:7800",
        "ssocks:192.0.2.1:7800",
        ""
      })
  void refusesWhatIsNone(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse(text))
        .withMessageContaining("'" + text + "'");
  }
}
