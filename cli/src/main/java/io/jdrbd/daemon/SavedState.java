package io.jdrbd.daemon;

import io.jdrbd.control.Json;
import io.jdrbd.control.JsonException;
import io.jdrbd.resource.AttachOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a daemon had configured, for the next one to configure again.
 *
 * @param resources in the order in which they are made
 */
record SavedState(List<SavedResource> resources) {
  private static final int VERSION = 1;

  SavedState {
    resources = List.copyOf(resources);
  }

  /** Nothing. */
  static SavedState empty() {
    return new SavedState(List.of());
  }

  /**
   * A resource.
   *
   * @param primary whether a command had made it Primary
   */
  record SavedResource(
      String name,
      int nodeId,
      Map<String, String> options,
      boolean primary,
      List<SavedVolume> volumes,
      List<SavedPeer> peers) {
    SavedResource {
      options = Map.copyOf(options);
      volumes = List.copyOf(volumes);
      peers = List.copyOf(peers);
    }
  }

  /**
   * A volume.
   *
   * @param attach how its disk was attached, if it had one
   */
  record SavedVolume(
      int number, int minor, boolean client, DeviceWish device, Optional<AttachOptions> attach) {}

  Json.Obj toJson() {
    return Json.Obj.empty()
        .with("version", VERSION)
        .with("resources", new Json.Array(resources.stream().map(SavedState::asJson).toList()));
  }

  private static Json asJson(SavedResource resource) {
    Json.Obj options = Json.Obj.empty();
    resource.options.forEach(options::with);
    return Json.Obj.empty()
        .with("name", resource.name)
        .with("node-id", resource.nodeId)
        .with("options", options)
        .with("primary", resource.primary)
        .with("volumes", new Json.Array(resource.volumes.stream().map(SavedState::asJson).toList()))
        .with(
            "peers", new Json.Array(resource.peers.stream().<Json>map(SavedPeer::toJson).toList()));
  }

  private static Json asJson(SavedVolume volume) {
    Json.Obj object =
        Json.Obj.empty()
            .with("volume", volume.number)
            .with("minor", volume.minor)
            .with("client", volume.client)
            .with("device", volume.device.text());
    volume.attach.ifPresent(attach -> object.with("attach", AttachArguments.asJson(attach)));
    return object;
  }

  /**
   * The opposite of {@link #toJson}.
   *
   * @throws JsonException if it is of another form or version
   */
  static SavedState fromJson(Json.Obj object) {
    if (object.number("version") != VERSION) {
      throw new JsonException("version " + object.number("version"));
    }
    return new SavedState(
        object.array("resources").stream().map(value -> resource((Json.Obj) value)).toList());
  }

  private static SavedResource resource(Json.Obj object) {
    return new SavedResource(
        object.text("name"),
        object.integer("node-id"),
        object.object("options").texts(),
        object.flag("primary"),
        object.array("volumes").stream().map(value -> volume((Json.Obj) value)).toList(),
        object.array("peers").stream().map(value -> SavedPeer.fromJson((Json.Obj) value)).toList());
  }

  private static SavedVolume volume(Json.Obj object) {
    return new SavedVolume(
        object.integer("volume"),
        object.integer("minor"),
        object.flag("client"),
        DeviceWish.parse(object.text("device")),
        object.has("attach")
            ? Optional.of(AttachArguments.parse(object.object("attach")))
            : Optional.empty());
  }
}
