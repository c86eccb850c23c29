package io.jdrbd.conf.dump;

import io.jdrbd.conf.GlobalConf;
import io.jdrbd.conf.Quoting;
import io.jdrbd.conf.SectionKind;
import io.jdrbd.conf.Sections;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.conf.node.NodeResource;
import java.util.List;

/**
 * Writes a configuration as drbdadm does: as it is written, in one form for all, or with all that
 * is inherited and implied.
 */
public final class ConfigurationDump {
  private static final List<SectionKind> ORDER =
      List.of(
          SectionKind.OPTIONS,
          SectionKind.NET,
          SectionKind.DISK,
          SectionKind.STARTUP,
          SectionKind.PROXY,
          SectionKind.HANDLERS);

  /** Written without its value, although it is one of the options that have one. */
  private static final String STACKED_TIMEOUTS = "stacked-timeouts";

  private ConfigurationDump() {}

  /**
   * All of it.
   *
   * @param file it was read from, for the first line
   * @param expanded whether to show what is inherited and implied
   */
  public static String all(String file, NodeConfiguration configuration, boolean expanded) {
    Layout layout = new Layout();
    layout.line("# " + file);
    configuration.written().global().ifPresent(global -> global(global, layout));
    if (!configuration.written().common().isEmpty()) {
      layout.open("common");
      sections(configuration.written().common(), layout);
      layout.close();
      layout.blank();
    }
    configuration
        .resources()
        .forEach(resource -> layout.raw(resource(configuration, resource, expanded)));
    return layout.toString();
  }

  /** One resource. */
  public static String resource(
      NodeConfiguration configuration, NodeResource resource, boolean expanded) {
    Layout layout = new Layout();
    layout.line(
        "# resource %s on %s: %s, %s"
            .formatted(
                Quoting.name(resource.name()),
                configuration.host().name(),
                resource.self().isPresent() ? "not ignored" : "ignored",
                resource.isStacked() ? "stacked" : "not stacked"));
    layout.line(
        "# defined at %s:%d"
            .formatted(resource.written().at().source().name(), resource.written().at().line()));
    layout.open("resource " + Quoting.name(resource.name()));
    resource
        .written()
        .template()
        .ifPresent(
            template -> layout.line("template-file " + Quoting.value(template.file()) + ";"));
    if (expanded) {
      ExpandedDump.body(resource, layout);
    } else {
      WrittenDump.body(resource, layout);
    }
    sections(expanded ? resource.sections() : resource.written().sections(), layout);
    layout.close();
    layout.blank();
    return layout.toString();
  }

  private static void global(GlobalConf global, Layout layout) {
    layout.open("global");
    if (!global.ipVerification()) {
      layout.line("disable-ip-verification;");
    }
    global.minorCount().ifPresent(count -> layout.line("minor-count " + count + ";"));
    global.dialogRefresh().ifPresent(seconds -> layout.line("dialog-refresh " + seconds + ";"));
    global.usageCount().ifPresent(word -> layout.line("usage-count " + word + ";"));
    layout.close();
    layout.blank();
  }

  private static void sections(Sections sections, Layout layout) {
    for (SectionKind kind : ORDER) {
      if (sections.of(kind).isEmpty()) {
        continue;
      }
      layout.open(kind.word());
      (kind == SectionKind.DISK ? DiskOrder.of(sections.of(kind)) : sections.of(kind))
          .forEach(
              setting -> {
                if (setting.name().equals(STACKED_TIMEOUTS)) {
                  layout.line(STACKED_TIMEOUTS + ";");
                } else {
                  layout.setting(setting);
                }
              });
      layout.close();
    }
  }
}
