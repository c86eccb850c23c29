package io.jdrbd.conf.node;

import io.jdrbd.conf.ConfException;
import io.jdrbd.conf.Configuration;
import io.jdrbd.conf.DiskPart;
import io.jdrbd.conf.GlobalConf;
import io.jdrbd.conf.Problem;
import io.jdrbd.conf.ResourceConf;
import io.jdrbd.resource.DiskOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A configuration as it is meant on one host. One with problems can be looked at, and must not be
 * acted upon.
 *
 * @param resources all of them, in the order in which they are written
 * @param problems what does not fit together
 * @param warnings what is odd, and holds
 */
public record NodeConfiguration(
    Configuration written,
    LocalHost host,
    List<NodeResource> resources,
    List<Problem> problems,
    List<Problem> warnings) {
  public NodeConfiguration {
    resources = List.copyOf(resources);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /** What a configuration means on a host. */
  public static NodeConfiguration of(Configuration written, LocalHost host) {
    Findings findings = new Findings();
    Map<String, NodeResource> expanded = new HashMap<>();
    ResourceExpander expander =
        new ResourceExpander(
            written.common(), host, name -> Optional.ofNullable(expanded.get(name)), findings);
    // What is stacked comes after what it is stacked on.
    for (boolean stacked : new boolean[] {false, true}) {
      for (ResourceConf resource : written.resources()) {
        if (ResourceExpander.isStacked(resource) == stacked) {
          expanded.put(resource.name(), expander.expand(resource));
        }
      }
    }
    List<NodeResource> resources =
        written.resources().stream().map(resource -> expanded.get(resource.name())).toList();
    new UniqueChecks(findings).check(resources);
    resources.forEach(resource -> checkResyncAfter(resource, expanded, findings));
    return new NodeConfiguration(
        written, host, resources, findings.problems(), findings.warnings());
  }

  /** What a resync is to wait for should be there. */
  private static void checkResyncAfter(
      NodeResource resource, Map<String, NodeResource> all, Findings findings) {
    resource.self().stream()
        .flatMap(host -> host.volumes().stream())
        .flatMap(volume -> volume.settings(DiskPart.DISK).stream())
        .filter(setting -> setting.name().equals(DiskOption.RESYNC_AFTER.word()))
        .filter(setting -> minorOf(setting.value(), all).isEmpty())
        .forEach(
            setting ->
                findings.warning(
                    setting.at(),
                    setting.name().length(),
                    "this host has no volume '%s' that a resync could wait for; nothing is waited for"
                        .formatted(setting.value())));
  }

  private static OptionalInt minorOf(String target, Map<String, NodeResource> all) {
    int slash = target.lastIndexOf('/');
    String name = slash < 0 ? target : target.substring(0, slash);
    String number = slash < 0 ? "0" : target.substring(slash + 1);
    return Optional.ofNullable(all.get(name)).stream()
        .flatMap(resource -> resource.self().stream())
        .flatMap(host -> host.volumes().stream())
        .filter(volume -> Integer.toString(volume.number()).equals(number))
        .filter(volume -> volume.device().isPresent())
        .mapToInt(NodeVolume::minor)
        .findFirst();
  }

  /**
   * The minor of a volume of this host.
   *
   * @param target {@code RES/VOL}, or {@code RES} for volume 0
   */
  public OptionalInt minorOf(String target) {
    return minorOf(
        target, own().stream().collect(Collectors.toMap(NodeResource::name, Function.identity())));
  }

  /**
   * Itself.
   *
   * @throws ConfException if something in it does not fit together
   */
  public NodeConfiguration checked() throws ConfException {
    if (!problems.isEmpty()) {
      throw new ConfException(problems);
    }
    return this;
  }

  /** What it says of the host as a whole. */
  public GlobalConf global() {
    return written.global().orElse(GlobalConf.DEFAULT);
  }

  /** A resource that this host takes part in. */
  public Optional<NodeResource> own(String name) {
    return own().stream().filter(resource -> resource.name().equals(name)).findFirst();
  }

  /** The resources that this host takes part in. */
  public List<NodeResource> own() {
    return resources.stream().filter(resource -> resource.self().isPresent()).toList();
  }
}
