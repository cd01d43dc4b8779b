package org.medficientsam.function;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.inject.Singleton;
import java.util.List;
import org.medficientsam.function.service.AnswerForm;

/** Which package knows which, and whose types it may have; what Maven's module graph forbids needs no rule. */
@AnalyzeClasses(packages = "org.medficientsam.function", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ENTRY = "org.medficientsam.function";
    private static final String ADMISSION = ENTRY + ".admission..";
    private static final String SERVICE = ENTRY + ".service..";
    private static final String ANSWER = ENTRY + ".answer..";
    private static final String IMAGES = ENTRY + ".images..";
    private static final String SERVER = ENTRY + ".server..";
    private static final String REST = ENTRY + ".rest";
    private static final String EXCHANGE = ENTRY + ".rest.exchange..";
    private static final String CLIENTS = ENTRY + ".clients..";
    private static final String LAMBDA = ENTRY + ".lambda..";
    private static final String S3 = ENTRY + ".s3..";
    private static final String PAGE = ENTRY + ".page..";

    private static final String[] DOOR_TYPES = {
        "jakarta.ws.rs..",
        "io.vertx..",
        "org.jboss.resteasy..",
        "com.amazonaws..",
        "io.quarkus.funqy..",
        "software.amazon.."
    };

    @ArchTest
    static final ArchRule theEntryKnowsNothingBehindIt = ofTheFunctionNeedsOnly(ENTRY);

    @ArchTest
    static final ArchRule theEntryIsNoBean = needsNone(ENTRY, "jakarta..");

    @ArchTest
    static final ArchRule admissionKnowsNoRequests = ofTheFunctionNeedsOnly(ADMISSION);

    /** No form of an answer, no door, and not the entry, whose names for faults are Lambda's. */
    @ArchTest
    static final ArchRule theServiceKnowsNoDoorAndNoForm = ofTheFunctionNeedsOnly(SERVICE, ADMISSION);

    @ArchTest
    static final ArchRule theServiceKnowsNoTypeOfADoor = needsNone(SERVICE, DOOR_TYPES);

    /** What the environment of a door means the door says in settings. */
    @ArchTest
    static final ArchRule theServiceReadsNoEnvironment = noClasses()
            .that()
            .resideInAPackage(SERVICE)
            .should()
            .callMethodWhere(target(owner(assignableTo(System.class))).and(target(name("getenv"))));

    @ArchTest
    static final ArchRule aFormKnowsNobodyWhoAsks = ofTheFunctionNeedsOnly(ANSWER, SERVICE);

    @ArchTest
    static final ArchRule aFormKnowsNoTypeOfADoor = needsNone(ANSWER, DOOR_TYPES);

    /** Where {@code AnswerForms} finds it, so that a form without the annotation is not one that is missing without a word. */
    @ArchTest
    static final ArchRule everyFormIsFound = classes()
            .that()
            .areAssignableTo(AnswerForm.class)
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .should()
            .beAnnotatedWith(Singleton.class)
            .andShould()
            .resideInAPackage(ANSWER);

    @ArchTest
    static final ArchRule keptImagesKnowNoDoor = ofTheFunctionNeedsOnly(IMAGES, SERVICE, ADMISSION);

    @ArchTest
    static final ArchRule keptImagesKnowNoTypeOfADoor = needsNone(IMAGES, DOOR_TYPES);

    @ArchTest
    static final ArchRule theProcessKnowsNoDoor = ofTheFunctionNeedsOnly(SERVER, ENTRY, SERVICE, ADMISSION);

    @ArchTest
    static final ArchRule anExchangeKnowsNoImagesAndNoResources = ofTheFunctionNeedsOnly(EXCHANGE, SERVICE);

    @ArchTest
    static final ArchRule anExchangeKnowsNoTypeOfResources = needsNone(EXCHANGE, "jakarta.ws.rs..");

    @ArchTest
    static final ArchRule restKnowsNoOtherDoor = ofTheFunctionNeedsOnly(REST, EXCHANGE, SERVICE, ANSWER, IMAGES, S3);

    @ArchTest
    static final ArchRule restKnowsNoTypeOfLambdaOrS3 =
            needsNone(REST + "..", "com.amazonaws..", "io.quarkus.funqy..", "software.amazon..");

    @ArchTest
    static final ArchRule clientsKnowNoOtherDoorButItsExchange =
            ofTheFunctionNeedsOnly(CLIENTS, EXCHANGE, SERVICE, ANSWER, IMAGES);

    /** And keeps no images: its next invocation may be in another process. */
    @ArchTest
    static final ArchRule lambdaKnowsNoRest = ofTheFunctionNeedsOnly(LAMBDA, ENTRY, SERVICE, ANSWER, S3);

    @ArchTest
    static final ArchRule lambdaKnowsNoTypeOfHttpOrS3 =
            needsNone(LAMBDA, "jakarta.ws.rs..", "io.vertx..", "software.amazon..");

    @ArchTest
    static final ArchRule s3KnowsNoDoor = ofTheFunctionNeedsOnly(S3, SERVICE, ANSWER);

    @ArchTest
    static final ArchRule s3KnowsNoTypeOfADoor = needsNone(S3, "jakarta.ws.rs..", "io.vertx..", "com.amazonaws..");

    @ArchTest
    static final ArchRule thePageKnowsNothingBehindIt = ofTheFunctionNeedsOnly(PAGE);

    @ArchTest
    static final ArchRule thePageIsFilesAlone =
            needsNone(PAGE, "org.medficientsam.segmenter..", "org.medficientsam.imagefile..", "jakarta.ws.rs..");

    @ArchTest
    static final ArchRule onnxRuntimeIsTheSegmenters = needsNone(ENTRY + "..", "ai.onnxruntime..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.medficientsam.(**)").should().beFreeOfCycles();

    private static ArchRule needsNone(String itself, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(itself)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    private static ArchRule ofTheFunctionNeedsOnly(String itself, String... needs) {
        return classes()
                .that()
                .resideInAPackage(itself)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(ENTRY + "..")
                        .or(resideInAPackage(itself))
                        .or(resideInAnyPackage(needs))
                        .as("reside in " + itself + ", " + List.of(needs) + " or outside of the function"));
    }
}
