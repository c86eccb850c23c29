package io.jdrbd.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads what a resource or a host says of one volume (spec 7, sections 3 and 4.4). */
final class VolumeReader {
  /** The greatest number of a volume. */
  static final int NUMBER_MAX = 65534;

  static final Set<String> WORDS =
      Set.of("device", "disk", "meta-disk", "flexible-meta-disk", "tiebreaker");

  private static final int MINOR_MAX = (1 << 20) - 1;
  private static final String DEVICE_PREFIX = "/dev/drbd";
  private static final String INTERNAL = "internal";

  private final int number;
  private final boolean implicit;
  private final Position at;
  private final Problems problems;
  private final Once once;
  private final List<Setting> settings = new ArrayList<>();
  private Optional<VolumeConf.Device> device = Optional.empty();
  private Optional<VolumeConf.Disk> disk = Optional.empty();
  private Optional<VolumeConf.MetaDisk> metaDisk = Optional.empty();
  private Optional<Boolean> tiebreaker = Optional.empty();

  VolumeReader(int number, boolean implicit, Position at, Problems problems) {
    this.number = number;
    this.implicit = implicit;
    this.at = at;
    this.problems = problems;
    this.once = new Once(problems);
  }

  /** A {@code volume} section. */
  static VolumeConf read(Statement statement, Problems problems) throws ConfException {
    Words words = new Words(statement);
    int number = words.integer("the volume number", 0, NUMBER_MAX);
    VolumeReader reader = new VolumeReader(number, false, statement.at(), problems);
    for (Statement item : words.body()) {
      problems.during(() -> reader.take(item));
    }
    return reader.volume();
  }

  VolumeConf volume() {
    return new VolumeConf(number, implicit, device, disk, metaDisk, tiebreaker, settings, at);
  }

  /** Takes one item. */
  void take(Statement item) throws ConfException {
    String word = item.first().text();
    Words words = new Words(item);
    switch (word) {
      case "device" -> {
        once.check(item);
        device = Optional.of(device(item.first(), words));
        words.plain();
      }
      case "disk" -> disk(item, words);
      case "meta-disk" -> {
        once.check(item);
        metaDisk = Optional.of(metaDisk(words, item.at()));
        words.plain();
      }
      case "flexible-meta-disk" -> {
        once.check(item);
        String where = words.string("a device").text();
        metaDisk = Optional.of(new VolumeConf.MetaDisk(where, OptionalInt.empty(), item.at()));
        words.plain();
      }
      case "tiebreaker" -> {
        tiebreaker = Optional.of(words.yesOrNo());
        words.plain();
      }
      default -> throw Unknown.statement(item, "a volume", WORDS);
    }
  }

  private VolumeConf.Device device(Token at, Words words) throws ConfException {
    if (words.skip("minor")) {
      return new VolumeConf.Device(Optional.empty(), minor(words), at.at());
    }
    Token name = words.string("the device's name, or 'minor'");
    String full = name.text().startsWith("/") ? name.text() : "/dev/" + name.text();
    OptionalInt named = minorIn(full);
    if (words.skip("minor")) {
      int minor = minor(words);
      if (named.isPresent() && named.getAsInt() != minor) {
        throw new ConfException(
            Problem.of(
                name,
                "%s is the name of minor %d, not of %d".formatted(full, named.getAsInt(), minor)));
      }
      return new VolumeConf.Device(Optional.of(full), minor, at.at());
    }
    if (named.isEmpty()) {
      throw new ConfException(
          Problem.of(
              name,
              "%s does not tell the minor; write %sN, or add 'minor N'"
                  .formatted(name.shown(), DEVICE_PREFIX)));
    }
    return new VolumeConf.Device(Optional.of(full), named.getAsInt(), at.at());
  }

  private static int minor(Words words) throws ConfException {
    return words.integer("the minor", 0, MINOR_MAX);
  }

  private static OptionalInt minorIn(String name) {
    String rest = name.startsWith(DEVICE_PREFIX) ? name.substring(DEVICE_PREFIX.length()) : "";
    return rest.matches("[0-9]{1,7}")
        ? OptionalInt.of(Integer.parseInt(rest))
        : OptionalInt.empty();
  }

  private void disk(Statement item, Words words) throws ConfException {
    if (item.body().isPresent()) {
      once.check(item, "disk { }");
      settings.addAll(SettingsReader.read(words.body(), OptionTable.VOLUME_DISK, problems));
    } else {
      once.check(item);
      disk = Optional.of(new VolumeConf.Disk(words.string("the disk").text(), item.at()));
      words.plain();
    }
  }

  private static VolumeConf.MetaDisk metaDisk(Words words, Position at) throws ConfException {
    Token device = words.string("'internal', or a device");
    Optional<Integer> index = words.index();
    if (device.text().equals(INTERNAL) && index.isPresent()) {
      throw new ConfException(
          Problem.of(device, "internal metadata have no index; only a device of their own has"));
    }
    return new VolumeConf.MetaDisk(
        device.text(), index.map(OptionalInt::of).orElse(OptionalInt.empty()), at);
  }
}
