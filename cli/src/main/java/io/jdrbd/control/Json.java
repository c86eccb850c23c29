package io.jdrbd.control;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** A JSON value as the control protocol uses it: no fractions, no null. */
public sealed interface Json {

  /**
   * Writes it. A method of each kind rather than a switch over them, whose first use costs a
   * command that lives for a fifth of a second a tenth of its time.
   */
  void writeTo(JsonGenerator generator) throws IOException;

  /** A string. */
  record Text(String value) implements Json {
    @Override
    public void writeTo(JsonGenerator generator) throws IOException {
      generator.writeString(value);
    }
  }

  /** An integer. */
  record Whole(long value) implements Json {
    @Override
    public void writeTo(JsonGenerator generator) throws IOException {
      generator.writeNumber(value);
    }
  }

  /** True or false. */
  record Bool(boolean value) implements Json {
    @Override
    public void writeTo(JsonGenerator generator) throws IOException {
      generator.writeBoolean(value);
    }
  }

  /** A list. */
  record Array(List<Json> values) implements Json {
    public Array {
      values = List.copyOf(values);
    }

    @Override
    public void writeTo(JsonGenerator generator) throws IOException {
      generator.writeStartArray();
      for (Json value : values) {
        value.writeTo(generator);
      }
      generator.writeEndArray();
    }
  }

  /** Named values, in order. The getters throw {@link JsonException} where the kind is wrong. */
  record Obj(SequencedMap<String, Json> values) implements Json {

    /** An object to which values are added with the {@code with} methods. */
    public static Obj empty() {
      return new Obj(new LinkedHashMap<>());
    }

    /** Adds a value. */
    public Obj with(String name, Json value) {
      values.put(name, value);
      return this;
    }

    /** Adds a string. */
    public Obj with(String name, String value) {
      return with(name, new Text(value));
    }

    /** Adds an integer. */
    public Obj with(String name, long value) {
      return with(name, new Whole(value));
    }

    /** Adds a boolean. */
    public Obj with(String name, boolean value) {
      return with(name, new Bool(value));
    }

    /** Adds a string if there is one. */
    public Obj with(String name, Optional<String> value) {
      value.ifPresent(text -> with(name, text));
      return this;
    }

    /** Whether there is a value of that name. */
    public boolean has(String name) {
      return values.containsKey(name);
    }

    /** The string of that name. */
    public String text(String name) {
      if (get(name) instanceof Text text) {
        return text.value();
      }
      throw wrong(name, "a string");
    }

    /** The string of that name, if there is one. */
    public Optional<String> optionalText(String name) {
      return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** The integer of that name. */
    public long number(String name) {
      if (get(name) instanceof Whole number) {
        return number.value();
      }
      throw wrong(name, "an integer");
    }

    /** The integer of that name, which must fit 32 bits. */
    public int integer(String name) {
      long number = number(name);
      if (number == (int) number) {
        return (int) number;
      }
      throw wrong(name, "an integer of 32 bits");
    }

    /** The boolean of that name; false if there is none. */
    public boolean flag(String name) {
      if (!has(name)) {
        return false;
      }
      if (get(name) instanceof Bool bool) {
        return bool.value();
      }
      throw wrong(name, "a boolean");
    }

    /** The list of that name; empty if there is none. */
    public List<Json> array(String name) {
      if (!has(name)) {
        return List.of();
      }
      if (get(name) instanceof Array array) {
        return array.values();
      }
      throw wrong(name, "a list");
    }

    /** The object of that name. */
    public Obj object(String name) {
      if (get(name) instanceof Obj object) {
        return object;
      }
      throw wrong(name, "an object");
    }

    /** All values, which must be strings. */
    public Map<String, String> texts() {
      Map<String, String> texts = new LinkedHashMap<>();
      values.keySet().forEach(name -> texts.put(name, text(name)));
      return texts;
    }

    @Override
    public void writeTo(JsonGenerator generator) throws IOException {
      generator.writeStartObject();
      for (var entry : values.entrySet()) {
        generator.writeFieldName(entry.getKey());
        entry.getValue().writeTo(generator);
      }
      generator.writeEndObject();
    }

    private Json get(String name) {
      Json value = values.get(name);
      if (value == null) {
        throw new JsonException("'" + name + "' is missing");
      }
      return value;
    }

    private static JsonException wrong(String name, String wanted) {
      return new JsonException("'" + name + "' must be " + wanted);
    }
  }
}
