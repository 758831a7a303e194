package io.sluice.iscsi;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What decides knows no channel, thread, clock or file; and packages look only at what lies below them. */
@AnalyzeClasses(packages = "io.sluice.iscsi", importOptions = ImportOption.DoNotIncludeTests.class)
class PurityTest {

    @ArchTest
    static final ArchRule pdusLoginAndSessionOnlyDecide = noClasses()
            .that()
            .resideInAnyPackage("..iscsi.pdu..", "..iscsi.login..", "..iscsi.session..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty..",
                    "org.slf4j..",
                    "java.nio.channels..",
                    "java.nio.file..",
                    "java.net..",
                    "java.io..",
                    "java.time..",
                    "java.util.concurrent..");

    @ArchTest
    static final ArchRule theyStartNoThreadsAndReadNoClock = noClasses()
            .that()
            .resideInAnyPackage("..iscsi.pdu..", "..iscsi.login..", "..iscsi.session..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.security.SecureRandom")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random");

    @ArchTest
    static final ArchRule pdusKnowNothingElse = noClasses()
            .that()
            .resideInAPackage("..iscsi.pdu..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..iscsi.login..", "..iscsi.session..", "..iscsi.scsi..", "..iscsi.block..", "..iscsi.netty..");

    @ArchTest
    static final ArchRule loginKnowsPdusAlone = noClasses()
            .that()
            .resideInAPackage("..iscsi.login..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..iscsi.session..", "..iscsi.scsi..", "..iscsi.block..", "..iscsi.netty..");

    @ArchTest
    static final ArchRule sessionsKnowNoServerAndNoDisk = noClasses()
            .that()
            .resideInAPackage("..iscsi.session..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..iscsi.block..", "..iscsi.netty..", "..iscsi.initiator..");
}
