package io.jdrbd.plan;

import io.jdrbd.conf.Setting;
import io.jdrbd.conf.ShownResource.ShownOptions;
import io.jdrbd.resource.NamedOption;
import java.util.List;

/** Compares configured options with those in force: by their values, whatever their units. */
final class OptionComparison {
  private OptionComparison() {}

  /** Whether one of some options is configured otherwise than it is in force. */
  static boolean differ(List<Setting> configured, ShownOptions running, NamedOption... options) {
    for (NamedOption option : options) {
      if (!running.unknown().contains(option.word())
          && !value(option, configured).equals(value(option, running.settings()))) {
        return true;
      }
    }
    return false;
  }

  private static String value(NamedOption option, List<Setting> settings) {
    String text =
        settings.stream()
            .filter(setting -> setting.name().equals(option.word()))
            .map(Setting::value)
            .findFirst()
            .orElse(option.defaultValue());
    return option.type().canonical(text).orElse(text);
  }

  /** Without what the node says that it does not know. */
  static List<Setting> known(List<Setting> settings, ShownOptions running) {
    return settings.stream()
        .filter(setting -> !running.unknown().contains(setting.name()))
        .toList();
  }
}
