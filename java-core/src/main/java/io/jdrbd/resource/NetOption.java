package io.jdrbd.resource;

import static io.jdrbd.resource.OptionSpec.bool;
import static io.jdrbd.resource.OptionSpec.choice;
import static io.jdrbd.resource.OptionSpec.declare;
import static io.jdrbd.resource.OptionSpec.number;
import static io.jdrbd.resource.OptionSpec.text;

import java.util.List;

/**
 * The options of a connection, in the order in which {@code show} prints them (spec 7, section
 * 5.2).
 */
@SuppressWarnings("ImmutableEnumChecker") // the option types are records of lists that are copies
public enum NetOption implements NamedOption {
  TRANSPORT(name("transport").atCreationOnly()),
  LOAD_BALANCE_PATHS(bool("load-balance-paths", false)),
  PROTOCOL(declare("protocol", new OptionType.Choice(List.of("A", "B", "C"), true), "C")),
  TIMEOUT(number("timeout", 1, 600, 60).in("1/10 seconds")),
  MAX_EPOCH_SIZE(number("max-epoch-size", 1, 20000, 2048)),
  CONNECT_INT(number("connect-int", 1, 120, 10).in("seconds")),
  PING_INT(number("ping-int", 1, 120, 10).in("seconds")),
  SNDBUF_SIZE(number("sndbuf-size", 0, 134217728, 0).in("bytes")),
  RCVBUF_SIZE(number("rcvbuf-size", 0, 134217728, 0).in("bytes")),
  KO_COUNT(number("ko-count", 0, 200, 7)),
  ALLOW_TWO_PRIMARIES(bool("allow-two-primaries", false)),
  CRAM_HMAC_ALG(name("cram-hmac-alg")),
  SHARED_SECRET(name("shared-secret").keptSecret()),
  AFTER_SB_0PRI(
      choice(
          "after-sb-0pri",
          "disconnect",
          "discard-younger-primary",
          "discard-older-primary",
          "discard-zero-changes",
          "discard-least-changes",
          "discard-local",
          "discard-remote")),
  AFTER_SB_1PRI(
      choice(
          "after-sb-1pri",
          "disconnect",
          "consensus",
          "discard-secondary",
          "call-pri-lost-after-sb",
          "violently-as0p")),
  AFTER_SB_2PRI(choice("after-sb-2pri", "disconnect", "call-pri-lost-after-sb", "violently-as0p")),
  ALWAYS_ASBP(bool("always-asbp", false)),
  RR_CONFLICT(
      choice(
          "rr-conflict",
          "disconnect",
          "call-pri-lost",
          "violently",
          "retry-connect",
          "auto-discard")),
  PING_TIMEOUT(number("ping-timeout", 1, 300, 5).in("1/10 seconds")),
  DATA_INTEGRITY_ALG(name("data-integrity-alg")),
  TCP_CORK(bool("tcp-cork", true)),
  ON_CONGESTION(choice("on-congestion", "block", "pull-ahead", "disconnect")),
  CONGESTION_FILL(OptionSpec.size("congestion-fill", 0, 20971520, 0, SizeUnit.SECTOR).in("bytes")),
  CONGESTION_EXTENTS(number("congestion-extents", 67, 65534, 1237)),
  CSUMS_ALG(name("csums-alg")),
  CSUMS_AFTER_CRASH_ONLY(bool("csums-after-crash-only", false)),
  VERIFY_ALG(name("verify-alg")),
  USE_RLE(bool("use-rle", true)),
  SOCKET_CHECK_TIMEOUT(number("socket-check-timeout", 0, 300, 0)),
  FENCING(choice("fencing", "dont-care", "resource-only", "resource-and-stonith")),
  MAX_BUFFERS(number("max-buffers", 32, 131072, 2048)),
  ALLOW_REMOTE_READ(bool("allow-remote-read", true)),
  TLS(bool("tls", false)),
  TLS_KEYRING(key("tls-keyring")),
  TLS_PRIVKEY(key("tls-privkey")),
  TLS_CERTIFICATE(key("tls-certificate")),
  RDMA_CTRL_RCVBUF_SIZE(number("rdma-ctrl-rcvbuf-size", 0, 10485760, 0)),
  RDMA_CTRL_SNDBUF_SIZE(number("rdma-ctrl-sndbuf-size", 0, 10485760, 0)),
  /** What the peer is called; set by drbdadm to its host name. */
  NAME(name("_name"));

  private static final int NAME_BYTES_MAX = 63;

  private final OptionSpec spec;

  NetOption(OptionSpec spec) {
    this.spec = spec;
  }

  @Override
  public OptionSpec spec() {
    return spec;
  }

  private static OptionSpec name(String word) {
    return text(word, NAME_BYTES_MAX);
  }

  private static OptionSpec key(String word) {
    return declare(word, new OptionType.Key(), "");
  }
}
