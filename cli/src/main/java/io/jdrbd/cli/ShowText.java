package io.jdrbd.cli;

import io.jdrbd.resource.ResourceOption;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;

/**
 * The text of {@code show} (spec 7, section 10.3). A disk without metadata has no {@code meta-disk}
 * line.
 *
 * @param defaults whether options at their default are shown
 */
record ShowText(boolean defaults) {

  String of(ResourceView resource) {
    StringBuilder text = new StringBuilder();
    text.append("resource \"").append(resource.name()).append("\" {\n");
    text.append(
        new OptionLines(defaults)
            .section("options", "    ", ResourceOption.values(), resource.options().values()));
    text.append("    _this_host {\n");
    text.append("        node-id\t\t\t").append(resource.nodeId()).append(";\n");
    resource.volumes().forEach(volume -> text.append(volume(volume)));
    return text.append("    }\n}\n\n").toString();
  }

  private static String volume(VolumeView volume) {
    String disk =
        volume
            .backingDevice()
            .map(path -> "            disk\t\t\t" + OptionLines.quoted(path) + ";\n")
            .orElse(volume.client() ? "            disk\t\t\tnone;\n" : "");
    return """
            volume %d {
                device\t\t\tminor %d;
    %s        }
    """
        .formatted(volume.volume(), volume.minor(), disk);
  }
}
