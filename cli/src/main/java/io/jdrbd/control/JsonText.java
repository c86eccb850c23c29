package io.jdrbd.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Between {@link Json} and its text in UTF-8. */
public final class JsonText {
  private static final int DEPTH_MAX = 32;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(Limits.MESSAGE_BYTES_MAX)
                  .build())
          .build();

  private JsonText() {}

  /**
   * Reads one object.
   *
   * @throws JsonException if it is anything else
   */
  public static Json.Obj parse(byte[] text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonException("not a JSON object");
      }
      Json.Obj object = object(parser);
      if (parser.nextToken() != null) {
        throw new JsonException("more than one JSON object");
      }
      return object;
    } catch (IOException e) {
      throw new JsonException("not JSON: " + firstLine(e.getMessage()));
    }
  }

  private static Json value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new Json.Text(parser.getText());
      case VALUE_NUMBER_INT -> new Json.Whole(parser.getLongValue());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL,
          VALUE_NUMBER_FLOAT,
          VALUE_EMBEDDED_OBJECT,
          FIELD_NAME,
          END_ARRAY,
          END_OBJECT,
          NOT_AVAILABLE ->
          throw new JsonException("no place for " + token);
    };
  }

  private static Json.Obj object(JsonParser parser) throws IOException {
    SequencedMap<String, Json> values = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      values.put(name, value(parser, parser.nextToken()));
    }
    return new Json.Obj(values);
  }

  private static Json array(JsonParser parser) throws IOException {
    List<Json> values = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      values.add(value(parser, token));
    }
    return new Json.Array(values);
  }

  /** One line of text, without a line feed. */
  public static byte[] write(Json value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      value.writeTo(generator);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
