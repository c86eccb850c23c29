package io.jdrbd.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.connect.DialFailure;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which failed calls are tried again (spec 1.4.3), as Netty words them. */
class SocketErrorsTest {
  private static final PathAddresses PATH = Side.path("127.0.0.2", 7789, "127.0.0.3", 7789);

  @BeforeAll
  static void loadNativeCode() {
    Epoll.ensureAvailability();
  }

  @ParameterizedTest
  @CsvSource({
    "4, false, Interrupted system call",
    "13, true, Permission denied",
    "22, false, Invalid argument",
    "97, true, Address family not supported by protocol",
    "99, false, Cannot assign requested address",
    "104, false, Connection reset by peer",
    "110, false, Connection timed out",
    "111, false, Connection refused",
    "112, false, Host is down",
    "113, false, No route to host"
  })
  void aFailedCallIsTriedAgainOrNot(int errno, boolean fatal, String text) {
    DialFailure bind = SocketErrors.dial(PATH, Errors.newIOException("connect", -errno));
    DialFailure connect =
        SocketErrors.dial(
            PATH,
            new ConnectException(
                "finishConnect(..) failed with error(-%d): %s: /127.0.0.3:7789"
                    .formatted(errno, text)));
    assertThat(bind.fatal()).isEqualTo(fatal);
    assertThat(connect).isEqualTo(new DialFailure(fatal, PATH + ": " + text));
  }

  @Test
  void whatHasNoNumberIsKnownByItsType() {
    assertThat(SocketErrors.dial(PATH, new ConnectTimeoutException("connection timed out")))
        .isEqualTo(new DialFailure(false, PATH + ": no answer"));
    assertThat(SocketErrors.dial(PATH, new NoRouteToHostException()))
        .isEqualTo(new DialFailure(false, PATH + ": No route to host"));
  }

  @Test
  void anEndIsAResetOrAFailure() {
    assertThat(SocketErrors.end(Errors.newIOException("recvAddress", -104)).kind())
        .isEqualTo(StreamEnd.Kind.RESET);
    assertThat(SocketErrors.end(new IOException("broken")))
        .isEqualTo(new StreamEnd(StreamEnd.Kind.FAILED, "broken"));
  }
}
