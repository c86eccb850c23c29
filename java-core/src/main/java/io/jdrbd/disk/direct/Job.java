package io.jdrbd.disk.direct;

/** Something that blocks, and what follows on the loop. */
abstract class Job {
  /** Stands for "no job". */
  static final Job NONE =
      new Job() {
        @Override
        void run() {}

        @Override
        void end() {}
      };

  /** Used by {@link JobQueue} only. */
  Job next = this;

  /** The blocking part, on a disk thread; never throws. */
  abstract void run();

  /** What follows, on the loop. */
  abstract void end();
}
