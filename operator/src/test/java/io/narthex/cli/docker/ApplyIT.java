package io.narthex.cli.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.Session;
import io.narthex.docker.DockerClient;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.TestDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code narthex apply} and {@code narthex uninstall} on a real Swarm: what they make, change, remove and leave alone. */
class ApplyIT {

    private static final String INSTANCE = "narthex-apply-it";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private DockerClient docker;

    @BeforeEach
    void begin() throws Exception {
        docker = new DockerClient(TestDocker.host());
        TestDocker.remove(docker, INSTANCE);
    }

    @AfterEach
    void end() throws Exception {
        if (docker != null) {
            TestDocker.remove(docker, INSTANCE);
            docker.close();
        }
    }

    private void write(String file, String name, String interval) throws Exception {
        Files.writeString(folder.resolve(file), """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: %s}
                spec:
                  source: {static: {targets: ["127.0.0.1:8000"]}}
                  endpoints: [{interval: %s}]
                """.formatted(name, interval));
    }

    private Session.Result run(String... arguments) {
        return new Session().run(arguments);
    }

    private List<String> apply(String... more) {
        List<String> arguments = new ArrayList<>(List.of("apply", folder.toString(), "--instance=" + INSTANCE));
        arguments.addAll(List.of(more));
        Session.Result result = run(arguments.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
        return result.out()
                .lines()
                .map(line -> line.replaceFirst("-[0-9a-f]{12}", ""))
                .toList();
    }

    private Set<String> configs() throws InterruptedException {
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode config : docker.list(Kinds.CONFIGS, Map.of())) {
            if (SwarmSnapshot.name(config).startsWith(INSTANCE)) {
                names.add(SwarmSnapshot.name(config));
            }
        }
        return names;
    }

    @Test
    void appliesWhatChangedAndPrunesWhenTold() throws Exception {
        write("a.yaml", "a", "15s");
        write("b.yaml", "b", "15s");
        assertThat(apply())
                .containsExactly("created    narthex-apply-it-a  a.yaml", "created    narthex-apply-it-b  b.yaml");
        assertThat(apply())
                .containsExactly("unchanged  narthex-apply-it-a  a.yaml", "unchanged  narthex-apply-it-b  b.yaml");

        write("a.yaml", "a", "20s");
        assertThat(apply())
                .containsExactly(
                        "created    narthex-apply-it-a  a.yaml",
                        "unchanged  narthex-apply-it-b  b.yaml",
                        "removed    narthex-apply-it-a  a newer one declares the same");
        assertThat(configs()).hasSize(2);

        // What is no longer in the folder stays, until it is to go.
        Files.delete(folder.resolve("b.yaml"));
        assertThat(apply()).containsExactly("unchanged  narthex-apply-it-a  a.yaml");
        // Another instance's, and what nobody applied, is nobody's to prune.
        docker.create(Kinds.CONFIGS, byHand("by-hand", "{}"), Optional.empty());
        docker.create(
                Kinds.CONFIGS,
                byHand("of-another", "{\"io.narthex.instance\": \"another\", \"io.narthex.applied-file\": \"a.yaml\"}"),
                Optional.empty());
        assertThat(apply("--prune"))
                .containsExactly(
                        "unchanged  narthex-apply-it-a  a.yaml", "removed    narthex-apply-it-b  no longer declared");
        assertThat(configs()).hasSize(3).contains(INSTANCE + "-by-hand", INSTANCE + "-of-another");
    }

    private static ObjectNode byHand(String name, String labels) throws Exception {
        return (ObjectNode) JSON.readTree(
                "{\"Name\": \"%s-%s\", \"Labels\": %s, \"Data\": \"YQ==\"}".formatted(INSTANCE, name, labels));
    }

    @Test
    void appliesNothingWhereAFileIsWrong() throws Exception {
        write("a.yaml", "a", "15s");
        write("b.yaml", "b", "often");
        Session.Result result = run("apply", folder.toString(), "--instance=" + INSTANCE);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("nothing is applied", "b.yaml", "often");
        assertThat(configs()).isEmpty();
    }

    @Test
    void uninstallsWhatIsItsOwnAndSaysWhatStays() throws Exception {
        write("a.yaml", "a", "15s");
        apply();
        String ours = "{\"io.narthex.owner\": \"%s\"}".formatted(INSTANCE);
        docker.create(Kinds.CONFIGS, byHand("file", ours), Optional.empty());
        docker.create(Kinds.SECRETS, byHand("token", ours), Optional.empty());
        docker.create(Kinds.SECRETS, byHand("theirs", "{}"), Optional.empty());
        docker.create(
                Kinds.NETWORKS,
                (ObjectNode) JSON.readTree(
                        "{\"Name\": \"%s-net\", \"Driver\": \"overlay\", \"Labels\": %s}".formatted(INSTANCE, ours)),
                Optional.empty());

        Session.Result dry = run("uninstall", "--dry-run", "--instance=" + INSTANCE);
        assertThat(dry.out().lines())
                .containsSubsequence(
                        "would remove config narthex-apply-it-file",
                        "would remove secret narthex-apply-it-token",
                        "would remove network narthex-apply-it-net");
        assertThat(docker.find(Kinds.SECRETS, INSTANCE + "-token")).isPresent();

        Session.Result result = run("uninstall", "--instance=" + INSTANCE);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("removed network narthex-apply-it-net", "stays: config narthex-apply-it-a-")
                .doesNotContain("theirs");
        assertThat(docker.find(Kinds.SECRETS, INSTANCE + "-token")).isEmpty();
        assertThat(docker.find(Kinds.NETWORKS, INSTANCE + "-net")).isEmpty();
        assertThat(docker.find(Kinds.SECRETS, INSTANCE + "-theirs")).isPresent();
        assertThat(configs()).hasSize(1);
        assertThat(run("uninstall", "--instance=" + INSTANCE).out()).doesNotContain("removed");
    }
}
