package io.jdrbd.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Future;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/** One of two nodes, in a container of its own: r0/0 on a file with metadata, protocol C. */
final class ReplicaContainer implements AutoCloseable {
  private static final String SUBNET = "172.30.77.";
  private static final String EXPORT = "nbd+unix:///r0/0?socket=/run/jdrbd/nbd.sock";

  private final Network network;
  private final GenericContainer<?> container;
  private final int id;

  /**
   * @param id 0 or 1; the peer has the other
   * @param seccomp the profile of the container
   */
  ReplicaContainer(Future<String> image, Network network, int id, String seccomp) {
    this.network = network;
    this.id = id;
    this.container =
        new GenericContainer<>(image)
            .withCreateContainerCmdModifier(
                command ->
                    command
                        .withIpv4Address(address(id))
                        .getHostConfig()
                        .withSecurityOpts(List.of("seccomp=" + seccomp)))
            .withNetwork(network)
            .withCommand("jdrbd", "daemon", "--ready-fd", "1")
            .waitingFor(
                Wait.forLogMessage("ready\n", 1).withStartupTimeout(ContainerIT.START_TIMEOUT));
  }

  /** A network in which each of the two has the address that the other knows. */
  static Network network() {
    return Network.builder()
        .createNetworkCmdModifier(
            command ->
                command.withIpam(
                    new com.github.dockerjava.api.model.Network.Ipam()
                        .withConfig(
                            new com.github.dockerjava.api.model.Network.Ipam.Config()
                                .withSubnet(SUBNET + "0/24"))))
        .build();
  }

  private static String address(int id) {
    return SUBNET + (10 + id);
  }

  /** Starts the node with an empty disk, and lets it look for its peer. */
  void start() throws IOException, InterruptedException {
    container.start();
    run("truncate", "-s", "48M", "/disk");
    run("jdrbd", "drbdmeta", "--force", "0", "v09", "/disk", "internal", "create-md", "1");
    run("jdrbd", "new-resource", "r0", String.valueOf(id));
    run("jdrbd", "new-minor", "r0", "0", "0", "--device", "none");
    run("jdrbd", "attach", "0", "/disk", "/disk", "internal");
    String peer = String.valueOf(1 - id);
    run("jdrbd", "new-peer", "r0", peer, "--_name=peer", "--protocol=C", "--connect-int=1");
    run("jdrbd", "new-path", "r0", peer, endpoint(id), endpoint(1 - id));
    run("jdrbd", "connect", "r0", peer);
  }

  private static String endpoint(int id) {
    return "ipv4:" + address(id) + ":7789";
  }

  /** Waits until the two are connected and equal. */
  void awaitInSync() throws IOException, InterruptedException {
    run("jdrbd", "wait-connect-resource", "r0", "--wfc-timeout=60");
    run("jdrbd", "wait-sync-resource", "r0");
    assertThat(run("jdrbd", "dstate", "0")).isEqualTo("UpToDate/UpToDate\n");
  }

  /** Writes random bytes from the start of the volume on, and keeps them for comparison. */
  void write(int mib) throws IOException, InterruptedException {
    run("sh", "-c", "head -c %d /dev/urandom > /tmp/data".formatted(mib << 20));
    run("nbdcopy", "--flush", "/tmp/data", EXPORT);
  }

  /** The digest of what the volume begins with. */
  String digest(int mib) throws IOException, InterruptedException {
    run("nbdcopy", EXPORT, "/tmp/copy");
    return run("sh", "-c", "head -c %d /tmp/copy | md5sum".formatted(mib << 20));
  }

  /** Takes the node's only network away; nobody is told. */
  void cut() {
    docker()
        .disconnectFromNetworkCmd()
        .withContainerId(container.getContainerId())
        .withNetworkId(network.getId())
        .exec();
  }

  /** Gives the network back, with the same address. */
  void heal() {
    docker()
        .connectToNetworkCmd()
        .withContainerId(container.getContainerId())
        .withNetworkId(network.getId())
        .withContainerNetwork(
            new ContainerNetwork()
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address(id))))
        .exec();
  }

  private static DockerClient docker() {
    return DockerClientFactory.instance().client();
  }

  /** Runs a program that must succeed in the container. */
  String run(String... command) throws IOException, InterruptedException {
    ExecResult result = container.execInContainer(command);
    assertThat(result.getExitCode())
        .as(() -> String.join(" ", command) + ": " + result + "\n" + container.getLogs())
        .isZero();
    return result.getStdout();
  }

  @Override
  public void close() {
    container.close();
  }
}
