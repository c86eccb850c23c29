package io.jdrbd.control;

import io.jdrbd.metadata.format.Placement;
import io.jdrbd.resource.BackingView;
import io.jdrbd.resource.DiskConfig;
import io.jdrbd.resource.MetadataPlace;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeStatistics;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.IoSuspension;
import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Views of resources as JSON and back. */
public final class Views {
  private Views() {}

  /** A list of resources, below the name {@code resources}. */
  public static Json.Obj toJson(List<ResourceView> resources) {
    return Json.Obj.empty()
        .with("resources", new Json.Array(resources.stream().map(Views::asJson).toList()));
  }

  /** The opposite of {@link #toJson(List)}. */
  public static List<ResourceView> resources(Json.Obj data) {
    return data.array("resources").stream().map(Views::asObject).map(Views::resource).toList();
  }

  /** One resource. */
  public static Json.Obj toJson(ResourceView resource) {
    Json.Obj options = Json.Obj.empty();
    resource.options().nonDefaults().forEach(options::with);
    return Json.Obj.empty()
        .with("name", resource.name())
        .with("node-id", resource.nodeId())
        .with("role", resource.role().word())
        .with("suspended", words(IoSuspension.values(), resource.suspensions(), IoSuspension::word))
        .with("failing-io", resource.failingIo())
        .with("write-ordering", resource.writeOrdering().word())
        .with("options", options)
        .with("volumes", new Json.Array(resource.volumes().stream().map(Views::asJson).toList()))
        .with(
            "connections",
            new Json.Array(
                resource.connections().stream().<Json>map(ConnectionViews::asJson).toList()));
  }

  /** The opposite of {@link #toJson(ResourceView)}. */
  public static ResourceView resource(Json.Obj object) {
    return new ResourceView(
        object.text("name"),
        object.integer("node-id"),
        named(Role.values(), Role::word, object.text("role")),
        chosen(IoSuspension.values(), IoSuspension::word, object.array("suspended")),
        object.flag("failing-io"),
        named(WriteOrdering.values(), WriteOrdering::word, object.text("write-ordering")),
        ResourceOptions.defaults().with(object.object("options").texts()),
        object.array("volumes").stream().map(Views::asObject).map(Views::volume).toList(),
        object.array("connections").stream()
            .map(Views::asObject)
            .map(ConnectionViews::connection)
            .toList());
  }

  private static Json asJson(ResourceView resource) {
    return toJson(resource);
  }

  private static Json asJson(VolumeView volume) {
    VolumeStatistics statistics = volume.statistics();
    Json.Obj object =
        Json.Obj.empty()
            .with("volume", volume.volume())
            .with("minor", volume.minor())
            .with("disk", volume.disk().word())
            .with("client", volume.client())
            .with("open", volume.open())
            .with("quorum", volume.quorum())
            .with("size-bytes", statistics.sizeBytes())
            .with("read-bytes", statistics.readBytes())
            .with("written-bytes", statistics.writtenBytes())
            .with("al-writes", statistics.alWrites())
            .with("bm-writes", statistics.bitmapWrites())
            .with("upper-pending", statistics.upperPending())
            .with("lower-pending", statistics.lowerPending());
    volume.backing().ifPresent(backing -> put(object, backing));
    return object;
  }

  private static void put(Json.Obj object, BackingView backing) {
    Json.Obj options = Json.Obj.empty();
    backing.config().nonDefaults().forEach(options::with);
    object.with("backing-device", backing.path()).with("disk-options", options);
    backing
        .metadata()
        .ifPresent(
            place -> object.with("meta-disk", place.path()).with("meta-index", place.index()));
  }

  private static Optional<BackingView> backing(Json.Obj object) {
    return object
        .optionalText("backing-device")
        .map(
            path ->
                new BackingView(
                    path,
                    object
                        .optionalText("meta-disk")
                        .map(disk -> new MetadataPlace(disk, placement(object.text("meta-index")))),
                    DiskConfig.defaults().with(object.object("disk-options").texts())));
  }

  private static Placement placement(String index) {
    return Placement.parse(index)
        .orElseThrow(() -> new JsonException("'" + index + "' is no metadata index"));
  }

  private static VolumeView volume(Json.Obj object) {
    return new VolumeView(
        object.integer("volume"),
        object.integer("minor"),
        named(DiskState.values(), DiskState::word, object.text("disk")),
        object.flag("client"),
        backing(object),
        object.flag("open"),
        object.flag("quorum"),
        new VolumeStatistics(
            object.number("size-bytes"),
            object.number("read-bytes"),
            object.number("written-bytes"),
            object.number("al-writes"),
            object.number("bm-writes"),
            object.integer("upper-pending"),
            object.integer("lower-pending")));
  }

  static Json.Obj asObject(Json value) {
    if (value instanceof Json.Obj object) {
      return object;
    }
    throw new JsonException("a list holds something that is no object");
  }

  static <E> E named(E[] values, Function<E, String> word, String wanted) {
    return Arrays.stream(values)
        .filter(value -> word.apply(value).equals(wanted))
        .findFirst()
        .orElseThrow(() -> new JsonException("'" + wanted + "' is no known state"));
  }

  /** Those of the values that are in the set, by their words, in the order of the values. */
  static <E> Json words(E[] values, Set<E> set, Function<E, String> word) {
    return new Json.Array(
        Arrays.stream(values)
            .filter(set::contains)
            .<Json>map(value -> new Json.Text(word.apply(value)))
            .toList());
  }

  /** The opposite of {@link #words}. */
  static <E> Set<E> chosen(E[] values, Function<E, String> word, List<Json> words) {
    return words.stream()
        .map(wanted -> named(values, word, text(wanted)))
        .collect(Collectors.toUnmodifiableSet());
  }

  static String text(Json value) {
    if (value instanceof Json.Text text) {
      return text.value();
    }
    throw new JsonException("a list holds something that is no string");
  }
}
