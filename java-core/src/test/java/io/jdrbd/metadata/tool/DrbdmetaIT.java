package io.jdrbd.metadata.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.disk.DiskHarness;
import io.jdrbd.disk.open.DiskOpener;
import io.jdrbd.disk.open.DiskOptions;
import io.jdrbd.disk.open.EngineChoice;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.store.DiskMedium;
import io.jdrbd.metadata.store.MetadataStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The real drbdmeta and this one on the same files: the same bytes, the same texts. */
class DrbdmetaIT {
  private static final long WAIT_S = 60;

  /** What drbdmeta takes for the minor where none was named. */
  private static final int NO_MINOR = -1;

  /** A kind of metadata. */
  record Shape(FormatVersion version, String index, long deviceBytes, int peers, AlGeometry al) {
    static Shape of(String version, String index, long bytes, int peers, int stripes, int blocks) {
      return new Shape(
          FormatVersion.parse(version).orElseThrow(),
          index,
          bytes,
          peers,
          new AlGeometry(stripes, blocks));
    }

    Placement placement() {
      return Placement.parse(index).orElseThrow();
    }

    Layout layout() {
      return Layout.of(placement(), deviceBytes, new BitmapArea(peers, BitGranularity.DEFAULT), al);
    }

    CreateOptions options() {
      return new CreateOptions(peers, BitGranularity.DEFAULT, al, 0, 0, 0, false);
    }
  }

  static List<Shape> shapes() {
    return List.of(
        Shape.of("v08", "internal", 64 << 20, 1, 1, 8),
        Shape.of("v08", "internal", (1L << 30) + 3584, 1, 2, 8),
        Shape.of("v08", "flex-external", 4 << 20, 1, 1, 8),
        Shape.of("v08", "1", 256 << 20, 1, 1, 8),
        Shape.of("v09", "internal", 64 << 20, 1, 1, 8),
        Shape.of("v09", "internal", (100 << 20) + 512 * 13, 2, 1, 8),
        Shape.of("v09", "internal", (1L << 30) + 3584, 3, 1, 8),
        Shape.of("v09", "internal", 512 << 20, 7, 4, 16),
        Shape.of("v09", "internal", 10L << 30, 31, 1, 8),
        Shape.of("v09", "internal", 33L << 30, 5, 1, 72),
        Shape.of("v09", "flex-external", 8 << 20, 7, 1, 8),
        Shape.of("v09", "flex-external", (16 << 20) + 4096, 3, 3, 8),
        Shape.of("v09", "0", 128 << 20, 2, 1, 8),
        Shape.of("v09", "2", 400 << 20, 4, 1, 8));
  }

  @TempDir private Path directory;
  private Path file;
  private Path other;

