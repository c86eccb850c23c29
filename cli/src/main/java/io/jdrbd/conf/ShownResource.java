package io.jdrbd.conf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A resource that is running, as {@code show} tells of it in this language (spec 7, section 10.3).
 *
 * @param options those that are not at their defaults
 */
public record ShownResource(
    String name,
    ShownOptions options,
    OptionalInt nodeId,
    List<ShownVolume> volumes,
    List<ShownConnection> connections) {
  public ShownResource {
    volumes = List.copyOf(volumes);
    connections = List.copyOf(connections);
  }

  /**
   * Options that are set, and those that the node says it does not know.
   *
   * @param unknown their names
   */
  public record ShownOptions(List<Setting> settings, List<String> unknown) {
    /** Nothing is set. */
    public static final ShownOptions NONE = new ShownOptions(List.of(), List.of());

    public ShownOptions {
      settings = List.copyOf(settings);
      unknown = List.copyOf(unknown);
    }
  }

  /**
   * A device.
   *
   * @param disk empty while none is attached
   * @param metaDisk empty while none is attached
   */
  public record ShownVolume(
      int number,
      int minor,
      Optional<String> disk,
      Optional<VolumeConf.MetaDisk> metaDisk,
      ShownOptions options) {}

  /**
   * A connection.
   *
   * @param state its connection state's name
   * @param volumes options of its peer devices
   */
  public record ShownConnection(
      int peerNodeId,
      List<ShownPath> paths,
      String state,
      ShownOptions net,
      List<ShownPeerDevice> volumes) {
    public ShownConnection {
      paths = List.copyOf(paths);
      volumes = List.copyOf(volumes);
    }
  }

  /** A path. */
  public record ShownPath(Address local, Address remote) {}

  /** A peer device. */
  public record ShownPeerDevice(int volume, ShownOptions options) {}

  /** One of its volumes. */
  public Optional<ShownVolume> volume(int number) {
    return volumes.stream().filter(volume -> volume.number() == number).findFirst();
  }

  /** One of its connections. */
  public Optional<ShownConnection> connection(int peerNodeId) {
    return connections.stream()
        .filter(connection -> connection.peerNodeId() == peerNodeId)
        .findFirst();
  }

  /**
   * Reads what {@code show} printed.
   *
   * @throws ConfException if it is not in the language
   */
  public static List<ShownResource> read(String text) throws ConfException {
    return ShownReader.read(StatementParser.parse(Source.of("show", text)));
  }
}
