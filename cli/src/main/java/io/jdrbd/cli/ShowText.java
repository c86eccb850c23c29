package io.jdrbd.cli;

import io.jdrbd.resource.OptionType;
import io.jdrbd.resource.ResourceOption;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    text.append(options(resource));
    text.append("    _this_host {\n");
    text.append("        node-id\t\t\t").append(resource.nodeId()).append(";\n");
    resource.volumes().forEach(volume -> text.append(volume(volume)));
    return text.append("    }\n}\n\n").toString();
  }

  private String options(ResourceView resource) {
    String lines =
        Arrays.stream(ResourceOption.values())
            .filter(option -> defaults || !isDefault(resource, option))
            .map(option -> line(resource, option))
            .collect(Collectors.joining());
    return lines.isEmpty() ? "" : "    options {\n" + lines + "    }\n";
  }

  private static boolean isDefault(ResourceView resource, ResourceOption option) {
    return resource.options().get(option).equals(option.defaultValue());
  }

  private static String line(ResourceView resource, ResourceOption option) {
    String remark =
        Stream.concat(
                Stream.of(option.unitWord()).filter(word -> !word.isEmpty()),
                isDefault(resource, option) ? Stream.of("default") : Stream.empty())
            .collect(Collectors.joining(", "));
    return "        %-16s\t%s;%s%n"
        .formatted(
            option.word(),
            value(option.type(), resource.options().get(option)),
            remark.isEmpty() ? "" : " # " + remark);
  }

  private static String value(OptionType type, String value) {
    return switch (type) {
      case OptionType.Bool yesNo -> value;
      case OptionType.Choice choice -> value;
      case OptionType.Text text -> quoted(value);
      case OptionType.Numeric number ->
          number.words().contains(value) ? value : value + number.unit().suffix();
    };
  }

  private static String volume(VolumeView volume) {
    String disk =
        volume
            .backingDevice()
            .map(path -> "            disk\t\t\t" + quoted(path) + ";\n")
            .orElse(volume.client() ? "            disk\t\t\tnone;\n" : "");
    return """
            volume %d {
                device\t\t\tminor %d;
    %s        }
    """
        .formatted(volume.volume(), volume.minor(), disk);
  }

  private static String quoted(String text) {
    return List.of("\\", "\"").stream()
        .reduce(text, (all, special) -> all.replace(special, "\\" + special))
        .transform(escaped -> "\"" + escaped + "\"");
  }
}
