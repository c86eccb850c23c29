package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.memory.MemoryDisk;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.OpenDecision;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands of spec 7, section 8.1, on a node without peers, with a disk in memory. */
class NodeTest {
  private static final long DISK_BYTES = 1 << 20;
  private static final int POOL_BYTES = 1 << 20;
  private static final long PATIENCE_SECONDS = 10;

  private final EpollLoop loop = new EpollLoop("node-test");
  private final List<String> told = new ArrayList<>();
  private final Node node =
      new Node(
          loop,
          this::openDisk,
          new BufferPool(POOL_BYTES),
          new NoConnections(),
          new Listener(),
          InstantSource.system());

  private CompletionStage<BlockDisk> openDisk(DiskSpec spec) {
    return switch (spec.path()) {
      case "/busy" ->
          CompletableFuture.failedStage(new DiskException(Errno.EBUSY, "open", "/busy", 0, 0));
      case "/missing" ->
          CompletableFuture.failedStage(new DiskException(Errno.ENOENT, "open", "/missing", 0, 0));
      default -> inMemory();
    };
  }

  private CompletionStage<BlockDisk> inMemory() {
    try {
      return CompletableFuture.completedStage(new MemoryDisk(loop, DISK_BYTES));
    } catch (DiskException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  @BeforeEach
  void configure() {
    passes(() -> node.newResource("r0", 0, ResourceOptions.defaults()));
    passes(() -> node.newMinor("r0", 10, 0, false));
  }

  @AfterEach
  void endLoop() {
    loop.close();
  }

  @Test
  void makingTheSameObjectAgainSucceedsSilently() {
    told.clear();
    passes(() -> node.newResource("r0", 0, ResourceOptions.defaults()));
    passes(() -> node.newMinor("r0", 10, 0, false));
    assertThat(told).isEmpty();
  }

  @Test
  void refusesWhatDoesNotExistOrIsTaken() {
    assertThat(code(() -> node.newMinor("no", 11, 0, false))).isEqualTo(158);
    assertThat(code(() -> node.newMinor("r0", 11, 0, false))).isEqualTo(161);
    assertThat(code(() -> node.newMinor("r0", 10, 1, false))).isEqualTo(161);
    assertThat(code(() -> node.newMinor("r0", 1048576, 1, false))).isEqualTo(162);
    assertThat(code(() -> node.newMinor("r0", 11, 65535, false))).isEqualTo(162);
    assertThat(code(() -> node.newResource("all", 0, ResourceOptions.defaults()))).isEqualTo(162);
    assertThat(code(() -> node.newResource("a/b", 0, ResourceOptions.defaults()))).isEqualTo(162);
    assertThat(code(() -> node.newResource("r1", 32, ResourceOptions.defaults()))).isEqualTo(162);
    assertThat(code(() -> node.delResource("r0"))).isEqualTo(159);
    assertThat(code(() -> node.delMinor(99))).isEqualTo(127);
    assertThat(laterCode(() -> node.primary("no", false))).isEqualTo(158);
  }

  @Test
  void attachWantsToHearThatThereIsNoMetadata() {
    assertThat(attach("/disk", false)).isEqualTo(119);
    assertThat(attach("/busy", true)).isEqualTo(114);
    assertThat(attach("/missing", true)).isEqualTo(104);
    assertThat(attach("/disk", true)).isEqualTo(101);
    assertThat(attach("/disk", true)).isEqualTo(124);
    assertThat(told)
        .containsSubsequence(
            "r0 Secondary Diskless", "r0 Secondary Attaching", "r0 Secondary UpToDate");
    assertThat(code(() -> node.delMinor(10))).isEqualTo(160);
  }

  @Test
  void primaryNeedsDataAndKeepsIt() {
    assertThat(laterCode(() -> node.primary("r0", false))).isEqualTo(-2);
    attach("/disk", true);
    assertThat(laterCode(() -> node.primary("r0", false))).isEqualTo(101);
    assertThat(detach(false)).isEqualTo(-2);
    assertThat(laterCode(() -> node.secondary("r0", false))).isEqualTo(101);
    assertThat(detach(false)).isEqualTo(101);
    assertThat(detach(false)).isEqualTo(101);
    passes(() -> node.delMinor(10));
    passes(() -> node.delResource("r0"));
    assertThat(told).endsWith("r0 gone");
  }

  @Test
  void theFirstWriterPromotesAndTheLastOneDemotes() {
    attach("/disk", true);
    assertThat(open(true)).isEmpty();
    assertThat(open(true)).isEmpty();
    assertThat(laterCode(() -> node.secondary("r0", false))).isEqualTo(-12);
    close(true);
    assertThat(role()).isEqualTo(Role.PRIMARY);
    close(true);
    assertThat(role()).isEqualTo(Role.SECONDARY);
  }

  @Test
  void aReaderDoesNotPromote() {
    attach("/disk", true);
    assertThat(open(false)).isEmpty();
    assertThat(role()).isEqualTo(Role.SECONDARY);
    assertThat(detach(false)).isEqualTo(-2);
    close(false);
    assertThat(detach(false)).isEqualTo(101);
  }

  @Test
  void theCommandPrimaryOutlastsTheLastWriter() {
    attach("/disk", true);
    open(true);
    assertThat(laterCode(() -> node.primary("r0", false))).isEqualTo(101);
    close(true);
    assertThat(role()).isEqualTo(Role.PRIMARY);
    assertThat(laterCode(() -> node.secondary("r0", false))).isEqualTo(101);
    assertThat(role()).isEqualTo(Role.SECONDARY);
  }

  @Test
  void withoutAutoPromoteASecondaryIsNotOpened() {
    attach("/disk", true);
    passes(
        () -> node.setOptions("r0", ResourceOptions.defaults().with(Map.of("auto-promote", "no"))));
    assertThat(open(true))
        .hasValueSatisfying(refuse -> assertThat(refuse.errno()).isEqualTo(Errno.EROFS));
    assertThat(laterCode(() -> node.primary("r0", false))).isEqualTo(101);
    assertThat(open(true)).isEmpty();
  }

  @Test
  void afterAForcedDemotionIoFailsUntilAllHaveClosed() {
    attach("/disk", true);
    open(true);
    assertThat(laterCode(() -> node.secondary("r0", true))).isEqualTo(101);
    assertThat(flush()).isEqualTo("EIO");
    assertThat(laterCode(() -> node.primary("r0", false))).isEqualTo(-12);
    close(true);
    assertThat(laterCode(() -> node.primary("r0", false))).isEqualTo(101);
    assertThat(flush()).isEqualTo("done");
  }

  @Test
  void aForcedDetachFailsWhatComesLater() {
    attach("/disk", true);
    open(true);
    assertThat(flush()).isEqualTo("done");
    assertThat(detach(true)).isEqualTo(101);
    assertThat(flush()).isEqualTo("EIO");
    assertThat(onLoop(() -> node.volume(10).orElseThrow().diskState()))
        .isIn(DiskState.FAILED, DiskState.DISKLESS);
  }

  private String flush() {
    CompletableFuture<String> result = new CompletableFuture<>();
    loop.execute(
        () ->
            node.volume(10)
                .orElseThrow()
                .disk()
                .submit(
                    new DiskRequest() {
                      @Override
                      public void complete() {
                        result.complete("done");
                      }

                      @Override
                      public void fail(DiskException error) {
                        result.complete(error.errno().name());
                      }
                    }.flush()));
    return get(result);
  }

  private Optional<OpenDecision.Refuse> open(boolean forWriting) {
    return get(
        CompletableFuture.supplyAsync(
                () -> node.openings().open(node.volume(10).orElseThrow(), forWriting), loop)
            .thenCompose(opened -> opened));
  }

  private void close(boolean forWriting) {
    onLoop(
        () -> {
          node.openings().close(node.volume(10).orElseThrow(), forWriting);
          return true;
        });
  }

  private Role role() {
    return onLoop(() -> node.resource("r0").orElseThrow().role());
  }

  private int attach(String path, boolean noMetadata) {
    DiskSpec disk = new DiskSpec(path, DiskSpec.AUTO, List.of());
    Optional<MetadataPlace> metadata =
        noMetadata
            ? Optional.empty()
            : Optional.of(new MetadataPlace(path, new Placement.Internal()));
    AttachOptions options = new AttachOptions(disk, metadata, DiskConfig.defaults());
    return laterCode(() -> node.attach(10, options));
  }

  private int detach(boolean force) {
    return laterCode(() -> node.detach(10, force, false));
  }

  private int laterCode(Supplier<CompletionStage<Verdict>> command) {
    return number(get(CompletableFuture.supplyAsync(command, loop).thenCompose(stage -> stage)));
  }

  private void passes(Supplier<Verdict> command) {
    assertThat(onLoop(command)).isInstanceOf(Verdict.Passed.class);
  }

  private int code(Supplier<Verdict> command) {
    return number(onLoop(command));
  }

  private static int number(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passed passed -> 101;
      case Verdict.Refused refused -> refused.refusal().code();
    };
  }

  private <T> T onLoop(Supplier<T> action) {
    return get(CompletableFuture.supplyAsync(action, loop));
  }

  private static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private final class Listener implements NodeListener {
    @Override
    public void changed(ResourceView resource) {
      String disks =
          resource.volumes().stream()
              .map(volume -> " " + volume.disk().word())
              .reduce("", String::concat);
      told.add(resource.name() + " " + resource.role().word() + disks);
    }

    @Override
    public void gone(String name) {
      told.add(name + " gone");
    }
  }
}
