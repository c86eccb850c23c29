package io.jdrbd.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Who may import whom: the picture in docs/architecture.md, as rules. */
@AnalyzeClasses(packages = "io.jdrbd", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {

  /** From the bottom up; a layer may use those before it. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("natives", "loop", "buffer", "wire", "digest"),
          List.of("transport"),
          List.of("disk"),
          List.of("metadata"),
          List.of("state"),
          List.of("replication"),
          List.of("connection", "resync"),
          List.of("cluster"),
          List.of("resource"),
          List.of("driver"),
          List.of("export"),
          List.of("nbd"),
          List.of("kernel"),
          List.of("control"),
          List.of("conf"),
          List.of("plan"),
          List.of("daemon"),
          List.of("cli"));

  @ArchTest
  static void everyLayerUsesOnlyThoseBelow(com.tngtech.archunit.core.domain.JavaClasses all) {
    for (int layer = 0; layer < LAYERS.size(); layer++) {
      for (List<String> higher : LAYERS.subList(layer + 1, LAYERS.size())) {
        noClasses()
            .that(inAnyOf(LAYERS.get(layer)))
            .should()
            .dependOnClassesThat(inAnyOf(higher))
            .allowEmptyShould(true)
            .check(all);
      }
    }
  }

  @ArchTest
  static final ArchRule EVERY_CLASS_HAS_A_LAYER =
      classes()
          .should()
          .resideInAnyPackage(
              LAYERS.stream()
                  .flatMap(List::stream)
                  .map(LayersTest::packagePattern)
                  .toArray(String[]::new));

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("io.jdrbd.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule STATE_IS_PURE =
      noClasses()
          .that()
          .resideInAPackage("io.jdrbd.state..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "java.net..", "java.nio.channels..", "java.nio.file..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule WIRE_AND_DIGEST_ARE_PURE =
      noClasses()
          .that()
          .resideInAnyPackage("io.jdrbd.wire..", "io.jdrbd.digest..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.jdrbd.natives..",
              "io.jdrbd.loop..",
              "io.jdrbd.buffer..",
              "io.netty.channel..",
              "java.net..",
              "java.nio.channels..",
              "java.nio.file..",
              "java.time..",
              "java.util.concurrent..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule EACH_NATIVE_LIBRARY_HAS_ITS_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.jdrbd.disk.direct..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..")
          .because("JNA is for O_DIRECT file I/O; the kernel's control plane is jnr-ffi's");

  @ArchTest
  static final ArchRule KERNEL_CONTROL_PLANE_HAS_ITS_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.jdrbd.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jnr..");

  private static DescribedPredicate<JavaClass> inAnyOf(List<String> layer) {
    return JavaClass.Predicates.resideInAnyPackage(
        layer.stream().map(LayersTest::packagePattern).toArray(String[]::new));
  }

  private static String packagePattern(String layer) {
    return "io.jdrbd." + layer + "..";
  }
}
