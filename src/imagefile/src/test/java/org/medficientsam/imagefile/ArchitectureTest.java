package org.medficientsam.imagefile;

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
    static final ArchRule knowsOnlyTheCase = noClasses()
            .that()
            .resideInAPackage("org.medficientsam.imagefile..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.medficientsam.segmenter..", "org.medficientsam.function..", "org.medficientsam.eval..");

    @ArchTest
    static final ArchRule oneFormatDoesNotKnowAnother = slices().matching(
                    "org.medficientsam.imagefile.(nifti|dicom|picture|metaimage)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.medficientsam.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule isQuiet = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule throwsNoGenericExceptions = GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
}
