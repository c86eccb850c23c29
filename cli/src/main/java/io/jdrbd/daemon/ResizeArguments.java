package io.jdrbd.daemon;

import io.jdrbd.control.Json;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.resource.ResizeWish;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.Verdict;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The arguments of {@code resize}.
 *
 * @param wish as far as it can be fulfilled
 * @param refusal why it cannot, if it cannot
 */
record ResizeArguments(ResizeWish wish, Optional<Verdict> refusal) {
  private static final int BLOCK_KIB = 4;
  private static final int LEAST_KIB = 32;

  static ResizeArguments parse(Json.Obj arguments) {
    ResizeWish wish =
        new ResizeWish(
            arguments.number("size"),
            arguments.flag("assume-peer-has-space"),
            arguments.flag("assume-clean"));
    return arguments.has("al-stripes")
        ? shaped(wish, arguments.number("al-stripes"), arguments.number("al-stripe-kib"))
        : new ResizeArguments(wish, Optional.empty());
  }

  private static ResizeArguments shaped(ResizeWish wish, long stripes, long stripeKib) {
    long blocks = stripeKib / BLOCK_KIB;
    if (stripeKib % BLOCK_KIB == 0 && AlGeometry.isValid(stripes, blocks)) {
      AlGeometry shape = new AlGeometry((int) stripes, (int) blocks);
      return new ResizeArguments(wish.withShape(shape), Optional.empty());
    }
    boolean small = stripes < 1 || stripeKib < BLOCK_KIB || stripeKib < LEAST_KIB / stripes;
    Verdict refused =
        Verdict.refused(
            small ? ConfigError.MD_LAYOUT_TOO_SMALL : ConfigError.MD_LAYOUT_TOO_BIG,
            "%d stripes of %d KiB: must be multiples of 4 KiB, and 32 KiB to 16 GiB together"
                .formatted(stripes, stripeKib));
    return new ResizeArguments(wish, Optional.of(refused));
  }

  /** Carries the wish out, if it can be. */
  CompletionStage<Verdict> resized(Function<ResizeWish, CompletionStage<Verdict>> resize) {
    return refusal
        .<CompletionStage<Verdict>>map(CompletableFuture::completedStage)
        .orElseGet(() -> resize.apply(wish));
  }
}
