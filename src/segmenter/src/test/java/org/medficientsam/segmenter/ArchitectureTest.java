package org.medficientsam.segmenter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

@AnalyzeClasses(packages = "org.medficientsam", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onnxRuntimeStaysInItsPackage = noClasses()
            .that()
            .resideOutsideOfPackage("org.medficientsam.segmenter.onnx")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule theSegmenterIsPlainJava = noClasses()
            .that()
            .resideInAPackage("org.medficientsam.segmenter..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "jakarta..",
                    "io.quarkus..",
                    "software.amazon..",
                    "com.amazonaws..",
                    "org.medficientsam.function..",
                    "org.medficientsam.eval..");

    @ArchTest
    static final ArchRule inferenceKnowsNoCasesButTheSegmenterDoes = noClasses()
            .that()
            .resideInAPackage("org.medficientsam.segmenter.onnx")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.medficientsam.casefile..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.medficientsam.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints = noClasses()
            .that()
            .doNotHaveSimpleName("SegmentCommand")
            .and()
            .doNotHaveSimpleName("BatchRun")
            .and()
            .doNotHaveSimpleName("ConsoleBar")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule noGenericExceptions = GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
}
