package io.jdrbd.driver.sim;

import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.util.Random;

/** Random numbers of a simulated world for those who want secure ones. */
final class SeededRandom extends SecureRandom {
  private static final long serialVersionUID = 1;

  private final Random random;

  SeededRandom(Random random) {
    super(new Nothing(), null);
    this.random = random;
  }

  @Override
  public void nextBytes(byte[] bytes) {
    random.nextBytes(bytes);
  }

  /** Is never asked. */
  private static final class Nothing extends SecureRandomSpi {
    private static final long serialVersionUID = 1;

    @Override
    protected void engineSetSeed(byte[] seed) {}

    @Override
    protected void engineNextBytes(byte[] bytes) {}

    @Override
    protected byte[] engineGenerateSeed(int numBytes) {
      return new byte[numBytes];
    }
  }
}
