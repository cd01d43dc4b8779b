package org.medficientsam.function;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** function -> segmenter -> casefile, and nothing back. */
@AnalyzeClasses(packages = "org.medficientsam", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String FUNCTION = "org.medficientsam.function..";
    private static final String SEGMENTER = "org.medficientsam.segmenter..";
    private static final String CASEFILE = "org.medficientsam.casefile..";
    private static final String[] FRAMEWORKS = {
        "io.quarkus..", "jakarta..", "com.amazonaws..", "software.amazon..", "com.fasterxml.."
    };

    @ArchTest
    static final ArchRule NOBODY_USES_THE_FUNCTION = noClasses()
            .that()
            .resideOutsideOfPackage(FUNCTION)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(FUNCTION);

    @ArchTest
    static final ArchRule CASEFILE_KNOWS_NO_MODEL = noClasses()
            .that()
            .resideInAPackage(CASEFILE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SEGMENTER);

    @ArchTest
    static final ArchRule LIBRARIES_ARE_FREE_OF_FRAMEWORKS = noClasses()
            .that()
            .resideOutsideOfPackage(FUNCTION)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FRAMEWORKS);

    @ArchTest
    static final ArchRule FUNCTION_LEAVES_ONNX_RUNTIME_TO_THE_SEGMENTER = noClasses()
            .that()
            .resideInAPackage(FUNCTION)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule FUNCTION_KNOWS_NO_HARNESS = noClasses()
            .that()
            .resideInAPackage(FUNCTION)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.medficientsam.eval..");
}
