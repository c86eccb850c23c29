package io.jdrbd.resource;

/** Is told by a resource that people and tools should look at it. */
interface ResourceWatcher {
  /** Something has changed, perhaps only counters. */
  void changed(Resource resource);

  /** Counters have changed that somebody waits for. */
  void progressed(Resource resource);
}
