package io.jdrbd.cli;

import io.jdrbd.control.Json;
import io.jdrbd.control.JsonText;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.resource.BackingView;
import io.jdrbd.resource.ConnectionStatistics;
import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.DiskConfig;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.MetadataPlace;
import io.jdrbd.resource.NetOptions;
import io.jdrbd.resource.PathView;
import io.jdrbd.resource.PeerDeviceOptions;
import io.jdrbd.resource.PeerDeviceStatistics;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.SyncProgress;
import io.jdrbd.resource.VolumeStatistics;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.IoSuspension;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.ResyncSuspension;
import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The states, in the kernel's own terms, for which drbdsetup's output was recorded. */
final class RecordedState {
  private static final long SECTOR_BYTES = 512;
  private static final long STABLE = 0x20;

  /** How options are called in the kernel's interface, and here. */
  private static final Map<String, String> OPTION_NAMES =
      Map.of(
          "wire_protocol", "protocol",
          "cong_fill", "congestion-fill",
          "disk_size", "size");

  private static final Map<String, List<String>> ENUMS =
      Map.of(
          "protocol", List.of("", "A", "B", "C"),
          "on-congestion", List.of("block", "pull-ahead", "disconnect"),
          "on-no-quorum", List.of("io-error", "suspend-io"),
          "auto-promote", List.of("no", "yes"),
          "disk-flushes", List.of("no", "yes"),
          "tls", List.of("no", "yes"));

  private RecordedState() {}

  /** All resources of a recorded state. */
  static List<ResourceView> read(String name) throws IOException {
    String text = Samples.recorded(name + ".state.json").replace(": null", ": {}");
    return JsonText.parse(text.getBytes(StandardCharsets.UTF_8)).array("resources").stream()
        .map(value -> resource((Json.Obj) value))
        .toList();
  }

  private static ResourceView resource(Json.Obj object) {
    Json.Obj info = object.object("info");
    Map<String, String> options = options(object.object("opts"));
    options.remove("node-id");
    return new ResourceView(
        object.text("name"),
        object.object("opts").integer("node_id"),
        named(Role.values(), Role::word, info.text("res_role")),
        suspensions(info),
        isSet(info, "res_fail_io"),
        named(
            WriteOrdering.values(),
            WriteOrdering::word,
            object.object("statistics").text("res_stat_write_ordering")),
        ResourceOptions.defaults().with(options),
        object.array("devices").stream().map(value -> volume((Json.Obj) value)).toList(),
        object.array("connections").stream().map(value -> connection((Json.Obj) value)).toList());
  }

  static Set<IoSuspension> suspensions(Json.Obj info) {
    Set<IoSuspension> set = EnumSet.noneOf(IoSuspension.class);
    addIf(set, IoSuspension.USER, isSet(info, "res_susp"));
    addIf(set, IoSuspension.NO_DATA, isSet(info, "res_susp_nod"));
    addIf(set, IoSuspension.FENCING, isSet(info, "res_susp_fen"));
    addIf(set, IoSuspension.QUORUM, isSet(info, "res_susp_quorum"));
    return set;
  }

  static VolumeView volume(Json.Obj object) {
    Json.Obj info = object.object("info");
    Json.Obj numbers = object.object("statistics");
    return new VolumeView(
        object.integer("volume"),
        object.integer("minor"),
        named(DiskState.values(), DiskState::word, info.text("dev_disk_state")),
        isSet(info, "is_intentional_diskless"),
        backing(object),
        isSet(info, "dev_is_open"),
        isSet(info, "dev_has_quorum"),
        new VolumeStatistics(
            numbers.number("dev_size") * SECTOR_BYTES,
            numbers.number("dev_read") * SECTOR_BYTES,
            numbers.number("dev_write") * SECTOR_BYTES,
            numbers.number("dev_al_writes"),
            numbers.number("dev_bm_writes"),
            numbers.integer("dev_upper_pending"),
            numbers.integer("dev_lower_pending")));
  }

  private static Optional<BackingView> backing(Json.Obj object) {
    String path = object.object("info").text("backing_dev_path");
    if (path.isEmpty()) {
      return Optional.empty();
    }
    if (!object.has("disk_conf")) {
      return Optional.of(new BackingView(path, Optional.empty(), DiskConfig.defaults()));
    }
    Json.Obj config = object.object("disk_conf");
    Map<String, String> options = options(config);
    options.keySet().removeAll(List.of("backing-dev", "meta-dev", "meta-dev-idx"));
    return Optional.of(
        new BackingView(
            path,
            Optional.of(
                new MetadataPlace(
                    config.text("meta_dev"), placement(config.integer("meta_dev_idx")))),
            DiskConfig.defaults().with(options)));
  }

  private static Placement placement(int index) {
    return switch (index) {
      case -3 -> new Placement.Internal();
      case -2 -> new Placement.Flexible();
      default -> new Placement.Indexed(index);
    };
  }

