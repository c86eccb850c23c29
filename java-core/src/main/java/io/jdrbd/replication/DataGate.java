package io.jdrbd.replication;

/** Holds the data stream of a connection, whose control stream goes on. */
public interface DataGate {
  /** Nothing more is taken from the data stream, after what is being handed over. */
  void hold();

  /** Ends a hold. */
  void release();
}
