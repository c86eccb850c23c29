/**
 * Virtual machines for tests: QEMU guests with Debian's cloud kernel, driven from JUnit.
 *
 * <p>Begin with {@link io.jdrbd.vm.Guest}. What the guests boot from is made by {@code
 * src/guest/build-image}, which the build runs before the integration tests. The harness may be
 * used from any thread; its calls block, and every wait is bounded.
 */
package io.jdrbd.vm;
