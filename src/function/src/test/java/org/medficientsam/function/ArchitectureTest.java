package org.medficientsam.function;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
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
import org.medficientsam.function.service.AnswerForm;

/** Doors use the service, never the other way, and no door uses another; what Maven's module graph forbids needs no rule. */
@AnalyzeClasses(packages = "org.medficientsam.function", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String SERVICE = "org.medficientsam.function.service..";
    private static final String SERVER = "org.medficientsam.function.server..";
    private static final String REST = "org.medficientsam.function.rest..";
    private static final String LAMBDA = "org.medficientsam.function.lambda..";
    private static final String S3 = "org.medficientsam.function.s3..";
    private static final String PAGE = "org.medficientsam.function.page..";

    private static final String CLIENTS = "org.medficientsam.function.clients..";

    private static final String IMAGES = "org.medficientsam.function.images..";
    private static final String ANSWER = "org.medficientsam.function.answer..";
    private static final String EXCHANGE = "org.medficientsam.function.rest.exchange..";

    private static final String ENTRY = "org.medficientsam.function";

    private static final String[] DOOR_TYPES = {
        "jakarta.ws.rs..",
        "io.vertx..",
        "org.jboss.resteasy..",
        "com.amazonaws..",
        "io.quarkus.funqy..",
        "software.amazon.."
    };

    @ArchTest
    static final ArchRule theEntryKnowsNothingBehindIt =
            needsNone(ENTRY, SERVICE, IMAGES, SERVER, REST, LAMBDA, S3, PAGE, CLIENTS, "jakarta..");

    /** Its names for faults are Lambda's. */
    @ArchTest
    static final ArchRule theServiceKnowsNotWhatLambdaSays = needsNone(SERVICE, ENTRY);

    /** What the environment of a door means the door says in settings. */
    @ArchTest
    static final ArchRule theServiceReadsNoEnvironment = noClasses()
            .that()
            .resideInAPackage(SERVICE)
            .should()
            .callMethodWhere(target(owner(assignableTo(System.class))).and(target(name("getenv"))));

    @ArchTest
    static final ArchRule theServiceKnowsNoDoor = needsNone(SERVICE, IMAGES, SERVER, REST, LAMBDA, S3, PAGE, CLIENTS);

    @ArchTest
    static final ArchRule theServiceNamesNoForm = needsNone(SERVICE, ANSWER);

    @ArchTest
    static final ArchRule aFormKnowsNobodyWhoAsks =
            needsNone(ANSWER, ENTRY, IMAGES, SERVER, REST, LAMBDA, S3, PAGE, CLIENTS, "jakarta.ws.rs..");

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
    static final ArchRule admissionKnowsNoRequests = needsNone(
            "org.medficientsam.function.admission..", SERVICE, IMAGES, SERVER, REST, LAMBDA, S3, PAGE, CLIENTS);

    @ArchTest
    static final ArchRule theProcessKnowsNoDoor = needsNone(SERVER, REST, LAMBDA, S3, PAGE, CLIENTS);

    @ArchTest
    static final ArchRule theServiceKnowsNoTypeOfADoor = needsNone(SERVICE, DOOR_TYPES);

    @ArchTest
    static final ArchRule keptImagesKnowNoDoor = needsNone(IMAGES, SERVER, REST, LAMBDA, S3, PAGE, CLIENTS);

    @ArchTest
    static final ArchRule keptImagesKnowNoTypeOfADoor = needsNone(IMAGES, DOOR_TYPES);

    @ArchTest
    static final ArchRule anExchangeKnowsNoImagesAndNoResources = needsNone(EXCHANGE, IMAGES, "jakarta.ws.rs..");

    @ArchTest
    static final ArchRule lambdaAndS3KeepNoImages = needsNone(LAMBDA, IMAGES);

    @ArchTest
    static final ArchRule restKnowsNoLambda = needsNone(REST, LAMBDA);

    @ArchTest
    static final ArchRule restKnowsNoTypeOfLambdaOrS3 =
            needsNone(REST, "com.amazonaws..", "io.quarkus.funqy..", "software.amazon..");

    @ArchTest
    static final ArchRule lambdaKnowsNoRest = needsNone(LAMBDA, REST);

    @ArchTest
    static final ArchRule lambdaKnowsNoTypeOfHttpOrS3 =
            needsNone(LAMBDA, "jakarta.ws.rs..", "io.vertx..", "software.amazon..");

    @ArchTest
    static final ArchRule s3KnowsNoDoor =
            needsNone(S3, REST, LAMBDA, "jakarta.ws.rs..", "io.vertx..", "com.amazonaws..");

    @ArchTest
    static final ArchRule thePageKnowsNothingBehindIt =
            needsNone(PAGE, SERVICE, SERVER, REST, LAMBDA, S3, "org.medficientsam.segmenter..", "jakarta.ws.rs..");

    @ArchTest
    static final ArchRule noOtherDoorKnowsTheClients = noClasses()
            .that()
            .resideInAnyPackage(REST, LAMBDA, S3, PAGE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CLIENTS);

    @ArchTest
    static final ArchRule clientsKnowNoOtherDoorButItsExchange = noClasses()
            .that()
            .resideInAPackage(CLIENTS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.medficientsam.function.rest", LAMBDA, S3, PAGE, SERVER);

    @ArchTest
    static final ArchRule onnxRuntimeIsTheSegmenters = needsNone("org.medficientsam.function..", "ai.onnxruntime..");

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
}
