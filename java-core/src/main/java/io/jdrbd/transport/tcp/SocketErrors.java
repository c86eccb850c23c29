package io.jdrbd.transport.tcp;

import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.connect.DialFailure;
import io.jdrbd.transport.connect.ListenException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors.NativeIoException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What errors of sockets mean for a connection, and what to call them. */
final class SocketErrors {
  private static final int EINTR = 4;
  private static final int EINVAL = 22;
  private static final int EPIPE = 32;
  private static final int EADDRNOTAVAIL = 99;
  private static final int ENETDOWN = 100;
  private static final int ENETUNREACH = 101;
  private static final int ECONNRESET = 104;
  private static final int ETIMEDOUT = 110;
  private static final int ECONNREFUSED = 111;
  private static final int EHOSTDOWN = 112;
  private static final int EHOSTUNREACH = 113;
  private static final int UNKNOWN = 0;

  /** The peer, or the way to it, is not there now (spec 1.4.3); or this node's own address. */
  private static final Set<Integer> PASSES =
      Set.of(
          EINTR,
          EINVAL,
          EADDRNOTAVAIL,
          ENETDOWN,
          ENETUNREACH,
          ECONNRESET,
          ETIMEDOUT,
          ECONNREFUSED,
          EHOSTDOWN,
          EHOSTUNREACH);

  /** Netty says it in the message where it has no accessor. */
  private static final Pattern ERRNO =
      Pattern.compile("(?:failed with error|syscall\\w*)\\(-?(\\d+)\\):? ?([^:]*)");

  private SocketErrors() {}

  static DialFailure dial(PathAddresses path, Throwable cause) {
    return switch (cause) {
      case ConnectTimeoutException e -> new DialFailure(false, path + ": no answer");
      // Netty's has no number, and no text of its own.
      case NoRouteToHostException e -> new DialFailure(false, path + ": No route to host");
      default -> new DialFailure(!PASSES.contains(errno(cause)), path + ": " + text(cause));
    };
  }

  static ListenException listen(InetSocketAddress address, Throwable cause) {
    return new ListenException(
        errno(cause) == EADDRNOTAVAIL,
        "cannot listen on %s: %s".formatted(PathAddresses.text(address), text(cause)));
  }

  static StreamEnd end(Throwable cause) {
    int errno = errno(cause);
    boolean reset = errno == ECONNRESET || errno == EPIPE;
    return new StreamEnd(reset ? StreamEnd.Kind.RESET : StreamEnd.Kind.FAILED, text(cause));
  }

  private static int errno(Throwable cause) {
    if (cause instanceof NativeIoException known) {
      return Math.abs(known.expectedErr());
    }
    Matcher number = ERRNO.matcher(String.valueOf(cause.getMessage()));
    return number.find() ? Integer.parseInt(number.group(1)) : UNKNOWN;
  }

  /** {@code Connection refused} from {@code finishConnect(..) failed with error(-111): ...}. */
  private static String text(Throwable cause) {
    Matcher number = ERRNO.matcher(String.valueOf(cause.getMessage()));
    return number.find() && !number.group(2).isBlank()
        ? number.group(2).strip()
        : String.valueOf(cause.getMessage());
  }
}
