package org.medficientsam.segmenter;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

@AnalyzeClasses(packages = "org.medficientsam.segmenter", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String CASES = "org.medficientsam.casefile";
    private static final String ROOT = "org.medficientsam.segmenter";
    private static final String COMMAND = ROOT + ".command";
    private static final String PICTURE = ROOT + ".picture";
    private static final String BUNDLE = ROOT + ".bundle";
    private static final String ONNX = ROOT + ".onnx";
    private static final String MASK = ROOT + ".mask";
    private static final String VOLUME = ROOT + ".volume";
    private static final String WINDOW = ROOT + ".window";

    @ArchTest
    static final ArchRule thePictureIsArithmeticAlone = needsOnly(PICTURE, "java.lang..", "java.util..");

    @ArchTest
    static final ArchRule windowsAreMadeOfBoxesAlone =
            needsOnly(WINDOW, CASES, "java.lang..", "java.util", "java.util.function", "java.util.stream");

    @ArchTest
    static final ArchRule aBundleIsDescribedWithoutLoadingIt = needsOnly(BUNDLE, "java..", "org.snakeyaml.engine..");

    @ArchTest
    static final ArchRule theNetworksKnowNoCase = needsOnly(ONNX, PICTURE, BUNDLE, "java..", "ai.onnxruntime..");

    @ArchTest
    static final ArchRule masksKnowNoVolume =
            needsOnly(MASK, CASES, PICTURE, BUNDLE, ONNX, "java.lang..", "java.util..");

    @ArchTest
    static final ArchRule followingObjectsRunsNothing =
            needsOnly(VOLUME, CASES, PICTURE, BUNDLE, ONNX, MASK, "java.lang", "java.util", "java.util.stream");

    @ArchTest
    static final ArchRule theSegmenterKnowsNoCommandAndNoFormat =
            needsOnly(ROOT, CASES, PICTURE, BUNDLE, ONNX, MASK, VOLUME, WINDOW, "java..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.medficientsam.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheCommandPrints =
            noClasses().that().resideOutsideOfPackage(COMMAND).should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

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
