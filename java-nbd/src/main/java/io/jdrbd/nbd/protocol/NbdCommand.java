package io.jdrbd.nbd.protocol;

import java.util.Arrays;
import java.util.Optional;

/** What a client may ask for in the transmission phase ({@code NBD_CMD_*}). */
public enum NbdCommand implements WireNumber {
  READ(0, CommandFlag.FUA, CommandFlag.DF),
  WRITE(1, CommandFlag.FUA, CommandFlag.PAYLOAD_LEN),
  /** The client goes; there is no reply. */
  DISC(2, CommandFlag.FUA),
  FLUSH(3, CommandFlag.FUA),
  TRIM(4, CommandFlag.FUA),
  CACHE(5, CommandFlag.FUA),
  WRITE_ZEROES(6, CommandFlag.FUA, CommandFlag.NO_HOLE, CommandFlag.FAST_ZERO),
  BLOCK_STATUS(7, CommandFlag.FUA, CommandFlag.REQ_ONE, CommandFlag.PAYLOAD_LEN);

  /** The constants by number, each in an Optional of its own, so that a look-up makes no object. */
  private static final Optional<NbdCommand>[] BY_NUMBER = index();

  private final int number;
  private final int allowedFlags;

  NbdCommand(int number, CommandFlag... allowed) {
    this.number = number;
    this.allowedFlags = Arrays.stream(allowed).mapToInt(CommandFlag::bit).sum();
  }

  @Override
  public int number() {
    return number;
  }

  /** Whether every flag that is set may be used with this command. */
  public boolean allows(int flags) {
    return (flags & ~allowedFlags) == 0;
  }

  /** The command of a number, if the server knows it. */
  public static Optional<NbdCommand> of(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : Optional.empty();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private static Optional<NbdCommand>[] index() {
    Optional[] byNumber = new Optional[values().length];
    for (NbdCommand command : values()) {
      byNumber[command.number] = Optional.of(command);
    }
    return byNumber;
  }
}
