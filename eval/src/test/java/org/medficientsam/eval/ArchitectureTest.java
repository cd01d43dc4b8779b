package org.medficientsam.eval;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

@AnalyzeClasses(packages = "org.medficientsam", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule harnessKnowsTheWireAndNothingBehindIt = noClasses()
            .that()
            .resideInAPackage("org.medficientsam.eval..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.medficientsam.segmenter..",
                    "org.medficientsam.function..",
                    "ai.onnxruntime..",
                    "io.quarkus..");

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints =
            noClasses().that().areNotAssignableTo(EvalCommand.class).should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule failuresHaveTypes = GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
}
