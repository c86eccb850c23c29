package io.jdrbd.resource;

/**
 * Is told of every change that people and tools should know of. Called on the node's loop, once per
 * atomic change and resource.
 */
public interface NodeListener {
  /** The resource is new or something of it has changed, other than its statistics. */
  void changed(ResourceView resource);

  /** The resource does not exist any more. */
  void gone(String name);
}
