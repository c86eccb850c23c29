package io.jdrbd.transport;

/** Is told what happens to a {@link PeerStream}, on the loop, never inside a call of it. */
public interface StreamListener {
  /** All that {@link PeerStream#receive} or {@link PeerStream#skip} asked for has arrived. */
  void received();

  /** After {@link PeerStream#isWritable} was false: there is room again. */
  void writable();

  /** Nothing more will arrive, and what is sent from now on is lost. Told once; close it then. */
  void ended(StreamEnd end);
}
