package io.jdrbd.transport;

/** The two streams of a connection (spec 1.4.1). */
public enum StreamKind {
  /** What a receiver works on one after the other: data, requests, states. */
  DATA(0xfff2),
  /** What must never wait: pings, acknowledgements, replies. */
  CONTROL(0xfff1);

  private final int firstPacket;

  StreamKind(int firstPacket) {
    this.firstPacket = firstPacket;
  }

  /** The command number of the packet with which the dialling node begins this stream. */
  public int firstPacket() {
    return firstPacket;
  }

  /** The other one. */
  public StreamKind other() {
    return this == DATA ? CONTROL : DATA;
  }
}
