package io.jdrbd.vm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A class of tests with the machines of {@link SharedKernel}: only one of them runs at a time. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SharedKernel.class)
@ResourceLock("io.jdrbd.vm.KernelPair")
@interface WithSharedKernel {}
