package io.jdrbd.container;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jdrbd.vm.JdrbdImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.MountableFile;

/**
 * Nodes in containers without Java or a distribution: one with a client in another container and
 * TLS between them, and two that replicate.
 */
class ContainerIT {

  private static final String NODE = "node";
  private static final String URI = "nbds://" + NODE + "/r0/0?tls-certificates=/tls";

  private static final String ALL_ALLOWED =
      """
      {"defaultAction": "SCMP_ACT_ALLOW"}
      """;

  private static final String NO_IO_URING =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["io_uring_setup", "io_uring_enter", "io_uring_register"],
                     "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]}
      """;

  static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  @TempDir static Path directory;

  private static Optional<ContainerEngine> engine = Optional.empty();
  private static ImageFromDockerfile image;
  private static Certificates certificates;

  @BeforeAll
  static void prepare() throws IOException {
    engine = ContainerEngine.findOrStart();
    boolean isRequired = Boolean.parseBoolean(System.getenv("CI"));
    assumeTrue(
        engine.isPresent() || isRequired,
        "no container engine runs here, and only root can start one: start docker, or run the tests"
            + " as root");
    image =
        new ImageFromDockerfile("jdrbd-test", true)
            .withFileFromPath("container.tar", JdrbdImage.containerFile())
            .withDockerfileFromBuilder(
                file ->
                    file.from("scratch").add("container.tar", "/").env("HOME", "/root").build());
    certificates = Certificates.make(directory, NODE);
  }

  @AfterAll
  static void stopEngine() {
    engine.ifPresent(ContainerEngine::close);
  }

  @Test
  void aClientInAnotherContainerCopiesByTls() throws Exception {
    try (Network network = Network.newNetwork();
        GenericContainer<?> node = node(network, ALL_ALLOWED);
        GenericContainer<?> client = client(network)) {
      node.start();
      client.start();
      offer(node);
      assertThat(node.getLogs()).contains("/disk: engine io_uring, as the kernel permits it");
      assertThat(run(client, "nbdinfo", URI)).contains("export-size: 67108864").contains("TLS");
      copyThereAndBack(client);

      ExecResult plain = client.execInContainer("nbdinfo", "nbd://" + NODE + "/r0/0");
      assertThat(plain.getExitCode()).isNotZero();
      assertThat(plain.getStderr()).contains("server replied with error");
    }
  }

  /**
   * Docker since 25 and containerd since 1.7 have such a profile by default; Debian 12's Docker has
   * not yet.
   */
  @Test
  void whereIoUringIsForbiddenTheDirectEngineDoesTheWork() throws Exception {
    try (Network network = Network.newNetwork();
        GenericContainer<?> node = node(network, NO_IO_URING);
        GenericContainer<?> client = client(network)) {
      node.start();
      client.start();
      offer(node);
      assertThat(node.getLogs().lines().filter(line -> line.contains("io_uring")))
          .singleElement(as(InstanceOfAssertFactories.STRING))
          .contains("/disk: engine direct");
      copyThereAndBack(client);
    }
  }

  @Test
  void aPairIsEqualAgainAfterItsNetworkWasCut() throws Exception {
    try (Network network = ReplicaContainer.network();
        ReplicaContainer alpha = new ReplicaContainer(image, network, 0, ALL_ALLOWED);
        ReplicaContainer bravo = new ReplicaContainer(image, network, 1, ALL_ALLOWED)) {
      alpha.start();
      bravo.start();
      alpha.run("jdrbd", "wait-connect-resource", "r0", "--wfc-timeout=60");
      alpha.run("jdrbd", "primary", "r0", "--force");
      alpha.awaitInSync();
      alpha.write(16);

      bravo.cut();
      alpha.write(4);
      assertThat(alpha.run("jdrbd", "cstate", "r0", "1")).isEqualTo("Connecting\n");
      bravo.heal();
      alpha.awaitInSync();

      String written = alpha.digest(16);
      alpha.run("jdrbd", "secondary", "r0");
      bravo.run("jdrbd", "primary", "r0");
      assertThat(bravo.digest(16)).isEqualTo(written);
    }
  }

  private static void copyThereAndBack(GenericContainer<?> client)
      throws IOException, InterruptedException {
    run(client, "sh", "-c", "head -c 67108864 /dev/urandom > /tmp/data");
    run(client, "nbdcopy", "--flush", "/tmp/data", URI);
    run(client, "nbdcopy", URI, "/tmp/copy");
    run(client, "cmp", "/tmp/data", "/tmp/copy");
  }

  /**
   * @param seccomp the profile of the container, so that the engine does not depend on what this
   *     version of Docker forbids
   */
  private static GenericContainer<?> node(Network network, String seccomp) {
    return new GenericContainer<>(image)
        .withCreateContainerCmdModifier(
            command -> command.getHostConfig().withSecurityOpts(List.of("seccomp=" + seccomp)))
        .withNetwork(network)
        .withNetworkAliases(NODE)
        .withCopyFileToContainer(MountableFile.forHostPath(certificates.server()), "/tls")
        .withCommand(
            "jdrbd",
            "daemon",
            "--listen",
            "tcp:0.0.0.0:10809",
            "--tls",
            "require",
            "--tls-certificates",
            "/tls",
            "--ready-fd",
            "1")
        .waitingFor(Wait.forLogMessage("ready\n", 1).withStartupTimeout(START_TIMEOUT));
  }

  private static GenericContainer<?> client(Network network) {
    return new GenericContainer<>(image)
        .withNetwork(network)
        .withCopyFileToContainer(MountableFile.forHostPath(certificates.client()), "/tls")
        .withCommand("sleep", "1000000");
  }

  private static void offer(GenericContainer<?> node) throws IOException, InterruptedException {
    run(node, "truncate", "-s", "67108864", "/disk");
    run(node, "jdrbd", "new-resource", "r0", "0");
    run(node, "jdrbd", "new-minor", "r0", "0", "0", "--device", "none");
    run(node, "jdrbd", "attach", "0", "/disk", "--no-metadata");
    run(node, "jdrbd", "primary", "r0");
  }

  private static String run(GenericContainer<?> container, String... command)
      throws IOException, InterruptedException {
    ExecResult result = container.execInContainer(command);
    assertThat(result.getExitCode())
        .as(() -> String.join(" ", command) + ": " + result + "\n" + container.getLogs())
        .isZero();
    return result.getStdout();
  }
}
