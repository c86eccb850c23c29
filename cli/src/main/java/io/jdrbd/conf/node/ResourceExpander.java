package io.jdrbd.conf.node;

import io.jdrbd.conf.DiskPart;
import io.jdrbd.conf.HostConf;
import io.jdrbd.conf.ResourceConf;
import io.jdrbd.conf.SectionKind;
import io.jdrbd.conf.Sections;
import io.jdrbd.conf.Setting;
import io.jdrbd.conf.TemplateConf;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes of each resource what it means on one host. */
final class ResourceExpander {
  private final Sections common;
  private final LocalHost here;
  private final Function<String, Optional<NodeResource>> others;
  private final Findings findings;

  ResourceExpander(
      Sections common,
      LocalHost here,
      Function<String, Optional<NodeResource>> others,
      Findings findings) {
    this.common = common;
    this.here = here;
    this.others = others;
    this.findings = findings;
  }

  static boolean isStacked(ResourceConf resource) {
    return resource.hosts().stream().anyMatch(host -> host.kind() == HostConf.Kind.STACKED);
  }

  NodeResource expand(ResourceConf resource) {
    Sections inherited = resource.template().map(TemplateConf::common).orElse(common);
    Map<SectionKind, List<Setting>> settings = new EnumMap<>(SectionKind.class);
    for (SectionKind kind : SectionKind.values()) {
      settings.put(
          kind,
          kind == SectionKind.DISK
              ? disk(resource, inherited)
              : inherited(resource, resource.sections().of(kind), inherited.of(kind)));
    }
    List<NodeHost> hosts =
        new HostExpander(resource, settings.get(SectionKind.DISK), others, findings).hosts();
    return new NodeResource(
        resource,
        new Sections(settings),
        hosts,
        self(resource, hosts),
        new ConnectionExpander(resource, hosts, settings.get(SectionKind.NET), findings)
            .connections());
  }

  /** The options of devices, disks and peer devices are inherited apart. */
  private List<Setting> disk(ResourceConf resource, Sections inherited) {
    List<Setting> all = new ArrayList<>();
    for (DiskPart part : DiskPart.values()) {
      all.addAll(
          inherited(
              resource,
              part.of(resource.sections().of(SectionKind.DISK)),
              part.of(inherited.of(SectionKind.DISK))));
    }
    return all;
  }

  private List<Setting> inherited(
      ResourceConf resource, List<Setting> own, List<Setting> inherited) {
    return OptionList.written(own)
        .inherit(inherited, (there, other) -> findings.clash(resource.name(), there, other))
        .settings();
  }

  private Optional<NodeHost> self(ResourceConf resource, List<NodeHost> hosts) {
    List<NodeHost> own = hosts.stream().filter(this::isHere).toList();
    if (own.size() > 1) {
      HostConf second = own.get(1).written();
      findings.problem(
          second.at(),
          second.kind().word().length(),
          "both '%s' and '%s' of resource '%s' are this host, %s"
              .formatted(
                  own.getFirst().displayName(),
                  own.get(1).displayName(),
                  resource.name(),
                  here.name()));
    }
    return own.stream().findFirst();
  }

  private boolean isHere(NodeHost host) {
    return host.written().kind() == HostConf.Kind.FLOATING
        ? host.address().filter(address -> here.hasAddress().test(address.host())).isPresent()
        : host.names().stream().anyMatch(here::isCalled);
  }
}
