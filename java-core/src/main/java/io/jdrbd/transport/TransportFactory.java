package io.jdrbd.transport;

/** Makes transports of one kind. */
public interface TransportFactory {
  /** By which the option {@code transport} finds it: {@code tcp}. */
  String name();

  /**
   * The network of one resource.
   *
   * @param resource its name, for logs
   */
  Transport create(String resource);
}
