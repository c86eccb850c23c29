package io.jdrbd.nbd.protocol;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A constant of the protocol that has a number on the wire. */
interface WireNumber {

  /** The number on the wire; 32-bit numbers above 2^31 are negative here, as Java's ints are. */
  int number();

  /** The constants of an enum by their number. */
  static <T extends Enum<T> & WireNumber> Map<Integer, T> index(T[] constants) {
    return Arrays.stream(constants)
        .collect(Collectors.toUnmodifiableMap(WireNumber::number, Function.identity()));
  }
}
