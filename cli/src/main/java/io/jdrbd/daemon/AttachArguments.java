package io.jdrbd.daemon;

import io.jdrbd.control.Json;
import io.jdrbd.control.JsonException;
import io.jdrbd.resource.AttachOptions;
import io.jdrbd.resource.DiskSpec;

/** The options of an attach as they come in a request and stand in the state file. */
final class AttachArguments {
  private AttachArguments() {}

  static AttachOptions parse(Json.Obj arguments) {
    return new AttachOptions(
        new DiskSpec(
            arguments.text("disk"),
            arguments.text("engine"),
            arguments.array("filters").stream().map(AttachArguments::text).toList()),
        arguments.flag("no-metadata"));
  }

  private static String text(Json value) {
    if (value instanceof Json.Text text) {
      return text.value();
    }
    throw new JsonException("'filters' must be a list of strings");
  }
}
