package io.jdrbd.daemon;

import io.jdrbd.conf.ConfException;
import io.jdrbd.conf.Configuration;
import io.jdrbd.conf.DefaultFiles;
import io.jdrbd.conf.node.Handler;
import io.jdrbd.conf.node.LocalHosts;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.driver.Handlers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is run when a handler is called.
 *
 * @param command the program and its arguments
 * @param environment all of it
 */
record HandlerProgram(List<String> command, Map<String, String> environment) {
  HandlerProgram {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Finds what is to be run. Not called on a loop: may read files. */
  @FunctionalInterface
  interface Finder {
    /**
     * Finds it.
     *
     * @return empty if nothing is to be run
     */
    Optional<HandlerProgram> find(Handlers.Call call) throws IOException, ConfException;
  }

  /** One program for all, as DRBD's module runs {@code drbdadm}: it finds out the rest itself. */
  static Finder always(Path program) {
    return call ->
        Optional.of(
            new HandlerProgram(
                List.of(program.toString(), call.handler(), call.resource()), call.environment()));
  }

  /**
   * What the configuration of the resource says.
   *
   * @param runDir has a link to the configuration with which a resource was brought up
   */
  static Finder configured(RunDir runDir) {
    return call -> {
      Path file =
          Stream.of(
                  runDir.configurationOf(call.resource()),
                  Path.of("/var/run/drbd/drbd-resource-%s.conf".formatted(call.resource())),
                  DefaultFiles.find())
              .filter(Files::isReadable)
              .findFirst()
              .orElse(Path.of("/dev/null"))
              .toRealPath();
      NodeConfiguration configuration =
          NodeConfiguration.of(Configuration.read(file), LocalHosts.ofProcess()).checked();
      return Handler.find(configuration, file, call.resource(), call.handler())
          .map(handler -> inShell(handler, call));
    };
  }

  private static HandlerProgram inShell(Handler handler, Handlers.Call call) {
    Map<String, String> environment = new TreeMap<>(call.environment());
    environment.putAll(handler.environment());
    return new HandlerProgram(List.of("/bin/sh", "-c", handler.command()), environment);
  }
}
