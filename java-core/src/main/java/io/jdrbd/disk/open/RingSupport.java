package io.jdrbd.disk.open;

/** Whether io_uring can be used here. */
sealed interface RingSupport {

  /** The kernel permits it and has what the engine needs. */
  record Usable() implements RingSupport {}

  /** It cannot; the reason is for people. */
  record Unusable(String reason) implements RingSupport {}

  /** Asks the kernel. */
  static RingSupport probe() {
    return new Unusable("this build has no io_uring engine");
  }
}
