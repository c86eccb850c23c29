/** JMH benchmarks of single classes; {@code docs/benchmarks.md} says how to run them. */
package io.jdrbd.benchmark;
