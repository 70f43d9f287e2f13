package io.narthex;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.FileInputStream;
import java.net.Socket;
import java.net.URL;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rooms of docs/architecture.md, and who may look into which. */
class RoomsTest {

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.narthex");

    /** Data flows one way: a room knows those before it, never those behind it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "io.narthex.api..              | io.narthex.compiler..",
                "io.narthex.compiler.model..   | io.narthex.compiler",
                "io.narthex.compiler.model..   | io.narthex.compiler.yaml..",
                "io.narthex.compiler.model..   | io.narthex.compiler.frontend..",
                "io.narthex.compiler.model..   | io.narthex.compiler.config..",
                "io.narthex.compiler.model..   | io.narthex.compiler.assemble..",
                "io.narthex.compiler.swarm..   | io.narthex.compiler.model..",
                "io.narthex.compiler.swarm..   | io.narthex.compiler.discovery..",
                "io.narthex.compiler.importing.. | io.narthex.compiler.frontend..",
                "io.narthex.compiler.importing.. | io.narthex.compiler.assemble..",
                "io.narthex.compiler.discovery.. | io.narthex.compiler.frontend..",
                "io.narthex.compiler.discovery.. | io.narthex.compiler.config..",
                "io.narthex.compiler.discovery.. | io.narthex.compiler.assemble..",
                "io.narthex.compiler.promql..  | io.narthex.compiler.model..",
                "io.narthex.compiler.promql..  | io.narthex.compiler.yaml..",
                "io.narthex.compiler.promql..  | io.narthex.compiler.config..",
                "io.narthex.compiler.promql..  | io.narthex.compiler.frontend..",
                "io.narthex.compiler.promql..  | io.narthex.compiler.assemble..",
                "io.narthex.compiler.yaml..    | io.narthex.compiler.frontend..",
                "io.narthex.compiler.yaml..    | io.narthex.compiler.config..",
                "io.narthex.compiler.yaml..    | io.narthex.compiler.assemble..",
                "io.narthex.compiler.config..  | io.narthex.compiler.yaml..",
                "io.narthex.compiler.config..  | io.narthex.compiler.frontend..",
                "io.narthex.compiler.config..  | io.narthex.compiler.assemble..",
                "io.narthex.source..           | io.narthex.rollout..",
                "io.narthex.source..           | io.narthex.prometheus..",
                "io.narthex.source..           | io.narthex.process..",
                "io.narthex.source..           | io.narthex.reconcile..",
                "io.narthex.prometheus..       | io.narthex.source..",
                "io.narthex.prometheus..       | io.narthex.rollout..",
                "io.narthex.prometheus..       | io.narthex.process..",
                "io.narthex.prometheus..       | io.narthex.reconcile..",
                "io.narthex.access..           | io.narthex.source..",
                "io.narthex.access..           | io.narthex.rollout..",
                "io.narthex.access..           | io.narthex.process..",
                "io.narthex.access..           | io.narthex.reconcile..",
                "io.narthex.prometheus..       | io.narthex.access..",
                "io.narthex.rollout..          | io.narthex.access..",
                "io.narthex.process..          | io.narthex.source..",
                "io.narthex.process..          | io.narthex.rollout..",
                "io.narthex.process..          | io.narthex.reconcile..",
                "io.narthex.rollout..          | io.narthex.source..",
                "io.narthex.rollout..          | io.narthex.reconcile..",
                "io.narthex.docker..           | io.narthex.compiler..",
                "io.narthex.docker..           | io.narthex.source..",
                "io.narthex.docker..           | io.narthex.rollout..",
                "io.narthex.docker..           | io.narthex.prometheus..",
                "io.narthex.docker..           | io.narthex.process..",
                "io.narthex.docker..           | io.narthex.reconcile..",
                "io.narthex.docker..           | io.narthex.gate..",
                "io.narthex.gate..             | io.narthex.compiler..",
                "io.narthex.gate..             | io.narthex.source..",
                "io.narthex.gate..             | io.narthex.rollout..",
                "io.narthex.gate..             | io.narthex.prometheus..",
                "io.narthex.gate..             | io.narthex.process..",
                "io.narthex.gate..             | io.narthex.reconcile..",
                "io.narthex.rollout..          | io.narthex.gate..",
                "io.narthex.source..           | io.narthex.gate..",
                "io.narthex.reconcile..        | io.narthex.gate..",
                "io.narthex.prometheus..       | io.narthex.docker..",
                "io.narthex.process..          | io.narthex.docker..",
            })
    void aRoomDoesNotKnowThoseBehindIt(String room, String behind) {
        check(noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(behind));
    }

    @Test
    void nobodyKnowsTheCommandLine() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.narthex.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.narthex.cli.."));
    }

    @Test
    void theCompilerKnowsNothingOfTheOperator() {
        check(noClasses()
                .that()
                .resideInAnyPackage("io.narthex.api..", "io.narthex.compiler..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.narthex.cli..",
                        "io.narthex.access..",
                        "io.narthex.source..",
                        "io.narthex.reconcile..",
                        "io.narthex.rollout..",
                        "io.narthex.prometheus..",
                        "io.narthex.process.."));
    }

    @Test
    void theCompilerIsPure() {
        check(noClasses()
                .that()
                .resideInAPackage("io.narthex.compiler..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.nio.file..", "java.net.http..", "java.lang.foreign..", "org.slf4j..", "io.fabric8.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.narthex.compiler..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Clock.class,
                        InstantSource.class,
                        Random.class,
                        File.class,
                        FileInputStream.class,
                        ProcessHandle.class,
                        ProcessBuilder.class,
                        Socket.class,
                        URL.class));
        check(noClasses()
                .that()
                .resideInAPackage("io.narthex.compiler..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(Math.class, "random"));
    }

    @Test
    void onlyTheCommandLineWritesToTheStandardStreams() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.narthex.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in"));
    }

    @Test
    void onlyMainEndsTheProcess() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.narthex.cli.Main")
                .should()
                .callMethod(System.class, "exit", int.class));
    }

    @Test
    void nothingStaticChanges() {
        check(fields().that().areStatic().should().haveModifier(JavaModifier.FINAL));
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().matching("io.narthex.(**)").should().beFreeOfCycles());
    }

    private static void check(ArchRule rule) {
        // A room that isn't built yet has no class to check.
        rule.allowEmptyShould(true).check(ALL);
    }
}
