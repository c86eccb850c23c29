package io.jdrbd.resource;

import java.util.Map;

/**
 * The options of one connection; what is not set has its default. What no method names is read by
 * {@link #text}.
 */
public record NetOptions(OptionValues<NetOption> values) {
  private static final NetOptions DEFAULTS = new NetOptions(OptionValues.defaults(NetOption.class));

  /** Every option at its default. */
  public static NetOptions defaults() {
    return DEFAULTS;
  }

  /**
   * These options with some of them changed.
   *
   * @param changes by name
   * @throws IllegalArgumentException names the option, the value and what would be accepted
   */
  public NetOptions with(Map<String, String> changes) {
    return new NetOptions(values.with(changes));
  }

  /** These options, all but those that are fixed at creation back at their defaults. */
  public NetOptions reset() {
    return new NetOptions(values.reset());
  }

  /** What differs from the default, by name, in the order of the options. */
  public Map<String, String> nonDefaults() {
    return values.nonDefaults();
  }

  /** The value of an option in canonical form, such as a policy's word or an algorithm's name. */
  public String text(NetOption option) {
    return values.get(option);
  }

  /** What the peer is called; empty if it has no name. */
  public String name() {
    return text(NetOption.NAME);
  }

  /** The name of the transport: what is given, else what the other options need. */
  public String transport() {
    String given = text(NetOption.TRANSPORT);
    if (!given.isEmpty()) {
      return given;
    }
    return values.isSet(NetOption.LOAD_BALANCE_PATHS) ? "lb-tcp" : "tcp";
  }

  /** When a write is complete. */
  public WriteProtocol protocol() {
    return WriteProtocol.valueOf(text(NetOption.PROTOCOL));
  }

  /** How long the peer has to answer anything but a ping, in tenths of a second. */
  public int timeoutDs() {
    return integer(NetOption.TIMEOUT);
  }

  /** How long the peer has to answer a ping, in tenths of a second. */
  public int pingTimeoutDs() {
    return integer(NetOption.PING_TIMEOUT);
  }

  /** After how long without traffic the peer is pinged, in seconds. */
  public int pingIntS() {
    return integer(NetOption.PING_INT);
  }

  /** How long to wait between two attempts to connect, in seconds. */
  public int connectIntS() {
    return integer(NetOption.CONNECT_INT);
  }

  /** How often the timeout may pass for a single write; 0 for any number of times. */
  public int koCount() {
    return integer(NetOption.KO_COUNT);
  }

  /** How long fresh sockets are watched before they are used, in tenths of a second. */
  public int socketCheckTimeoutDs() {
    int set = integer(NetOption.SOCKET_CHECK_TIMEOUT);
    return set == 0 ? pingTimeoutDs() : set;
  }

  /** The most writes between two barriers. */
  public int maxEpochSize() {
    return integer(NetOption.MAX_EPOCH_SIZE);
  }

  /** The most memory for what the peer sends, in pages of 4 KiB. */
  public int maxBuffersPages() {
    return integer(NetOption.MAX_BUFFERS);
  }

  /** The size of the sockets' send buffers in bytes; 0 lets the system choose. */
  public int sndbufBytes() {
    return integer(NetOption.SNDBUF_SIZE);
  }

  /** The size of the sockets' receive buffers in bytes; 0 lets the system choose. */
  public int rcvbufBytes() {
    return integer(NetOption.RCVBUF_SIZE);
  }

  /** Whether both nodes may be Primary at a time. */
  public boolean allowTwoPrimaries() {
    return values.isSet(NetOption.ALLOW_TWO_PRIMARIES);
  }

  /** Whether the policies after split brain apply although a third node may be involved. */
  public boolean alwaysAsbp() {
    return values.isSet(NetOption.ALWAYS_ASBP);
  }

  /** Whether small packets are held back to be sent together. */
  public boolean tcpCork() {
    return values.isSet(NetOption.TCP_CORK);
  }

  /** Whether bitmaps may be sent compressed. */
  public boolean useRle() {
    return values.isSet(NetOption.USE_RLE);
  }

  /** Whether reads may be sent to the peer although there is a disk here. */
  public boolean allowRemoteRead() {
    return values.isSet(NetOption.ALLOW_REMOTE_READ);
  }

  /** Whether a peer that is lost has to be fenced. */
  public boolean isFenced() {
    return !text(NetOption.FENCING).equals("dont-care");
  }

  /** Whether the streams are encrypted. */
  public boolean tls() {
    return values.isSet(NetOption.TLS);
  }

  /** Whether checksums are compared only in a resync after a crash. */
  public boolean csumsAfterCrashOnly() {
    return values.isSet(NetOption.CSUMS_AFTER_CRASH_ONLY);
  }

  /** How many sectors in flight count as congestion; 0 for any number. */
  public int congestionFillSectors() {
    return integer(NetOption.CONGESTION_FILL);
  }

  /** How many active extents count as congestion. */
  public int congestionExtents() {
    return integer(NetOption.CONGESTION_EXTENTS);
  }

  private int integer(NetOption option) {
    return (int) values.number(option);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
