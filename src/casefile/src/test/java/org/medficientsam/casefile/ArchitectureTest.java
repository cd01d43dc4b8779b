package org.medficientsam.casefile;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

@AnalyzeClasses(packages = "org.medficientsam.casefile", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String TYPES = "org.medficientsam.casefile";
    private static final String NPZ = "org.medficientsam.casefile.npz";
    private static final String OVERLAY = "org.medficientsam.casefile.overlay";

    @ArchTest
    static final ArchRule typesKnowNoStorageAndNoPicture = needsOnly(TYPES, "java.lang..", "java.util..");

    @ArchTest
    static final ArchRule npzKnowsNoPicture = needsOnly(
            NPZ, TYPES, "java.io..", "java.lang..", "java.math..", "java.nio..", "java.time..", "java.util..");

    @ArchTest
    static final ArchRule theOverlayKnowsNoStorage = needsOnly(OVERLAY, TYPES, "java..", "javax.imageio..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.medficientsam.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule isQuiet = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule throwsNoGenericExceptions = GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

    private static ArchRule needsOnly(String itself, String... needs) {
        return classes()
                .that()
                .resideInAPackage(itself)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(needs)
                        .or(resideInAnyPackage(itself, "org.jspecify.annotations"))
                        .as("reside in " + itself + " or " + String.join(", ", needs)));
    }
}
