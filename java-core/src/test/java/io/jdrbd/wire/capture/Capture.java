package io.jdrbd.wire.capture;

import io.jdrbd.wire.FirstPacket;
import io.jdrbd.wire.HandshakePacket.ConnectionFeatures;
import io.jdrbd.wire.PacketDecoder;
import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import io.jdrbd.wire.capture.TcpRecords.Bytes;
import io.jdrbd.wire.capture.TcpRecords.TcpRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A capture, as the DRBD connections that it holds. */
public final class Capture {
  private final String name;
  private final List<TcpRecord> records;
  private final Map<Integer, TcpConnection> tcp = new HashMap<>();

  private Capture(String name, List<TcpRecord> records) {
    this.name = name;
    this.records = records;
  }

  /** The names of all captures; the first part tells the versions of the nodes. */
  public static List<String> names() {
    try (InputStream in = resource("names.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The DRBD connections of a capture, in the order in which they began.
   *
   * @throws WireException if a packet cannot be read
   */
  public static List<CapturedConnection> load(String name) throws WireException {
    try (InputStream in = resource(name + ".drbd.gz")) {
      return new Capture(name, TcpRecords.read(in)).connections();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static InputStream resource(String name) {
    return Optional.ofNullable(Capture.class.getResourceAsStream("/captures/" + name))
        .orElseThrow(() -> new IllegalArgumentException("no capture " + name));
  }

  /** A TCP connection that became a stream, and when. */
  private static final class TcpConnection {
    private final int dialler;
    private final int acceptor;
    private final ByteBuf firstBytes = Unpooled.buffer();
    private final ByteBuf answer = Unpooled.buffer();
    private Optional<StreamKind> stream = Optional.empty();
    private boolean ended;

    TcpConnection(int dialler, int acceptor) {
      this.dialler = dialler;
      this.acceptor = acceptor;
    }

    boolean joins(TcpConnection other) {
      return Set.of(dialler, acceptor).equals(Set.of(other.dialler, other.acceptor));
    }
  }

  /** Numbers of the TCP connections of a pair. */
  private record Pair(int data, int control) {}

  private List<CapturedConnection> connections() throws WireException {
    List<CapturedConnection> connections = new ArrayList<>();
    for (Pair pair : pairs()) {
      connections.add(connection(pair));
    }
    return connections;
  }

  /** Pairs streams: the first data beyond the first packet tells which sockets were kept. */
  private List<Pair> pairs() throws WireException {
    List<Pair> pairs = new ArrayList<>();
    Set<Integer> paired = new HashSet<>();
    for (TcpRecord record : records) {
      switch (record) {
        case TcpRecords.Opened opened ->
            tcp.put(opened.connection(), new TcpConnection(opened.dialler(), opened.acceptor()));
        case TcpRecords.Ended end -> tcp.get(end.connection()).ended = true;
        case Bytes bytes -> {
          TcpConnection connection = tcp.get(bytes.connection());
          (bytes.fromDialler() ? connection.firstBytes : connection.answer)
              .writeBytes(bytes.bytes());
          if (bytes.fromDialler() && connection.stream.isEmpty()) {
            connection.stream = Optional.of(FirstPacket.read(connection.firstBytes));
          }
          boolean spoken =
              connection.firstBytes.readableBytes() + connection.answer.readableBytes() > 0;
          if (spoken
              && connection.stream.equals(Optional.of(StreamKind.DATA))
              && paired.add(bytes.connection())) {
            pairs.add(new Pair(bytes.connection(), controlOf(connection, paired)));
          }
        }
      }
    }
    return pairs;
  }

  private int controlOf(TcpConnection data, Set<Integer> paired) {
    int control =
        tcp.entrySet().stream()
            .filter(entry -> entry.getValue().joins(data) && !entry.getValue().ended)
            .filter(entry -> entry.getValue().stream.equals(Optional.of(StreamKind.CONTROL)))
            .map(Map.Entry::getKey)
            .filter(number -> !paired.contains(number))
            .max(Integer::compare)
            .orElseThrow(() -> new IllegalStateException(name + ": data without control"));
    paired.add(control);
    return control;
  }

  private CapturedConnection connection(Pair pair) throws WireException {
    WireDialect agreed = agreed(tcp.get(pair.data));
    List<CapturedPacket> packets = new ArrayList<>();
    Map<List<Object>, DirectionReader> readers = new HashMap<>();
    for (TcpRecord record : records) {
      if (record instanceof Bytes bytes
          && (bytes.connection() == pair.data || bytes.connection() == pair.control)) {
        readers
            .computeIfAbsent(
                List.of(bytes.connection(), bytes.fromDialler()),
                key -> reader(pair, bytes, agreed, packets))
            .feed(bytes.timeUs(), bytes.bytes(), bytes.omitted());
      }
    }
    TcpConnection data = tcp.get(pair.data);
    return new CapturedConnection(
        name,
        List.of(Math.min(data.dialler, data.acceptor), Math.max(data.dialler, data.acceptor)),
        data.dialler,
        tcp.get(pair.control).dialler,
        agreed,
        packets,
        readers.values().stream().mapToInt(DirectionReader::leftoverBytes).sum());
  }

  private DirectionReader reader(
      Pair pair, Bytes bytes, WireDialect agreed, List<CapturedPacket> packets) {
    TcpConnection connection = tcp.get(bytes.connection());
    return new DirectionReader(
        bytes.fromDialler() ? connection.dialler : connection.acceptor,
        bytes.connection() == pair.data ? StreamKind.DATA : StreamKind.CONTROL,
        agreed,
        packets::add);
  }

  /** What both nodes offered, as the nodes conclude it (spec 1.6.3). */
  private static WireDialect agreed(TcpConnection data) throws WireException {
    Optional<ConnectionFeatures> one = features(data.firstBytes.slice());
    Optional<ConnectionFeatures> other = features(data.answer.slice());
    if (one.isEmpty() || other.isEmpty()) {
      return WireDialect.BEFORE_AGREEMENT;
    }
    return WireDialect.of(
        Math.min(one.get().protocolMax(), other.get().protocolMax()),
        one.get().featureFlags() & other.get().featureFlags());
  }

  private static Optional<ConnectionFeatures> features(ByteBuf bytes) throws WireException {
    PacketDecoder decoder = new PacketDecoder(StreamKind.DATA);
    return decoder.readHeader(bytes)
            && bytes.readableBytes() >= decoder.fixedBytes()
            && decoder.readFixed(bytes) instanceof ConnectionFeatures features
        ? Optional.of(features)
        : Optional.empty();
  }
}
