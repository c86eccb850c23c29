package io.jdrbd.conf.dump;

import io.jdrbd.conf.Quoting;
import io.jdrbd.conf.Setting;
import java.util.List;

/** Lays lines out as drbdadm does: four blanks a level, values one below the other. */
final class Layout {
  private static final int STEP = 4;

  /** Where values begin, unless they are deeper or their names longer. */
  private static final int VALUE_COLUMN = 24;

  private final StringBuilder text = new StringBuilder();
  private int depth;

  /** A line as it is. */
  void line(String line) {
    text.append(" ".repeat(depth)).append(line).append('\n');
  }

  /** A line that begins a section. */
  void open(String head) {
    line(head + " {");
    depth += STEP;
  }

  void close() {
    depth -= STEP;
    line("}");
  }

  /** What was laid out already. */
  void raw(String lines) {
    text.append(lines);
  }

  void blank() {
    text.append('\n');
  }

  /** A name and what it is set to; short values stand at the right of their column. */
  void value(String name, String value) {
    int width = Math.max(1, VALUE_COLUMN - depth);
    line(("%-" + width + "s %3s;").formatted(name, value));
  }

  /** A section of options, unless there are none. */
  void section(String name, List<Setting> settings) {
    if (!settings.isEmpty()) {
      open(name);
      settings.forEach(this::setting);
      close();
    }
  }

  /** An option. */
  void setting(Setting setting) {
    value(setting.name(), Quoting.value(setting.value()));
  }

  /** The blanks before further words of a line that are set apart. */
  String gap() {
    return " ".repeat(depth + 1);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
