package io.jdrbd.resource;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One end of a path: an IP address and a port (spec 7, section 8).
 *
 * @param socket resolved; never a host name
 */
public record Endpoint(InetSocketAddress socket) {
  private static final int DEFAULT_PORT = 7788;
  private static final int PORT_MAX = 65535;

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<family>ipv4|ipv6|ssocks|sdp):)?"
              + "(?:\\[(?<six>[0-9A-Fa-f:.]+(?:%\\w+)?)]|(?<four>\\d{1,3}(?:\\.\\d{1,3}){3}))"
              + "(?::(?<port>\\d{1,5}))?");

  public Endpoint {
    if (socket.isUnresolved()) {
      throw new IllegalArgumentException(socket + " is not an IP address");
    }
  }

  /**
   * Reads {@code [FAMILY:]ADDRESS[:PORT]}; IPv6 addresses in brackets.
   *
   * @throws IllegalArgumentException names the text and what would be right
   */
  public static Endpoint parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw bad(text);
    }
    boolean six = form.group("six") != null;
    String family = form.group("family");
    if (family != null && !family.equals(six ? "ipv6" : "ipv4")) {
      throw bad(text);
    }
    int port = form.group("port") == null ? DEFAULT_PORT : Integer.parseInt(form.group("port"));
    if (port == 0 || port > PORT_MAX) {
      throw bad(text);
    }
    try {
      InetAddress address =
          six
              ? Inet6Address.ofLiteral(form.group("six"))
              : Inet4Address.ofLiteral(form.group("four"));
      return new Endpoint(new InetSocketAddress(address, port));
    } catch (IllegalArgumentException e) {
      throw bad(text);
    }
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "'%s' is no address; say 192.0.2.1:7789, ipv4:192.0.2.1:7789 or ipv6:[2001:db8::1]:7789"
            .formatted(text));
  }

  /** Its IP address. */
  public InetAddress ip() {
    return socket.getAddress();
  }

  /** Its port, 1 to 65535. */
  public int port() {
    return socket.getPort();
  }

  /** {@code ipv4} or {@code ipv6}. */
  public String family() {
    return isIpv6() ? "ipv6" : "ipv4";
  }

  /** The address alone, as people write it. */
  public String host() {
    return isIpv6() ? Ipv6Text.of((Inet6Address) ip()) : ip().getHostAddress();
  }

  /** Address and port: {@code 192.0.2.1:7789} or {@code [2001:db8::1]:7789}. */
  public String hostAndPort() {
    return (isIpv6() ? "[" + host() + "]" : host()) + ":" + port();
  }

  private boolean isIpv6() {
    return ip() instanceof Inet6Address;
  }

  /** {@code ipv4:192.0.2.1:7789}. */
  @Override
  public String toString() {
    return family() + ":" + hostAndPort();
  }
}
