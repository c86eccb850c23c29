package io.jdrbd.daemon;

import io.jdrbd.control.Json;
import io.jdrbd.control.JsonException;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.resource.AttachOptions;
import io.jdrbd.resource.DiskConfig;
import io.jdrbd.resource.DiskSpec;
import io.jdrbd.resource.MetadataPlace;
import java.util.List;
import java.util.Optional;

/** The options of an attach as they come in a request and stand in the state file. */
final class AttachArguments {
  private AttachArguments() {}

  static AttachOptions parse(Json.Obj arguments) {
    DiskSpec disk =
        new DiskSpec(
            arguments.text("disk"),
            arguments.text("engine"),
            arguments.array("filters").stream().map(AttachArguments::text).toList());
    Json.Obj options = arguments.has("options") ? arguments.object("options") : Json.Obj.empty();
    return new AttachOptions(
        disk, metadata(arguments), DiskConfig.defaults().with(options.texts()));
  }

  /** The opposite of {@link #parse}. */
  static Json.Obj asJson(AttachOptions attach) {
    Json.Obj options = Json.Obj.empty();
    attach.config().nonDefaults().forEach(options::with);
    Json.Obj object =
        Json.Obj.empty()
            .with("disk", attach.disk().path())
            .with("engine", attach.disk().engine())
            .with("filters", texts(attach.disk().filters()))
            .with("options", options)
            .with("no-metadata", attach.metadata().isEmpty());
    attach
        .metadata()
        .ifPresent(
            place -> object.with("meta-disk", place.path()).with("meta-index", place.index()));
    return object;
  }

  private static Optional<MetadataPlace> metadata(Json.Obj arguments) {
    if (arguments.flag("no-metadata")) {
      return Optional.empty();
    }
    String index = arguments.text("meta-index");
    Placement placement =
        Placement.parse(index)
            .orElseThrow(
                () ->
                    new JsonException(
                        "meta-index '"
                            + index
                            + "' is not internal, flexible or a number from 0 to 255"));
    return Optional.of(new MetadataPlace(arguments.text("meta-disk"), placement));
  }

  private static Json texts(List<String> values) {
    return new Json.Array(values.stream().<Json>map(Json.Text::new).toList());
  }

  private static String text(Json value) {
    if (value instanceof Json.Text text) {
      return text.value();
    }
    throw new JsonException("'filters' must be a list of strings");
  }
}
