package io.jdrbd.cli;

import io.jdrbd.metadata.format.Placement;
import io.jdrbd.resource.BackingView;
import io.jdrbd.resource.DiskConfig;
import io.jdrbd.resource.MetadataPlace;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeStatistics;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** States of resources, and the recorded output of drbdsetup 9.34 for them. */
final class Samples {
  private static final long KIB = 1024;
  private static final Optional<MetadataPlace> METADATA =
      Optional.of(new MetadataPlace("/dev/vg0/mesh", new Placement.Internal()));

  private Samples() {}

  /** The state behind {@code 07-unconnected-no-devices}. */
  static List<ResourceView> unconnected() {
    return List.of(
        new ResourceView(
            "bare",
            5,
            Role.SECONDARY,
            Set.of(),
            false,
            WriteOrdering.BARRIER,
            ResourceOptions.defaults(),
            List.of(),
            List.of()),
        new ResourceView(
            "nodisk",
            5,
            Role.SECONDARY,
            Set.of(),
            false,
            WriteOrdering.FLUSH,
            ResourceOptions.defaults(),
            List.of(
                new VolumeView(
                    0,
                    200,
                    DiskState.DISKLESS,
                    false,
                    Optional.empty(),
                    false,
                    true,
                    VolumeStatistics.none())),
            List.of()));
  }

  /** The state behind {@code 02-mesh-primary}, without its connections. */
  static ResourceView mesh() {
    return mesh(
        Role.PRIMARY, volume(0, 20, DiskState.UP_TO_DATE, Optional.of("/dev/vg0/mesh"), true));
  }

  static ResourceView mesh(Role role, VolumeView... volumes) {
    return new ResourceView(
        "mesh",
        1,
        role,
        Set.of(),
        false,
        WriteOrdering.FLUSH,
        ResourceOptions.defaults(),
        List.of(volumes),
        List.of());
  }

  static VolumeView volume(
      int number, int minor, DiskState disk, Optional<String> path, boolean open) {
    return new VolumeView(
        number,
        minor,
        disk,
        false,
        path.map(device -> new BackingView(device, METADATA, DiskConfig.defaults())),
        open,
        true,
        path.isEmpty()
            ? VolumeStatistics.none()
            : new VolumeStatistics(10485760 * KIB, 10240 * KIB, 204800 * KIB, 17, 0, 1, 2));
  }

  static String recorded(String name) throws IOException {
    try (InputStream file = Samples.class.getResourceAsStream("/status/" + name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
