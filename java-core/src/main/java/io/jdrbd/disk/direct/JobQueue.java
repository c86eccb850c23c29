package io.jdrbd.disk.direct;

/** First in, first out; links the jobs themselves, so it allocates nothing. Not thread-safe. */
final class JobQueue {
  private Job first = Job.NONE;
  private Job last = Job.NONE;

  boolean isEmpty() {
    return first.equals(Job.NONE);
  }

  /** Adds a job, which must be in no other queue. */
  void add(Job job) {
    job.next = Job.NONE;
    if (isEmpty()) {
      first = job;
    } else {
      last.next = job;
    }
    last = job;
  }

  /** Takes the oldest job, or {@link Job#NONE}. */
  Job poll() {
    Job job = first;
    if (!job.equals(Job.NONE)) {
      first = job.next;
    }
    return job;
  }
}
