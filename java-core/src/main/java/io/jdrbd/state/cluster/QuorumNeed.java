package io.jdrbd.state.cluster;

/** How many of a number of voters are needed (options quorum, quorum-minimum-redundancy). */
public sealed interface QuorumNeed {
  /** None. */
  QuorumNeed OFF = new Off();

  /** How many of so many voters. */
  int of(int voters);

  /** None. */
  record Off() implements QuorumNeed {
    @Override
    public int of(int voters) {
      return 0;
    }
  }

  /** More than half. */
  record Majority() implements QuorumNeed {
    @Override
    public int of(int voters) {
      return voters / 2 + 1;
    }
  }

  /** All. */
  record All() implements QuorumNeed {
    @Override
    public int of(int voters) {
      return voters;
    }
  }

  /** A fixed number, from 1 to 32. */
  record Fixed(int number) implements QuorumNeed {
    @Override
    public int of(int voters) {
      return number;
    }
  }
}
