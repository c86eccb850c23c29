package io.jdrbd.conf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A whole configuration as it is written: nothing is inherited yet, no host is this one yet.
 *
 * @param global what is said of the host as a whole; empty if there is no such section
 * @param common what all resources have in common
 * @param resources in the order in which they are written
 */
public record Configuration(
    Optional<GlobalConf> global, Sections common, List<ResourceConf> resources) {
  public Configuration {
    resources = List.copyOf(resources);
  }

  /**
   * Reads a file and all that it includes.
   *
   * @throws ConfException it cannot be used; describes all problems that were found
   * @throws IOException it cannot be read
   */
  public static Configuration read(Path file) throws ConfException, IOException {
    return ConfigurationReader.read(ConfReader.read(file));
  }
}
