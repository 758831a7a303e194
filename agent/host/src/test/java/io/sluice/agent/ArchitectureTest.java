package io.sluice.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.sluice.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String RECONCILE = "io.sluice.agent.reconcile";

    @ArchTest
    static final ArchRule plannersKnowNeitherThreadsNorClocksNorInputNorOutput = classes()
            .that()
            .resideInAPackage(RECONCILE)
            .and()
            .haveSimpleNameEndingWith("Planner")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    RECONCILE,
                    "io.sluice.agent.api",
                    "java.lang",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.time",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule plannersDoNotAskForTheTime = noClasses()
            .that()
            .resideInAPackage(RECONCILE)
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class);

    @ArchTest
    static final ArchRule howFastToCopyIsDecidedFromNumbersAlone = classes()
            .that()
            .resideInAPackage("io.sluice.agent.clone.pace")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.sluice.agent.clone.pace",
                    "java.lang",
                    "java.time",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "org.jspecify..");

    @ArchTest
    static final ArchRule whatIsDecidedAndDoneKnowsNeitherNetworkNorFiles = noClasses()
            .that()
            .resideInAPackage(RECONCILE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.net..", "java.io..", "java.nio.channels..", "io.sluice.iscsi..", "tools.jackson..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files");

    @ArchTest
    static final ArchRule reconcileKnowsNoneOfThePartsThatServeIt = noClasses()
            .that()
            .resideInAPackage(RECONCILE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.sluice.agent",
                    "io.sluice.agent.attach..",
                    "io.sluice.agent.check",
                    "io.sluice.agent.clone..",
                    "io.sluice.agent.command",
                    "io.sluice.agent.devicemapper",
                    "io.sluice.agent.disk",
                    "io.sluice.agent.document",
                    "io.sluice.agent.export",
                    "io.sluice.agent.ledger",
                    "io.sluice.agent.sync",
                    "io.sluice.agent.testing",
                    "io.sluice.agent.volume",
                    "io.sluice.agent.volume.lvm",
                    "io.sluice.agent.workload");

    @ArchTest
    static final ArchRule theDeviceMapperKnowsNothingOfVolumesOrSessions = noClasses()
            .that()
            .resideInAPackage("io.sluice.agent.devicemapper")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.sluice.agent",
                    "io.sluice.agent.attach..",
                    "io.sluice.agent.clone..",
                    "io.sluice.agent.export",
                    "io.sluice.agent.ledger",
                    "io.sluice.agent.volume",
                    "io.sluice.agent.workload",
                    "io.sluice.iscsi..");

    @ArchTest
    static final ArchRule onlyTestsUseFakes = noClasses()
            .that()
            .resideOutsideOfPackage("io.sluice.agent.testing")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sluice.agent.testing");
}
