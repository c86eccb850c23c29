package io.jdrbd.metadata.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.store.MemoryMedium;
import io.jdrbd.metadata.store.MetadataStore;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** drbdmeta's commands on damaged metadata: a sentence and an exit code, never anything else. */
class DamagedToolTest {
  private static final int DEVICE_BYTES = 4 << 20;
  private static final int FIELDS_BYTES = 0x80;
  private static final int USED_BYTES = 0x570;
  private static final int METADATA_BYTES = 40 << 10;
  private static final int ROUNDS = 300;

  /** What a person may give. */
  enum Given {
    DUMP(true) {
      @Override
      void to(MetadataTool tool) throws IOException, ToolException {
        tool.dump(new StringBuilder(), "", true);
      }
    },
    READ(true) {
      @Override
      void to(MetadataTool tool) throws IOException, ToolException {
        assertThat(tool.diskState()).isNotEmpty();
        assertThat(tool.generations(3)).isNotEmpty();
        assertThat(tool.generationsDrawn(3)).isNotEmpty();
        assertThat(tool.deviceUuid()).isNotEmpty();
      }
    },
    APPLY(false) {
      @Override
      void to(MetadataTool tool) throws IOException, ToolException {
        tool.applyLog();
      }
    },
    CHANGE(false) {
      @Override
      void to(MetadataTool tool) throws IOException, ToolException {
        tool.invalidate();
        tool.setGenerations(3, "99:77");
        tool.setDeviceUuid(5);
        tool.forgetPeer(3);
      }
    },
    CHECK_RESIZE(false) {
      @Override
      void to(MetadataTool tool) throws IOException, ToolException {
        tool.checkResize(Optional.of(new LastKnownSize(DEVICE_BYTES - (1 << 20), "disk", 0)));
      }
    },
    RESTORE(true) {
      @Override
      void to(MetadataTool tool) throws IOException, ToolException {
        tool.restore(new StringReader("version \"v09\";\nmax-peers 1;"), Optional.empty(), false);
      }
    };

    private final boolean onlyReads;

    Given(boolean onlyReads) {
      this.onlyReads = onlyReads;
    }

    abstract void to(MetadataTool tool) throws IOException, ToolException;
  }

  private final MemoryMedium medium = new MemoryMedium(DEVICE_BYTES);
  private final MetadataTool tool =
      new MetadataTool(
          new MetadataStore(medium, new Placement.Internal()),
          FormatVersion.V09,
          new Answers(true));

  private byte[] metadata() {
    ByteBuffer bytes = ByteBuffer.allocate(METADATA_BYTES);
    medium.read(DEVICE_BYTES - METADATA_BYTES, bytes);
    return bytes.array();
  }

  private void replaceMetadata(byte[] bytes) {
    medium.write(DEVICE_BYTES - METADATA_BYTES, ByteBuffer.wrap(bytes));
  }

  @ParameterizedTest
  @EnumSource
  void neverAnExceptionAndNoWriteWhereItIsRefused(Given given) throws Exception {
    tool.create(CreateOptions.of(2));
    tool.setGenerations(3, "A1B2C3D4E5F60718:99::77:1:1:1:1:1");
    byte[] intact = metadata();
    Random random = new Random(List.of(Given.values()).indexOf(given));
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damaged(intact, random);
      replaceMetadata(damaged);
      boolean refused = refused(given, round);
      if (refused || given.onlyReads) {
        assertThat(metadata()).as("round %d", round).isEqualTo(damaged);
      }
    }
  }

  private boolean refused(Given given, int round) throws IOException {
    try {
      given.to(tool);
      return false;
    } catch (ToolException refusal) {
      assertThat(refusal.getMessage()).as("round %d", round).isNotBlank();
      return true;
    } catch (RuntimeException trace) {
      return fail("round %d".formatted(round), trace);
    }
  }

  /** Few bits, a whole field, garbage in the log, or zeroes from somewhere on. */
  private static byte[] damaged(byte[] intact, Random random) {
    byte[] bytes = intact.clone();
    int superblock = bytes.length - 4096;
    switch (random.nextInt(5)) {
      case 0 -> {
        int bit = random.nextInt(USED_BYTES * Byte.SIZE);
        bytes[superblock + bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      }
      case 1 -> {
        int bit = random.nextInt(FIELDS_BYTES * Byte.SIZE);
        bytes[superblock + bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      }
      case 2 -> {
        int field = random.nextInt(FIELDS_BYTES / Integer.BYTES) * Integer.BYTES;
        ByteBuffer.wrap(bytes).putInt(superblock + field, random.nextInt());
      }
      case 3 -> {
        byte[] garbage = new byte[random.nextInt(1, 32 << 10)];
        random.nextBytes(garbage);
        System.arraycopy(garbage, 0, bytes, superblock - garbage.length, garbage.length);
      }
      default -> java.util.Arrays.fill(bytes, random.nextInt(bytes.length), bytes.length, (byte) 0);
    }
    return bytes;
  }
}
