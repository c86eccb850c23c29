package io.jdrbd.wire.bitmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.wire.BitmapPacket;
import io.jdrbd.wire.BitmapPacket.CompressedBitmap;
import io.jdrbd.wire.Command;
import io.jdrbd.wire.PacketDecoder;
import io.jdrbd.wire.PacketEncoder;
import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import io.jdrbd.wire.bitmap.BitmapSender.Form;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bitmaps as kernels send them: packets whose content is known, and whole transfers. */
class BitmapVectorsTest {
  private static final WireDialect DIALECT = WireDialect.of(124, 0);

  /** Larger ones are tested as runs only. */
  private static final long MATERIAL_BITS_MAX = 1L << 24;

  /** One packet: fixed part and bulk in hex, and the runs in it. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Single(String name, long bits, boolean firstRunSet, long[] runs, String payload) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What a packet of a transfer looks like. */
  record Expected(Command command, int payloadBytes, String sha256) {}

  /** A bitmap and its packets. */
  record Transfer(
      String name, int headerBytes, Form form, TestBits bitmap, List<Expected> packets) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource("singles")
  void runsOfOnePacketAreRead(Single single) throws WireException {
    ByteBuf bytes = Unpooled.wrappedBuffer(HexFormat.of().parseHex(single.payload));
    CompressedBitmap packet = compressed(bytes);
    assertThat(packet.firstRunSet()).isEqualTo(single.firstRunSet);
    RunReader reader = new RunReader(bytes, packet.codeBits());
    List<Long> runs = new ArrayList<>();
    while (reader.hasNext()) {
      runs.add(reader.next());
    }
    assertThat(runs).isEqualTo(LongStream.of(single.runs).boxed().toList());
  }

  @ParameterizedTest
  @MethodSource("singles")
  void runsOfOnePacketAreWritten(Single single) {
    ByteBuf code = Unpooled.buffer();
    RunWriter writer = new RunWriter(code, DIALECT.roomBytes() - 1);
    for (long run : single.runs) {
      assertThat(writer.append(run)).isTrue();
    }
    writer.finish();
    assertThat(code.readableBytes()).isEqualTo(writer.bytes());
    ByteBuf fixed = Unpooled.buffer();
    new CompressedBitmap(single.firstRunSet, writer.padBits(), writer.bytes())
        .writeFixed(fixed, DIALECT);
    assertThat(ByteBufUtil.hexDump(fixed) + ByteBufUtil.hexDump(code)).isEqualTo(single.payload);
  }

  @ParameterizedTest
  @MethodSource("materialSingles")
  void onePacketIsABitmapAndTheOtherWayRound(Single single) throws WireException {
    TestBits bits = TestBits.ofRuns(single.bits, single.firstRunSet, single.runs);
    ByteBuf bulk = Unpooled.buffer();
    BitmapSender sender = new BitmapSender(bits, Form.RUN_LENGTHS, DIALECT);
    BitmapPacket packet = sender.next(bulk);
    assertThat(sender.isComplete()).isTrue();
    assertThat(ByteBufUtil.hexDump(bulk)).isEqualTo(single.payload.substring(2));
    TestBits received = new TestBits(single.bits);
    assertThat(new BitmapReceiver(received, single.bits, DIALECT).take(packet, bulk)).isTrue();
    assertThat(received.words()).isEqualTo(bits.words());
  }

  @ParameterizedTest
  @MethodSource("transfers")
  void transfersHaveTheKernelsPackets(Transfer transfer) throws WireException {
    WireDialect dialect = WireDialect.of(transfer.headerBytes == 16 ? 124 : 90, 0);
    BitmapSender sender = new BitmapSender(transfer.bitmap, transfer.form, dialect);
    TestBits received = new TestBits(transfer.bitmap.bits());
    BitmapReceiver receiver = new BitmapReceiver(received, transfer.bitmap.bits(), dialect);
    for (int i = 0; i < transfer.packets.size(); i++) {
      ByteBuf bulk = Unpooled.buffer();
      BitmapPacket packet = sender.next(bulk);
      ByteBuf payload = Unpooled.buffer();
      packet.writeFixed(payload, dialect);
      payload.writeBytes(bulk.slice());
      assertThat(new Expected(packet.command(), payload.readableBytes(), sha256(payload)))
          .isEqualTo(transfer.packets.get(i));
      boolean last = i == transfer.packets.size() - 1;
      assertThat(receiver.take(packet, bulk)).isEqualTo(last);
      assertThat(sender.isComplete()).isEqualTo(last);
    }
    assertThat(received.words()).isEqualTo(transfer.bitmap.words());
  }

  @Test
  void codeWordThatIsCutOffIsAnError() {
    ByteBuf bytes = Unpooled.wrappedBuffer(HexFormat.of().parseHex("b27fcfde"));
    assertThatThrownBy(
            () ->
                new BitmapReceiver(new TestBits(262_144), 262_144, DIALECT)
                    .take(compressed(bytes), bytes))
        .isInstanceOf(WireException.class)
        .hasMessage("P_COMPRESSED_BITMAP: code word of 29 bits with 21 bits left");
  }

