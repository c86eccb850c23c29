package io.jdrbd.container;

import java.net.URI;
import java.util.Optional;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;

/**
 * Leads Testcontainers to the engine that the tests have started, if they did. Named in
 * META-INF/services.
 */
public final class OwnEngineStrategy extends DockerClientProviderStrategy {

  private static final String ADDRESS_PROPERTY = "jdrbd.container.engine";
  private static final int BEFORE_ALL_OTHERS = 1000;

  /** From now on Testcontainers uses the engine at this address. */
  static void use(URI address) {
    System.setProperty(ADDRESS_PROPERTY, address.toString());
  }

  private static Optional<URI> address() {
    return Optional.ofNullable(System.getProperty(ADDRESS_PROPERTY)).map(URI::create);
  }

  @Override
  public TransportConfig getTransportConfig() {
    return TransportConfig.builder().dockerHost(address().orElseThrow()).build();
  }

  @Override
  protected boolean isApplicable() {
    return address().isPresent();
  }

  @Override
  protected int getPriority() {
    return BEFORE_ALL_OTHERS;
  }

  /**
   * Said here, as Testcontainers would find it out with an image from a registry, if the build
   * itself is in a container.
   */
  @Override
  public synchronized String getDockerHostIpAddress() {
    return "localhost";
  }

  /** Or the choice would be written to the user's ~/.testcontainers.properties. */
  @Override
  protected boolean isPersistable() {
    return false;
  }

  @Override
  public String getDescription() {
    return "the tests' own container engine";
  }
}
