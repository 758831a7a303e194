package io.sluice.orchestrator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.sluice.orchestrator.migration.Clearance;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.HostSpecs;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Limits;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationMachine;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Observation;
import io.sluice.orchestrator.migration.Observations;
import io.sluice.orchestrator.migration.Position;
import io.sluice.orchestrator.migration.Room;
import io.sluice.orchestrator.migration.Situation;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.migration.Step;
import io.sluice.orchestrator.migration.Terms;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.migration.Window;

/** The arrows between packages, and that deciding is pure. */
@AnalyzeClasses(packages = "io.sluice.orchestrator", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.sluice.orchestrator.";

    /** What deciding may know: values, and no clock but the one it is handed. */
    private static final DescribedPredicate<JavaClass> VALUES = resideInAnyPackage(
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.math",
                    "java.time",
                    "org.jspecify.annotations",
                    "io.sluice.agent.api",
                    ROOT + "reason",
                    ROOT + "fleet")
            .and(not(belongToAnyOf(
                    java.time.Clock.class,
                    java.util.Random.class,
                    java.util.UUID.class,
                    Thread.class,
                    Runtime.class,
                    ProcessBuilder.class)))
            .as("values of the JDK, the agents' contract and the fleet");

    /** The plan's hash needs a digest. */
    private static final DescribedPredicate<JavaClass> DIGEST = resideInAnyPackage("java.security", "java.nio.charset");

    private static final DescribedPredicate<JavaClass> MACHINE = belongToAnyOf(
                    MigrationMachine.class,
                    MigrationState.class,
                    Migration.class,
                    Position.class,
                    Generations.class,
                    Intent.class,
                    Limits.class,
                    Steering.class,
                    Window.class,
                    Clearance.class,
                    Observation.class,
                    Observations.class,
                    Situation.class,
                    Step.class,
                    Room.class,
                    Transition.class,
                    HostSpecs.class,
                    Terms.class)
            .or(new DescribedPredicate<>("its package-private parts") {
                @Override
                public boolean test(JavaClass type) {
                    return type.getPackageName().equals(ROOT + "migration")
                            && (type.getSimpleName().equals("Waiting")
                                    || type.getSimpleName().equals("Clearances"));
                }
            })
            .as("the migration machine and what it decides on");

    private static final DescribedPredicate<JavaClass> ARRAYS_OF_IT = new DescribedPredicate<>("arrays of these") {
        @Override
        public boolean test(JavaClass type) {
            return type.isArray() && MACHINE.test(type.getBaseComponentType());
        }
    };

    @ArchTest
    static final ArchRule reasonsKnowNobody = noClasses()
            .that()
            .resideInAPackage(ROOT + "reason..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.sluice..").and(not(resideInAPackage(ROOT + "reason.."))));

    @ArchTest
    static final ArchRule fleetKnowsTheContractAlone = noClasses()
            .that()
            .resideInAPackage(ROOT + "fleet..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "plan..",
                    ROOT + "migration..",
                    ROOT + "drain..",
                    ROOT + "agents..",
                    ROOT + "web..",
                    ROOT + "cli..");

    @ArchTest
    static final ArchRule planAndMigrationDoNotKnowEachOtherNorWhoUsesThem = noClasses()
            .that()
            .resideInAPackage(ROOT + "plan..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "migration..", ROOT + "drain..", ROOT + "agents..", ROOT + "web..", ROOT + "cli..");

    @ArchTest
    static final ArchRule migrationKnowsFleetAlone = noClasses()
            .that()
            .resideInAPackage(ROOT + "migration..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "plan..", ROOT + "drain..", ROOT + "agents..", ROOT + "web..", ROOT + "cli..");

    @ArchTest
    static final ArchRule ceilingsKnowFleetPlanAndMigrationAlone = noClasses()
            .that()
            .resideInAPackage(ROOT + "ceiling..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "drain..",
                    ROOT + "agents..",
                    ROOT + "store..",
                    ROOT + "runtime..",
                    ROOT + "web..",
                    ROOT + "cli..");

    @ArchTest
    static final ArchRule retentionKnowsFleetAlone = noClasses()
            .that()
            .resideInAPackage(ROOT + "retention..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "plan..",
                    ROOT + "migration..",
                    ROOT + "drain..",
                    ROOT + "agents..",
                    ROOT + "store..",
                    ROOT + "runtime..",
                    ROOT + "web..",
                    ROOT + "cli..");

    @ArchTest
    static final ArchRule alertsKnowReasonsAndSettingsAlone = noClasses()
            .that()
            .resideInAPackage(ROOT + "alert..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "fleet..",
                    ROOT + "plan..",
                    ROOT + "migration..",
                    ROOT + "drain..",
                    ROOT + "agents..",
                    ROOT + "store..",
                    ROOT + "runtime..",
                    ROOT + "web..",
                    ROOT + "cli..");

    @ArchTest
    static final ArchRule decidingWhatIsAlarmingIsPure = classes()
            .that()
            .haveFullyQualifiedName(ROOT + "alert.Alarms")
            .or()
            .haveFullyQualifiedName(ROOT + "alert.Readings")
            .or()
            .haveFullyQualifiedName(ROOT + "alert.AlarmPolicy")
            .should()
            .onlyDependOnClassesThat(VALUES.or(resideInAPackage(ROOT + "alert")));

    @ArchTest
    static final ArchRule pacingIsPure = classes()
            .that()
            .haveFullyQualifiedName(ROOT + "ceiling.Pacing")
            .or()
            .haveFullyQualifiedName(ROOT + "ceiling.PacedVolume")
            .should()
            .onlyDependOnClassesThat(VALUES.or(resideInAnyPackage(ROOT + "plan", ROOT + "ceiling")));

    @ArchTest
    static final ArchRule drainsDoNotKnowWhoShowsThem = noClasses()
            .that()
            .resideInAPackage(ROOT + "drain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "web..", ROOT + "cli..", ROOT + "agents..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule agentsKnowFleetAndMigrationAlone = noClasses()
            .that()
            .resideInAPackage(ROOT + "agents..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "plan..", ROOT + "drain..", ROOT + "web..", ROOT + "cli..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule commandsSpeakThePublicInterfaceAlone = noClasses()
            .that()
            .resideInAPackage(ROOT + "cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "fleet..",
                    ROOT + "plan..",
                    ROOT + "migration..",
                    ROOT + "drain..",
                    ROOT + "agents..",
                    ROOT + "store..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule planningIsPure = classes()
            .that()
            .resideInAPackage(ROOT + "plan..")
            .should()
            .onlyDependOnClassesThat(VALUES.or(DIGEST).or(resideInAPackage(ROOT + "plan..")));

    @ArchTest
    static final ArchRule theMigrationMachineIsPure = classes()
            .that(MACHINE)
            .should()
            .onlyDependOnClassesThat(VALUES.or(MACHINE).or(ARRAYS_OF_IT));
}
