package io.jdrbd.transport;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The transports that this node has, by name. */
public final class Transports {
  private final Map<String, TransportFactory> byName = new TreeMap<>();

  /**
   * @throws IllegalArgumentException two have the same name
   */
  public Transports(Collection<? extends TransportFactory> factories) {
    for (TransportFactory factory : factories) {
      if (byName.put(factory.name(), factory) != null) {
        throw new IllegalArgumentException("two transports are called " + factory.name());
      }
    }
  }

  /** The one of this name; empty if there is none, which refuses the connection (code 172). */
  public Optional<TransportFactory> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** What there is, in alphabetical order. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }
}
