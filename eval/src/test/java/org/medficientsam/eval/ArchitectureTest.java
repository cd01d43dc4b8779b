package org.medficientsam.eval;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.stream.Stream;

/** Which package knows which. That the function's classes are out of reach, the module graph sees to. */
@AnalyzeClasses(packages = "org.medficientsam.eval", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "org.medficientsam.eval";

    @ArchTest
    static final ArchRule theRootKnowsNoPackage = ofTheHarnessNeedsOnly("");

    @ArchTest
    static final ArchRule metricKnowsNothingOfTheHarness = classes()
            .that()
            .resideInAPackage(ROOT + ".metric")
            .should()
            .onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..").or(resideInAnyPackage(ROOT + ".metric")));

    @ArchTest
    static final ArchRule statisticsKnowsNumbers = ofTheHarnessNeedsOnly("statistics", "");

    @ArchTest
    static final ArchRule phantomKnowsNoUse = ofTheHarnessNeedsOnly("phantom", "");

    @ArchTest
    static final ArchRule datasetKnowsNoTarget = ofTheHarnessNeedsOnly("dataset", "", "phantom");

    @ArchTest
    static final ArchRule targetKnowsNoRun = ofTheHarnessNeedsOnly("target", "", "dataset");

    @ArchTest
    static final ArchRule runKnowsNoReport = ofTheHarnessNeedsOnly("run", "", "dataset", "target", "metric");

    @ArchTest
    static final ArchRule reportStartsNothing = ofTheHarnessNeedsOnly(
            "report", "", "report.table", "report.picture", "dataset", "run", "metric", "statistics");

    @ArchTest
    static final ArchRule tablesKnowNoFormat = ofTheHarnessNeedsOnly(
            "report.table", "", "report.picture", "dataset", "target", "run", "metric", "statistics");

    @ArchTest
    static final ArchRule picturesKnowNoRun = ofTheHarnessNeedsOnly("report.picture");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.medficientsam.(**)").should().beFreeOfCycles();

    /** And the bar that every command shows. */
    @ArchTest
    static final ArchRule onlyTheCommandLinePrints = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".command")
            .and()
            .doNotHaveFullyQualifiedName(Progress.class.getName())
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule failuresHaveTypes = GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

    private static ArchRule ofTheHarnessNeedsOnly(String itself, String... needs) {
        String[] known = Stream.concat(Stream.of(itself), Stream.of(needs))
                .map(name -> name.isEmpty() ? ROOT : ROOT + "." + name)
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(known[0])
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..")
                        .or(resideInAnyPackage(known))
                        .as("reside in " + String.join(", ", known) + " or outside of the harness"));
    }
}
