package org.medficientsam.imagefile;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

/** Which package knows which: formats know the image, not each other. What Maven's module graph forbids needs no rule. */
@AnalyzeClasses(packages = "org.medficientsam.imagefile", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String CASES = "org.medficientsam.casefile";
    private static final String NPZ = CASES + ".npz";
    private static final String ROOT = "org.medficientsam.imagefile";
    private static final String IMAGE = ROOT + ".image";
    private static final String BOXES = ROOT + ".boxes";
    private static final String JSON = "com.fasterxml.jackson.core..";
    private static final String IMAGE_IO = "javax.imageio..";

    @ArchTest
    static final ArchRule theImageKnowsNoFormat = needsOnly(IMAGE, CASES, "java..");

    @ArchTest
    static final ArchRule niftiKnowsTheImageAlone = needsOnly(ROOT + ".nifti", CASES, IMAGE, "java..");

    @ArchTest
    static final ArchRule dicomKnowsTheImageAlone = needsOnly(ROOT + ".dicom", CASES, IMAGE, "java..");

    @ArchTest
    static final ArchRule metaImageKnowsTheImageAlone = needsOnly(ROOT + ".metaimage", CASES, IMAGE, "java..");

    @ArchTest
    static final ArchRule picturesKnowTheImageAlone =
            needsOnly(ROOT + ".picture", CASES, IMAGE, "java..", IMAGE_IO, "com.twelvemonkeys.imageio..");

    @ArchTest
    static final ArchRule arraysKnowNoWindow = needsOnly(ROOT + ".numpy", CASES, NPZ, IMAGE, BOXES, "java..");

    @ArchTest
    static final ArchRule boxesKnowNoFormatOfImages = needsOnly(BOXES, CASES, IMAGE, "java..", JSON);

    @ArchTest
    static final ArchRule windowsAreArithmetic =
            needsOnly(ROOT + ".intensity", CASES, IMAGE, "java.lang..", "java.util..");

    @ArchTest
    static final ArchRule resultsKnowNoImage = needsOnly(ROOT + ".result", CASES, "java..", IMAGE_IO, JSON);

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
