package io.jdrbd.conf.node;

import io.jdrbd.conf.SectionKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is to be run for an event of a resource (spec 7, section 13.2).
 *
 * @param command for a shell
 * @param environment what it is told of the configuration, beside what the node tells of the event
 */
public record Handler(String command, Map<String, String> environment) {
  private static final String NO_DISK = "none";

  public Handler {
    environment = Map.copyOf(environment);
  }

  /**
   * Finds the handler of a resource.
   *
   * @param file the configuration's
   * @param name such as {@code split-brain}
   * @return empty if none is configured
   */
  public static Optional<Handler> find(
      NodeConfiguration configuration, Path file, String resource, String name) {
    return configuration
        .own(resource)
        .flatMap(
            own ->
                own.of(SectionKind.HANDLERS).stream()
                    .filter(setting -> setting.name().equals(name))
                    .findFirst()
                    .map(setting -> new Handler(setting.value(), environment(own, file))));
  }

  private static Map<String, String> environment(NodeResource resource, Path file) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("DRBD_CONF", file.toString());
    environment.put("DRBD_RESOURCE", resource.name());
    resource
        .hosts()
        .forEach(host -> environment.put("DRBD_NODE_ID_" + host.id(), host.displayName()));
    environment.put("DRBD_MY_NODE_ID", Integer.toString(resource.here().id()));
    List<NodeVolume> volumes = resource.here().volumes();
    environment.put("DRBD_MINOR", list(volumes, NodeVolume::minor));
    environment.put("DRBD_VOLUME", list(volumes, NodeVolume::number));
    environment.put("DRBD_LL_DISK", list(volumes, volume -> volume.diskPath().orElse(NO_DISK)));
    return environment;
  }

  private static String list(List<NodeVolume> volumes, Function<NodeVolume, Object> item) {
    return volumes.stream().map(item).map(Object::toString).collect(Collectors.joining(" "));
  }
}
