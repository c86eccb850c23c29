package io.jdrbd.vm;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the same machines to every test that has a parameter for them: a guest takes long to boot.
 * They are made for the first and go after the last test of the run.
 */
final class SharedKernel implements ParameterResolver {
  private static final ExtensionContext.Namespace SHARED =
      ExtensionContext.Namespace.create(SharedKernel.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType().equals(KernelPair.class);
  }

  @Override
  public KernelPair resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return test.getRoot()
        .getStore(SHARED)
        .getOrComputeIfAbsent(KernelPair.class, key -> KernelPair.boot(), KernelPair.class);
  }
}
