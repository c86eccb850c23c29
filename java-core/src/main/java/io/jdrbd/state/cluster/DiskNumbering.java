package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;

/** How disk states are numbered on the wire (spec 4.1.1): DRBD 8.4 knows no Detaching. */
public enum DiskNumbering {
  /** Below protocol version 110: all above Failed are one less; Detaching is sent as Failed. */
  VERSION_84 {
    @Override
    int toWire(DiskState disk) {
      return disk.isAbove(DiskState.DETACHING) ? disk.number() - 1 : disk.number();
    }

    @Override
    int toOwn(int wire) {
      return wire >= DiskState.DETACHING.number() ? wire + 1 : wire;
    }
  },
  /** From protocol version 110 on: the numbers of {@link DiskState}. */
  VERSION_9 {
    @Override
    int toWire(DiskState disk) {
      return disk.number();
    }

    @Override
    int toOwn(int wire) {
      return wire;
    }
  };

  /** The numbering that is spoken at a protocol version. */
  public static DiskNumbering of(int protocolVersion) {
    return protocolVersion < ConnectionFacts.VERSION_9 ? VERSION_84 : VERSION_9;
  }

  /** The number that stands for a state on the wire. */
  abstract int toWire(DiskState disk);

  /** The number of {@link DiskState} for one of the wire; may be one that no state has. */
  abstract int toOwn(int wire);
}
