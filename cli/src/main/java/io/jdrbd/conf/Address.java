package io.jdrbd.conf;

/**
 * Where a node can be reached.
 *
 * @param host as it was written; of IPv6 without brackets
 */
public record Address(Family family, String host, int port, Position at) {

  /** The address family, as the language names it. */
  public enum Family {
    IPV4("ipv4"),
    IPV6("ipv6"),
    SSOCKS("ssocks"),
    SDP("sdp"),
    SCI("sci");

    private final String word;

    Family(String word) {
      this.word = word;
    }

    /** Its name. */
    public String word() {
      return word;
    }
  }

  /** {@code FAMILY:HOST:PORT}, as drbdsetup takes it. */
  public String argument() {
    String shown = family == Family.IPV6 ? "[" + host + "]" : host;
    return family.word() + ":" + shown + ":" + port;
  }
}
