package io.jdrbd.cli;

import io.jdrbd.metadata.format.Placement;
import io.jdrbd.resource.BackingView;
import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.DiskOption;
import io.jdrbd.resource.MetadataPlace;
import io.jdrbd.resource.ResourceOption;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import java.util.Comparator;

/**
 * The text of {@code show} (spec 7, section 10.3). A disk without metadata has no {@code meta-disk}
 * line.
 *
 * @param defaults whether options at their default are shown
 */
record ShowText(boolean defaults) {
  private static final String INTENTIONALLY_DISKLESS =
      """
                  disk\t\t\tnone;
                  disk {
                      diskless        \tyes;
                  }
      """;

  String of(ResourceView resource) {
    StringBuilder text = new StringBuilder();
    text.append("resource \"").append(resource.name()).append("\" {\n");
    text.append(
        new OptionLines(defaults)
            .section("options", "    ", ResourceOption.values(), resource.options().values()));
    text.append("    _this_host {\n");
    text.append("        node-id\t\t\t").append(resource.nodeId()).append(";\n");
    resource.volumes().forEach(volume -> text.append(volume(volume)));
    text.append("    }\n");
    ShowConnection connections = new ShowConnection(new OptionLines(defaults));
    resource.connections().stream()
        .sorted(Comparator.comparing(ConnectionView::name))
        .forEach(connection -> text.append(connections.of(connection)));
    return text.append("}\n\n").toString();
  }

  private String volume(VolumeView volume) {
    String disk =
        volume.backing().map(this::disk).orElse(volume.client() ? INTENTIONALLY_DISKLESS : "");
    return """
            volume %d {
                device\t\t\tminor %d;
    %s        }
    """
        .formatted(volume.volume(), volume.minor(), disk);
  }

  private String disk(BackingView backing) {
    return "            disk\t\t\t"
        + OptionLines.quoted(backing.path())
        + ";\n"
        + backing.metadata().map(ShowText::metaDisk).orElse("")
        + new OptionLines(defaults)
            .section("disk", "            ", DiskOption.values(), backing.config().values());
  }

  private static String metaDisk(MetadataPlace place) {
    String value =
        switch (place.placement()) {
          case Placement.Internal() -> "internal";
          case Placement.Flexible() -> OptionLines.quoted(place.path());
          case Placement.Indexed(int index) ->
              OptionLines.quoted(place.path()) + " [ " + index + " ]";
        };
    return "            meta-disk\t\t\t" + value + ";\n";
  }
}