  private static ConnectionView connection(Json.Obj object) {
    Json.Obj info = object.object("info");
    Json.Obj numbers = object.object("statistics");
    Map<String, String> options = options(object.object("net_conf"));
    options.put("_name", object.text("name"));
    NetOptions net = NetOptions.defaults().with(options);
    return new ConnectionView(
        object.integer("peer_node_id"),
        net,
        named(ConnectionState.values(), ConnectionState::word, info.text("conn_connection_state")),
        named(Role.values(), Role::word, info.text("conn_role")),
        net.tls(),
        object.array("paths").stream().map(value -> path((Json.Obj) value)).toList(),
        object.array("peer_devices").stream().map(value -> peerDevice((Json.Obj) value)).toList(),
        new ConnectionStatistics(
            isSet(numbers, "conn_congested"),
            numbers.number("ap_in_flight"),
            numbers.number("rs_in_flight")));
  }

  private static PathView path(Json.Obj object) {
    return new PathView(
        Endpoint.parse(object.text("my")),
        Endpoint.parse(object.text("peer")),
        isSet(object, "established"));
  }

  static PeerDeviceView peerDevice(Json.Obj object) {
    Json.Obj info = object.object("info");
    Json.Obj numbers = object.object("statistics");
    Set<ResyncSuspension> suspensions = EnumSet.noneOf(ResyncSuspension.class);
    for (ResyncSuspension reason : ResyncSuspension.values()) {
      String key = "peer_resync_susp_" + reason.word().replace('-', '_');
      addIf(suspensions, reason, isSet(info, key));
    }
    return new PeerDeviceView(
        object.integer("volume"),
        PeerDeviceOptions.defaults()
            .with(object.has("conf") ? options(object.object("conf")) : Map.of()),
        named(ReplicationState.values(), ReplicationState::word, info.text("peer_repl_state")),
        named(DiskState.values(), DiskState::word, info.text("peer_disk_state")),
        isSet(info, "peer_is_intentional_diskless"),
        (number(numbers, "peer_dev_uuid_flags") & STABLE) != 0,
        suspensions,
        new PeerDeviceStatistics(
            number(numbers, "peer_dev_received"),
            number(numbers, "peer_dev_sent"),
            number(numbers, "peer_dev_out_of_sync"),
            numbers.integer("peer_dev_pending"),
            numbers.integer("peer_dev_unacked"),
            progress(numbers)));
  }

  private static Optional<SyncProgress> progress(Json.Obj numbers) {
    if (number(numbers, "peer_dev_rs_total") == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new SyncProgress(
            number(numbers, "peer_dev_rs_total"),
            number(numbers, "peer_dev_resync_failed"),
            number(numbers, "peer_dev_rs_same_csum"),
            number(numbers, "peer_dev_rs_dt_start_ms"),
            number(numbers, "peer_dev_rs_paused_ms"),
            mark(numbers, 0),
            mark(numbers, 1),
            number(numbers, "peer_dev_rs_c_sync_rate"),
            number(numbers, "peer_dev_ov_left") == 0
                ? Optional.empty()
                : Optional.of(
                    new SyncProgress.Verify(
                        number(numbers, "peer_dev_ov_start_sector"),
                        number(numbers, "peer_dev_ov_stop_sector"),
                        number(numbers, "peer_dev_ov_position"),
                        number(numbers, "peer_dev_ov_left"),
                        number(numbers, "peer_dev_ov_skipped")))));
  }

  private static SyncProgress.Mark mark(Json.Obj numbers, int which) {
    return new SyncProgress.Mark(
        number(numbers, "peer_dev_rs_dt" + which + "_ms"),
        number(numbers, "peer_dev_rs_db" + which + "_sectors"));
  }

  /** A number, which may be written as text in hexadecimal. */
  private static long number(Json.Obj numbers, String name) {
    return numbers.values().get(name) instanceof Json.Text text
        ? Long.parseUnsignedLong(text.value().substring("0x".length()), 16)
        : numbers.number(name);
  }

  private static Map<String, String> options(Json.Obj attributes) {
    Map<String, String> options = new HashMap<>();
    attributes
        .values()
        .forEach(
            (attribute, value) -> {
              String name = OPTION_NAMES.getOrDefault(attribute, attribute.replace('_', '-'));
              options.put(name, value(name, value));
            });
    return options;
  }

  private static String value(String option, Json value) {
    if (value instanceof Json.Text text) {
      return text.value();
    }
    int number = (int) ((Json.Whole) value).value();
    if (option.equals("quorum")) {
      return "majority";
    }
    return ENUMS.containsKey(option) ? ENUMS.get(option).get(number) : Integer.toString(number);
  }

  static boolean isSet(Json.Obj object, String name) {
    return object.has(name) && object.number(name) != 0;
  }

  private static <E> void addIf(Set<E> set, E element, boolean wanted) {
    if (wanted) {
      set.add(element);
    }
  }

  static <E> E named(E[] values, Function<E, String> word, String wanted) {
    return Arrays.stream(values)
        .filter(value -> word.apply(value).equals(wanted))
        .findFirst()
        .orElseThrow();
  }
}