  @BeforeEach
  void nameFiles() {
    file = directory.resolve("ours");
    other = directory.resolve("theirs");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void bothCreateTheSameBytes(Shape shape) throws Exception {
    make(file, shape);
    make(other, shape);
    onDisk(file, shape, tool -> tool.create(shape.options()));
    create(other, shape);
    assertThat(hash(file, shape)).isEqualTo(hash(other, shape));
  }

  /** Bits, identifiers and flags at random; both dump them, both restore the other's dump. */
  @ParameterizedTest
  @MethodSource("shapes")
  void bothDumpAndRestoreTheSame(Shape shape) throws Exception {
    make(file, shape);
    make(other, shape);
    create(file, shape);
    create(other, shape);
    String dump = randomDump(shape, new Random(shape.toString().hashCode()));
    onDisk(file, shape, tool -> tool.restore(new StringReader(dump), Optional.empty(), false));
    Path dumpFile = Files.writeString(directory.resolve("dump"), dump);
    run(other, shape, "restore-md", dumpFile.toString());

    assertThat(hash(file, shape)).as("bytes after restore-md").isEqualTo(hash(other, shape));
    String theirs = withoutHeader(run(file, shape, "dump-md"));
    assertThat(ourDump(file, shape)).isEqualTo(theirs);
    assertThat(ourDump(other, shape)).isEqualTo(theirs);

    onDisk(file, shape, MetadataTool::outdate);
    run(other, shape, "outdate");
    assertThat(hash(file, shape)).as("bytes after outdate").isEqualTo(hash(other, shape));
    onDisk(file, shape, MetadataTool::wipe);
    run(other, shape, "wipe-md");
    assertThat(hash(file, shape)).as("bytes after wipe-md").isEqualTo(hash(other, shape));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void bothShowAndSetTheSameIdentifiers(Shape shape) throws Exception {
    make(file, shape);
    create(file, shape);
    onDisk(
        file,
        shape,
        tool -> {
          tool.setDeviceUuid(0x1122334455667788L);
          tool.setGenerations(3, "A1B2C3D4E5F60718:99::77:1:1:0:1:1");
        });
    List<String> node =
        shape.version() == FormatVersion.V09 ? List.of("--node-id", "3") : List.of();
    String line = run(file, shape, node, "get-gi").strip();
    String drawing = run(file, shape, node, "show-gi");
    onDisk(
        file,
        shape,
        tool -> {
          assertThat(tool.generations(3)).isEqualTo(line);
          assertThat(tool.generationsDrawn(3)).isEqualTo(drawing);
          assertThat(tool.diskState()).isEqualTo(run(file, shape, "dstate").strip());
          assertThat(tool.deviceUuid()).isEqualTo(run(file, shape, "read-dev-uuid").strip());
        });
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void bothChangeTheSameFacts(Shape shape) throws Exception {
    for (Path each : List.of(file, other)) {
      make(each, shape);
      create(each, shape);
    }
    onDisk(
        file,
        shape,
        tool -> {
          tool.applyLog();
          tool.invalidate();
          if (shape.version() == FormatVersion.V09) {
            tool.forgetPeer(2);
          }
        });
    run(other, shape, "apply-al");
    run(other, shape, "invalidate");
    if (shape.version() == FormatVersion.V09) {
      run(other, shape, List.of("--node-id", "2"), "forget-peer");
    }
    assertThat(hash(file, shape)).isEqualTo(hash(other, shape));
  }

  static Stream<Arguments> grownShapes() {
    return shapes().stream()
        .filter(shape -> shape.index().equals("internal") && shape.deviceBytes() <= 512 << 20)
        .flatMap(
            shape ->
                Stream.of(40L << 10, 64L << 20)
                    .map(growth -> Arguments.of(shape, shape.deviceBytes() + growth)));
  }

  static Stream<Arguments> grownShapesOfOnePeer() {
    return grownShapes().filter(each -> ((Shape) each.get()[0]).peers() == 1);
  }

  /** A device that grew while it was not in use: what drbdmeta found before, it finds again. */
  @ParameterizedTest
  @MethodSource("grownShapes")
  void drbdmetaFindsWhatWasMoved(Shape shape, long grownBytes) throws Exception {
    LastKnownSize memo = twins(shape);
    String before = facts(run(other, shape, "dump-md"));
    grow(file, grownBytes);
    onDisk(file, shape, tool -> tool.checkResize(Optional.of(memo)));
    assertThat(facts(run(file, shape, "dump-md"))).isEqualTo(before);
  }

  /** The whole device is compared. Not for more peers: drbdmeta 9.22 loses their bits. */
  @ParameterizedTest
  @MethodSource("grownShapesOfOnePeer")
  void bothMoveMetadataToTheNewEnd(Shape shape, long grownBytes) throws Exception {
    LastKnownSize memo = twins(shape);
    Path memos = Files.createDirectory(directory.resolve("memos"));
    new LastKnownSizes(memos).remember(NO_MINOR, memo);
    grow(file, grownBytes);
    grow(other, grownBytes);
    onDisk(file, shape, tool -> tool.checkResize(Optional.of(memo)));
    runWithMemos(memos, shape);
    assertThat(Files.mismatch(file, other)).as("first byte that differs").isEqualTo(-1);
    assertThat(new LastKnownSizes(memos).find(NO_MINOR))
        .as("what drbdmeta remembers, understood")
        .hasValueSatisfying(found -> assertThat(found.sizeBytes()).isEqualTo(grownBytes));
  }

  /** Two equal files with random metadata, and what is remembered of them. */
  private LastKnownSize twins(Shape shape) throws Exception {
    make(file, shape);
    create(file, shape);
    String dump = randomDump(shape, new Random(shape.toString().hashCode()));
    onDisk(file, shape, tool -> tool.restore(new StringReader(dump), Optional.empty(), false));
    Files.copy(file, other);
    return new LastKnownSize(shape.deviceBytes(), other.toString(), 0);
  }

  private static void grow(Path path, long bytes) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw")) {
      opened.setLength(bytes);
    }
  }

  /** A dump without comments. */
  private static String facts(String dump) {
    return dump.replaceAll("(?m)^ *#.*\n", "");
  }

  /** drbdmeta looks for its memos in one place only, which is another one for this process. */
  private void runWithMemos(Path memos, Shape shape) throws Exception {
    List<String> line =
        List.of(
            "unshare",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            "mount --bind \"$0\" /var/lib/drbd && exec drbdmeta --force - \"$@\"",
            memos.toString(),
            shape.version().text(),
            other.toString(),
            shape.index(),
            "check-resize");
    execute(line);
  }

  /** Metadata of DRBD 0.7, made by drbdmeta, is named, and left alone. */
  @ParameterizedTest
  @CsvSource({"internal, 134217728", "0, 0"})
  void theOldestFormatIsRecognised(String index, long offsetBytes) throws Exception {
    Shape shape = Shape.of("v09", index, 256 << 20, 1, 1, 8);
    make(file, shape);
    execute(List.of("drbdmeta", "--force", "-", "v07", file.toString(), index, "create-md"));
    Files.copy(file, other);
    String sentence = "metadata of format v07 (DRBD 0.7) begins at byte " + offsetBytes;
    onDisk(
        file,
        shape,
        tool -> {
          assertThatThrownBy(() -> tool.create(shape.options())).hasMessageContaining(sentence);
          assertThatThrownBy(tool::diskState).hasMessageContaining(sentence);
        });
    assertThat(Files.mismatch(file, other)).as("first byte that was changed").isEqualTo(-1);
  }

  private interface Commands {
    void give(MetadataTool tool) throws Exception;
  }

  private static void onDisk(Path path, Shape shape, Commands commands) throws Exception {
    DiskOptions options = DiskOptions.DEFAULT.withEngine(new EngineChoice.Direct());
    try (DiskHarness disk =
        new DiskHarness((loop, pool) -> DiskOpener.open(path.toString(), options, loop, pool))) {
      MetadataStore store =
          new MetadataStore(
              new DiskMedium(disk.disk(), disk.loop(), disk.pool()), shape.placement());
      commands.give(new MetadataTool(store, shape.version(), new Answers(true)));
    }
  }

  private static String ourDump(Path path, Shape shape) throws Exception {
    StringBuilder text = new StringBuilder();
    onDisk(path, shape, tool -> tool.dump(text, "", true));
    return asOldVersion(text.toString());
  }

  /** drbd-utils 9.22 prints no members, and v08 flags always as 0. */
  private static String asOldVersion(String dump) {
    return dump.replaceAll("(?m)^members .*\n", "")
        .replaceAll(
            "(?m)^    flags 0x.{8};\n}\n# al-extents", "    flags 0x00000000;\n}\n# al-extents");
  }

  private static String withoutHeader(String dump) {
    return dump.substring(dump.indexOf("version \""));
  }

  private static void make(Path path, Shape shape) throws IOException {
    try (RandomAccessFile created = new RandomAccessFile(path.toFile(), "rw")) {
      created.setLength(0);
      created.setLength(shape.deviceBytes());
    }
  }

  private static void create(Path path, Shape shape) throws Exception {
    List<String> options = new ArrayList<>();
    if (!shape.al().equals(AlGeometry.DEFAULT)) {
      options.add("--al-stripes=" + shape.al().stripes());
      options.add("--al-stripe-size-kB=" + shape.al().stripeBlocks() * 4);
    }
    if (shape.version() == FormatVersion.V09) {
      run(path, shape, options, "create-md", Integer.toString(shape.peers()));
    } else {
      run(path, shape, options, "create-md");
    }
  }

  private static String run(Path path, Shape shape, String... command) throws Exception {
    return run(path, shape, List.of(), command);
  }

  private static String run(Path path, Shape shape, List<String> options, String... command)
      throws Exception {
    List<String> line = new ArrayList<>(List.of("drbdmeta", "--force"));
    line.addAll(options);
    line.addAll(List.of("-", shape.version().text(), path.toString(), shape.index()));
    line.addAll(List.of(command));
    return execute(line);
  }

  private static String execute(List<String> line) throws Exception {
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(process.waitFor(WAIT_S, TimeUnit.SECONDS)).as("%s", line).isTrue();
    assertThat(process.exitValue()).as("%s", line).isZero();
    return output;
  }

  /** What the metadata's place holds; the data before it is left out, it may be large. */
  private static String hash(Path path, Shape shape) throws Exception {
    Layout layout = shape.layout();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (RandomAccessFile opened = new RandomAccessFile(path.toFile(), "r")) {
      opened.seek(layout.firstByte());
      byte[] piece = new byte[1 << 20];
      long left = layout.endByte() - layout.firstByte();
      while (left > 0) {
        int length = (int) Math.min(piece.length, left);
        opened.readFully(piece, 0, length);
        digest.update(piece, 0, length);
        left -= length;
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A dump in the way a person writes one: few runs, any order of magnitude. */
  private static String randomDump(Shape shape, Random random) {
    StringBuilder text = new StringBuilder("version \"%s\";\n".formatted(shape.version().text()));
    boolean nine = shape.version() == FormatVersion.V09;
    if (nine) {
      text.append("max-peers %d;\nnode-id 3;\n".formatted(shape.peers()));
      text.append("current-uuid 0x%016X;\nflags 0x00000091;\n".formatted(random.nextLong()));
      for (int node = 0; node < 32; node++) {
        text.append(
            "peer[%d] { bitmap-index %d; bitmap-uuid 0x%016X; bitmap-dagtag 0x%016X; flags 0x%08X; }\n"
                .formatted(
                    node,
                    node < shape.peers() && node != 3 ? node : -1,
                    random.nextInt(3) * random.nextLong(),
                    random.nextInt(1000),
                    random.nextInt(64)));
      }
      text.append("history-uuids {");
      for (int index = 0; index < 32; index++) {
        text.append(" 0x%016X;".formatted(random.nextLong()));
      }
      text.append(" }\n");
    } else {
      text.append("uuid {");
      for (int index = 0; index < 4; index++) {
        text.append(" 0x%016X;".formatted(random.nextLong()));
      }
      text.append(" flags 0x00000091; }\n");
    }
    long sectors = usableSectors(shape) - random.nextInt(100_000);
    text.append(
        "la-size-sect %d; bm-byte-per-bit 4096; device-uuid 0x%016X; la-peer-max-bio-size 4096;\n"
            .formatted(sectors, random.nextLong()));
    text.append(
        "al-stripes %d; al-stripe-size-4k %d;\n"
            .formatted(shape.al().stripes(), shape.al().stripeBlocks()));
    long words = sectors / 8 / 64;
    for (int slot = 0; slot < shape.peers(); slot++) {
      text.append(nine ? "bitmap[%d] {".formatted(slot) : "bm {");
      long left = words;
      while (left > 0) {
        long count = Math.min(left, random.nextInt(3) == 0 ? random.nextLong(1, words) : 1);
        long word = random.nextInt(3) == 0 ? random.nextLong() : -random.nextInt(2);
        text.append(count == 1 ? "" : " %d times".formatted(count));
        text.append(" 0x%016X;\n".formatted(word));
        left -= count;
      }
      text.append("}\n");
    }
    return text.toString();
  }

  private static long usableSectors(Shape shape) {
    BitmapArea area = new BitmapArea(shape.peers(), BitGranularity.DEFAULT);
    long most = shape.layout().dataSectorsMax(1L << 22, area);
    return Math.min(most, 1L << 22);
  }
}
