package io.narthex.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.RuleSetSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** A real API server takes the CRDs, and judges each object of the table as the table says. */
@TestInstance(Lifecycle.PER_CLASS)
class CrdIT {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Plurals with their kinds and specifications. */
    private static final Map<String, Kind> KINDS = Map.of(
            "monitors", new Kind("Monitor", MonitorSpec.class),
            "prometheusservers", new Kind("PrometheusServer", PrometheusServerSpec.class),
            "rulesets", new Kind("RuleSet", RuleSetSpec.class));

    private final ControlPlane cluster;
    private final ControlPlane.Proxy api;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    CrdIT() throws IOException, InterruptedException {
        cluster = ControlPlane.up(REPOSITORY);
        api = cluster.proxy();
    }

    private record Kind(String name, Class<?> spec) {}

    private record Expected(String field, String message) {}

    @BeforeAll
    void applyTheCrds() throws IOException, InterruptedException {
        ControlPlane.Result applied =
                cluster.kubectl("apply", "-f", REPOSITORY.resolve("crds").toString());
        assertThat(applied.code()).as(applied.text()).isZero();
        for (String plural : KINDS.keySet()) {
            // Not by condition: kubectl fails on a definition that is so new that it has no conditions yet.
            ControlPlane.Result established = cluster.kubectl(
                    "wait",
                    "--for=jsonpath={.status.conditions[?(@.type==\"Established\")].status}=True",
                    "--timeout=30s",
                    "crd/" + plural + "." + ApiGroup.NAME);
            assertThat(established.code()).as(established.text()).isZero();
        }
    }

    @AfterAll
    void stopWhatWasStarted() throws IOException, InterruptedException {
        http.close();
        api.close();
        cluster.down();
    }

    @TestFactory
    Stream<DynamicTest> eachObjectGetsItsVerdict() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Map.Entry<String, Kind> kind : KINDS.entrySet()) {
            String file = kind.getValue().name().toLowerCase(Locale.ROOT) + ".yaml";
            JsonNode table = new YAMLMapper()
                    .readTree(Files.readString(
                            REPOSITORY.resolve("api/src/test/resources/objects").resolve(file)));
            for (JsonNode row : table) {
                tests.add(DynamicTest.dynamicTest(
                        kind.getValue().name() + ": " + row.get("case").textValue(),
                        () -> judge(kind.getKey(), kind.getValue(), row)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(60);
        return tests.stream();
    }

    private void judge(String plural, Kind kind, JsonNode row) throws IOException, InterruptedException {
        HttpResponse<String> response = create(plural, kind, row);
        JsonNode answer = JSON.readTree(response.body());
        if (!row.has("errors")) {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
            JSON.treeToValue(answer.get("spec"), kind.spec());
            assertThat(contains(answer.get("spec"), row.path("stored")))
                    .as("stored: %s", answer.get("spec"))
                    .isTrue();
            return;
        }
        assertThat(response.statusCode()).as(response.body()).isIn(400, 422);
        List<Expected> causes = new ArrayList<>();
        answer.at("/details/causes")
                .forEach(cause -> causes.add(new Expected(
                        cause.path("field").asText(), cause.path("message").asText())));
        for (Expected expected : JSON.convertValue(row.get("errors"), new TypeReference<List<Expected>>() {})) {
            if (expected.message().equals("unknown field")) {
                assertThat(answer.get("message").textValue()).contains("unknown field \"" + expected.field() + "\"");
            } else {
                assertThat(causes)
                        .as(response.body())
                        .anyMatch(cause -> sameField(cause.field(), expected.field())
                                && cause.message().contains(expected.message()));
            }
        }
    }

    private HttpResponse<String> create(String plural, Kind kind, JsonNode row)
            throws IOException, InterruptedException {
        ObjectNode object =
                JSON.createObjectNode().put("apiVersion", ApiGroup.API_VERSION).put("kind", kind.name());
        object.putObject("metadata").put("name", row.path("name").asText("example"));
        if (row.has("spec")) {
            object.set("spec", row.get("spec"));
        }
        URI uri = api.uri()
                .resolve("/apis/" + ApiGroup.API_VERSION + "/namespaces/default/" + plural
                        + "?dryRun=All&fieldValidation=Strict");
        return http.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(object.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The API server writes the root as {@code <nil>}. */
    private static boolean sameField(String found, String expected) {
        return found.equals(expected.isEmpty() ? "<nil>" : expected);
    }

    private static boolean contains(JsonNode whole, JsonNode part) {
        if (part.isMissingNode()) {
            return true;
        }
        if (part.isObject()) {
            return part.properties().stream()
                    .allMatch(entry ->
                            whole.has(entry.getKey()) && contains(whole.get(entry.getKey()), entry.getValue()));
        }
        if (part.isArray()) {
            if (whole.size() != part.size()) {
                return false;
            }
            for (int i = 0; i < part.size(); i++) {
                if (!contains(whole.get(i), part.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return whole.equals(part);
    }

    @Test
    void kubectlShowsTheColumns() throws IOException, InterruptedException {
        URI uri = api.uri().resolve("/apis/" + ApiGroup.API_VERSION + "/namespaces/default/monitors");
        HttpRequest table = HttpRequest.newBuilder(uri)
                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .build();
        JsonNode answer = JSON.readTree(
                http.send(table, HttpResponse.BodyHandlers.ofString()).body());
        assertThat(answer.get("columnDefinitions").findValuesAsText("name"))
                .containsExactly("Name", "Ready", "Up", "Targets", "Job", "Reason", "Age");
    }

    @Test
    void kubectlExplainsAField() {
        // The API server publishes a new kind's schema some moments after it serves the kind.
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(cluster.kubectl("explain", "monitor.spec.endpoints.interval")
                                .text())
                        .contains("How often to scrape."));
    }
}
