package io.jdrbd.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  @Test
  void roundTrip() {
    Json.Obj object =
        Json.Obj.empty()
            .with("text", "a \"quoted\" \\ line\nof ü")
            .with("number", Long.MIN_VALUE)
            .with("flag", true)
            .with("list", new Json.Array(List.of(new Json.Text("x"), Json.Obj.empty())));
    assertThat(JsonText.parse(JsonText.write(object))).isEqualTo(object);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "1",
        "\"a\"",
        "{",
        "{\"a\":}",
        "{\"a\":1.5}",
        "{\"a\":null}",
        "{\"a\":1}{}",
        "{\"a\":99999999999999999999}",
        "{\"a\":[1,2}",
        "\u0000",
      })
  void refuses(String text) {
    assertThatThrownBy(() -> JsonText.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void refusesWhatIsNestedTooDeeply() {
    String text = "{\"a\":".repeat(1000) + "1" + "}".repeat(1000);
    assertThatThrownBy(() -> JsonText.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonException.class);
  }
}
