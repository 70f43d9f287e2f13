package io.narthex;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
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
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms of docs/architecture.md, and who may look into which. */
class RoomsTest {

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // What the compiler's tests share comes as an archive where the build packages it.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.narthex");

    /**
     * Each room, and after the colon those that it may know, which all stand above it: data flows one way, and nobody
     * reaches back. The command line may know all.
     */
    private static final String ROOMS = """
            time:
            api.schema:
            api.v1alpha1: api.schema
            docker: time
            kubernetes:
            gate: docker
            compiler.promql:
            compiler.swarm:
            compiler.model: api.v1alpha1 compiler.promql compiler.swarm
            compiler.yaml: api.v1alpha1 compiler.model
            compiler.config.value: compiler.model
            compiler.config: compiler.config.value compiler.model
            compiler.assemble: compiler.model
            compiler.discovery: compiler.model compiler.swarm
            compiler.template: compiler.config.value compiler.model compiler.yaml
            compiler.frontend: api.v1alpha1 compiler.assemble compiler.config compiler.config.value compiler.discovery \
                compiler.model compiler.promql compiler.swarm compiler.template compiler.yaml
            compiler.importing: api.v1alpha1 compiler.config compiler.config.value compiler.model compiler.swarm compiler.yaml
            compiler: api.v1alpha1 compiler.assemble compiler.config compiler.config.value compiler.discovery \
                compiler.frontend compiler.model compiler.promql compiler.swarm compiler.yaml
            prometheus: compiler.discovery compiler.model compiler.promql
            process: compiler.config compiler.model time
            access: compiler.model prometheus
            web: compiler.discovery
            source.directory: compiler.model compiler.yaml
            source.kubernetes: api.v1alpha1 compiler.model kubernetes time
            source.swarm: compiler.model compiler.swarm compiler.yaml docker source.directory
            source.compose: compiler.model compiler.swarm docker
            rollout: compiler.model time
            rollout.process: compiler.model process prometheus rollout
            rollout.kubernetes: api.v1alpha1 compiler.assemble compiler.model kubernetes process prometheus rollout time
            rollout.swarm: api.v1alpha1 compiler.assemble compiler.config.value compiler.model compiler.swarm docker process \
                prometheus rollout
            status: compiler.model process prometheus
            status.kubernetes: api.v1alpha1 compiler.model rollout rollout.kubernetes source.kubernetes status time
            reconcile: api.v1alpha1 compiler compiler.discovery compiler.model compiler.swarm prometheus rollout \
                source.directory time web
            reconcile.local: api.v1alpha1 compiler compiler.model process prometheus reconcile rollout rollout.process \
                source.directory
            reconcile.external: api.v1alpha1 compiler compiler.discovery compiler.model compiler.swarm prometheus \
                reconcile rollout
            reconcile.kubernetes: access api.v1alpha1 compiler compiler.model kubernetes prometheus reconcile \
                rollout rollout.kubernetes source.kubernetes status status.kubernetes time
            reconcile.swarm: access api.v1alpha1 compiler compiler.discovery compiler.model compiler.swarm compiler.yaml \
                docker prometheus reconcile reconcile.external rollout rollout.swarm source.directory source.swarm web
            reconcile.compose: api.v1alpha1 compiler compiler.model compiler.swarm compiler.yaml docker process \
                prometheus reconcile reconcile.external rollout rollout.process source.compose source.directory web
            cli.print: compiler.model prometheus status
            cli.terminal: cli.print
            cli.input: access cli.print cli.terminal compiler.model compiler.yaml docker prometheus source.directory
            cli.check: api.v1alpha1 cli.input cli.print cli.terminal compiler compiler.model process prometheus \
                reconcile reconcile.local rollout source.directory
            cli.folder: access cli.check cli.input cli.print cli.terminal compiler compiler.frontend \
                compiler.importing compiler.model compiler.swarm compiler.yaml process prometheus reconcile \
                reconcile.local source.directory
            cli.explain: access api.v1alpha1 cli.check cli.input cli.print cli.terminal compiler compiler.model \
                compiler.yaml prometheus reconcile reconcile.local source.directory status
            cli.run: access api.v1alpha1 cli.input cli.print cli.terminal compiler compiler.config.value \
                compiler.model compiler.yaml process prometheus reconcile reconcile.local rollout rollout.process \
                source.directory status
            cli.page: access cli.input cli.print cli.terminal compiler.discovery compiler.model prometheus reconcile \
                rollout web
            cli.status: access cli.input cli.page cli.print cli.terminal compiler.discovery compiler.model docker \
                prometheus reconcile.local reconcile.swarm rollout.swarm status
            cli.docker: cli.input cli.page cli.print cli.terminal compiler.model compiler.yaml docker reconcile.swarm \
                rollout source.directory
            cli.cluster: cli.input cli.print cli.terminal
            cli.operator: cli.cluster cli.input cli.page cli.terminal compiler compiler.config.value compiler.model \
                docker gate process reconcile reconcile.compose reconcile.kubernetes reconcile.swarm rollout \
                rollout.kubernetes source.kubernetes status.kubernetes web
            cli.kubectl: api.v1alpha1 cli.check cli.cluster cli.explain cli.input cli.print cli.terminal compiler \
                compiler.model kubernetes reconcile reconcile.kubernetes rollout.kubernetes source.directory \
                source.kubernetes status.kubernetes
            """;

    /**
     * A line of {@link #ROOMS}.
     *
     * @param name the room
     * @param known those that it may know
     */
    record Room(String name, List<String> known) {

        private static Room of(String line) {
            String[] parts = line.split(":", 2);
            return new Room(
                    parts[0],
                    parts[1].isBlank() ? List.of() : List.of(parts[1].strip().split("\\s+")));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Room> rooms() {
        return ROOMS.lines().map(Room::of).toList();
    }

    private static String packageOf(String room) {
        return "io.narthex." + room;
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomKnowsOnlyThoseThatItMay(Room room) {
        String[] known = Stream.concat(Stream.of(room.name()), room.known().stream())
                .map(RoomsTest::packageOf)
                .toArray(String[]::new);
        check(noClasses()
                .that()
                .resideInAPackage(packageOf(room.name()))
                .should()
                .dependOnClassesThat(resideInAPackage("io.narthex..").and(not(resideInAnyPackage(known)))));
    }

    @Test
    void whatARoomMayKnowStandsAboveIt() {
        Set<String> above = new HashSet<>();
        for (Room room : rooms()) {
            assertThat(above).as("above %s", room).containsAll(room.known());
            assertThat(above.add(room.name())).as("%s once", room).isTrue();
        }
    }

    @Test
    void noRoomIsLeftOut() {
        Set<String> named = rooms().stream().map(room -> packageOf(room.name())).collect(Collectors.toSet());
        assertThat(ALL.stream().map(JavaClass::getPackageName).distinct())
                .allMatch(name -> named.contains(name) || name.equals("io.narthex.cli"));
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
