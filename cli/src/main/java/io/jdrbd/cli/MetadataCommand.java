package io.jdrbd.cli;

import static io.jdrbd.cli.Parameters.argument;
import static io.jdrbd.cli.Parameters.flag;
import static io.jdrbd.cli.Parameters.optionalArgument;
import static io.jdrbd.cli.Parameters.value;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.direct.DirectDisk;
import io.jdrbd.disk.direct.DiskFile;
import io.jdrbd.disk.filter.AlignedDisk;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.metadata.bitmap.BitmapMemoryException;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.store.DiskMedium;
import io.jdrbd.metadata.store.MetadataStore;
import io.jdrbd.metadata.tool.MetadataTool;
import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.resource.BackingView;
import io.jdrbd.resource.MetadataPlace;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * {@code drbdmeta}: the commands of the program of that name, with its arguments and exit codes.
 * Works on the disk itself and needs no daemon; a disk in use cannot be opened.
 */
final class MetadataCommand implements Command {
  private static final int POOL_BYTES = 1 << 20;
  private static final int THREADS = 1;

  /** A file is as good a disk as a device, but one may be meant for something else. */
  private static final Set<String> OVERWRITING = Set.of("create-md", "restore-md", "wipe-md");

  @Override
  public Syntax spec() {
    return Parameters.command(
            "drbdmeta",
            "Create, show, save, restore or change the metadata of a disk that is not in use.",
            "COMMAND is one of: " + String.join(", ", MetadataActions.names()) + ".")
        .addPositional(argument("DEVICE", "The minor, or '-'."))
        .addPositional(argument("FORMAT", "'v09' (DRBD 9) or 'v08' (DRBD 8.4)."))
        .addPositional(argument("MD-DEVICE", "The block device or file with the metadata."))
        .addPositional(argument("INDEX", "'internal', 'flex-external' or the number of a region."))
        .addPositional(argument("COMMAND", "What to do."))
        .addPositional(optionalArgument("ARGUMENT", "What the command needs."))
        .addOption(flag(List.of("-f", "--force"), "Answer every question with yes."))
        .addOption(flag(List.of("-q", "--quiet"), "Say nothing that was not asked for."))
        .addOption(
            flag(
                List.of("--ignore-sanity-checks"),
                "Ask where what is found would otherwise be a reason to refuse."))
        .addOption(value("--node-id", "ID", "The peer that get-gi and its like are about."))
        .addOption(value("--al-stripes", "N", "Stripes of the activity log; default 1."))
        .addOption(value("--al-stripe-size-kB", "KIB", "Size of a stripe; default 32."))
        .addOption(value("--peer-max-bio-size", "BYTES", "The peer's largest request."))
        .addOption(value("--effective-size", "SIZE", "The size agreed on; sectors by default."))
        .addOption(value("--bitmap-block-size", "BYTES", "Data for each bit; default 4k."))
        .addOption(value("--var-lib-drbd", "DIR", "Where former sizes of devices are remembered."))
        .addOption(value("--diskful-peers", "LIST", "Node ids of peers that have a disk."));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) {
    boolean force = arguments.isSet("--force");
    String path = arguments.positional(2, "");
    boolean risky = OVERWRITING.contains(arguments.positional(4, ""));
    if (risky && !force && Files.isRegularFile(Path.of(path))) {
      surroundings.err().printf("'%s' is not a block device! --force takes it anyway.%n", path);
      return ExitCode.USAGE;
    }
    try {
      return withDisk(path, arguments, surroundings);
    } catch (ToolException e) {
      surroundings.err().println(e.getMessage());
      return e.exitCode();
    } catch (DiskException e) {
      surroundings.err().println(e.getMessage());
      return ExitCode.USAGE;
    } catch (IOException | BitmapMemoryException e) {
      surroundings.err().println(e.getMessage());
      return ToolException.BAD_INPUT;
    }
  }

  /** A device with an index may be in use for the sake of its other regions. */
  private static DiskFile open(String path, Placement placement, Surroundings surroundings)
      throws IOException {
    if (!(placement instanceof Placement.Indexed)) {
      return DiskFile.open(path, false);
    }
    MetadataPlace place =
        new MetadataPlace(Path.of(path).toAbsolutePath().normalize().toString(), placement);
    for (ResourceView resource : attached(surroundings)) {
      for (VolumeView volume : resource.volumes()) {
        if (volume.backing().flatMap(BackingView::metadata).filter(place::equals).isPresent()) {
          throw new UsageException(
              "index %s of %s holds the metadata of %s/%d, which is attached"
                  .formatted(place.index(), path, resource.name(), volume.volume()));
        }
      }
    }
    return DiskFile.openShared(path);
  }

  private static List<ResourceView> attached(Surroundings surroundings) throws IOException {
    try {
      return Snapshot.take(surroundings);
    } catch (DaemonMissingException none) {
      return List.of();
    }
  }

  private static int withDisk(String path, Arguments arguments, Surroundings surroundings)
      throws IOException, ToolException {
    MetadataActions actions = new MetadataActions(arguments, surroundings);
    FormatVersion version =
        FormatVersion.parse(arguments.positional(1, ""))
            .orElseThrow(() -> new UsageException("FORMAT must be 'v09' or 'v08'"));
    Placement placement =
        Placement.parse(arguments.positional(3, ""))
            .orElseThrow(
                () ->
                    new UsageException(
                        "INDEX must be 'internal', 'flex-external' or a number from 0 to 255"));
    BufferPool pool = new BufferPool(POOL_BYTES);
    try (EpollLoop loop = new EpollLoop("drbdmeta")) {
      DiskFile file = open(path, placement, surroundings);
      BlockDisk disk = AlignedDisk.over(new DirectDisk(loop, file, THREADS), loop, pool);
      try {
        MetadataStore store = new MetadataStore(new DiskMedium(disk, loop, pool), placement);
        TerminalConsole console =
            new TerminalConsole(
                surroundings, arguments.isSet("--force"), arguments.isSet("--quiet"));
        actions.run(new MetadataTool(store, version, console));
      } finally {
        loop.execute(() -> disk.close(() -> {}));
      }
      return ExitCode.OK;
    }
  }
}