  @Test
  void runBeyondTheLastBitIsAnError() {
    ByteBuf bytes = Unpooled.wrappedBuffer(HexFormat.of().parseHex("b27fcfde03"));
    assertThatThrownBy(
            () ->
                new BitmapReceiver(new TestBits(262_143), 262_143, DIALECT)
                    .take(compressed(bytes), bytes))
        .isInstanceOf(WireException.class)
        .hasMessage("P_COMPRESSED_BITMAP: run of 262144 bits at bit 0, the bitmap has 262143");
  }

  @Test
  void wordsMustBeAsManyAsExpected() {
    for (int bulkBytes : new int[] {0, 8, 24}) {
      assertThatThrownBy(
              () ->
                  new BitmapReceiver(new TestBits(100), 100, DIALECT)
                      .take(
                          new BitmapPacket.Bitmap(bulkBytes), Unpooled.wrappedBuffer(new byte[24])))
          .isInstanceOf(WireException.class)
          .hasMessage("P_BITMAP: length %d at word 0 of 2, must be 16", bulkBytes);
    }
  }

  @Test
  void anotherEncodingIsAnError() {
    assertThatThrownBy(() -> compressed(Unpooled.wrappedBuffer(new byte[] {0x33, 0})))
        .isInstanceOf(WireException.class)
        .hasMessage("P_COMPRESSED_BITMAP: encoding 3, must be 2");
  }

  @Test
  void surplusBitsOfTheLastWordAreIgnored() throws WireException {
    TestBits received = new TestBits(68);
    BitmapReceiver receiver = new BitmapReceiver(received, 68, DIALECT);
    ByteBuf bulk = Unpooled.buffer().writeLong(-1).writeLong(-1);
    assertThat(receiver.take(new BitmapPacket.Bitmap(16), bulk)).isFalse();
    assertThat(receiver.take(new BitmapPacket.Bitmap(0), bulk)).isTrue();
    assertThat(received.words()).containsExactly(-1, 0xf);
  }

  /** Reads the fixed part as a receiver does; what remains is the code. */
  private static CompressedBitmap compressed(ByteBuf payload) throws WireException {
    ByteBuf header = Unpooled.buffer();
    PacketEncoder.encode(
        header, DIALECT, 0, new CompressedBitmap(false, 0, payload.readableBytes() - 1));
    PacketDecoder decoder = new PacketDecoder(StreamKind.DATA);
    decoder.dialect(DIALECT);
    decoder.readHeader(header);
    return (CompressedBitmap) decoder.readFixed(payload);
  }

  static Stream<Single> singles() throws IOException {
    return lines()
        .map(line -> line.split(" ", -1))
        .filter(words -> words[0].equals("single"))
        .map(
            words ->
                new Single(
                    words[1],
                    Long.parseLong(words[2]),
                    words[3].equals("1"),
                    longs(words[4]),
                    words[5]));
  }

  static Stream<Single> materialSingles() throws IOException {
    return singles().filter(single -> single.bits <= MATERIAL_BITS_MAX);
  }

  static Stream<Transfer> transfers() throws IOException {
    List<Transfer> transfers = new ArrayList<>();
    lines()
        .map(line -> line.split(" ", -1))
        .forEach(
            words -> {
              if (words[0].equals("transfer")) {
                Form form = words[3].equals("1") ? Form.SHORTER : Form.PLAIN;
                transfers.add(
                    new Transfer(
                        words[1],
                        Integer.parseInt(words[2]),
                        form,
                        bitmap(Long.parseLong(words[4]), words[5].equals("1"), words[6]),
                        new ArrayList<>()));
              } else if (words[0].equals("packet")) {
                transfers
                    .getLast()
                    .packets
                    .add(
                        new Expected(
                            Command.valueOf(words[1]), Integer.parseInt(words[2]), words[3]));
              }
            });
    return transfers.stream();
  }

  private static TestBits bitmap(long bits, boolean firstRunSet, String content) {
    if (content.startsWith("runs:")) {
      return TestBits.ofRuns(bits, firstRunSet, longs(content.substring("runs:".length())));
    }
    TestBits made = new TestBits(bits);
    byte[] bytes = HexFormat.of().parseHex(content.substring("words:".length()));
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < bytes.length / Long.BYTES; i++) {
      made.merge(i, words.getLong(i * Long.BYTES));
    }
    return made;
  }

  private static long[] longs(String list) {
    return Arrays.stream(list.split(",", -1)).mapToLong(Long::parseLong).toArray();
  }

  private static Stream<String> lines() throws IOException {
    try (InputStream in =
        new GZIPInputStream(BitmapVectorsTest.class.getResourceAsStream("/bitmap-vli.txt.gz"))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines();
    }
  }

  private static String sha256(ByteBuf payload) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(ByteBufUtil.getBytes(payload)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
