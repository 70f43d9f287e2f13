package io.narthex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.Kinds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever a service's specification says, what passes the gate gives no power over a machine: as Docker reads it, which
 * takes a field in any case.
 */
class GatePolicyPropertiesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SERVICE = """
            {"Name": "narthex-main", "Labels": {"io.narthex.owner": "narthex"},
             "TaskTemplate": {
               "ContainerSpec": {
                 "Image": "prom/prometheus:v3.16.0", "Args": ["--x"], "Env": ["POD_NAME=narthex-main"],
                 "Mounts": [{"Type": "volume", "Source": "data", "Target": "/prometheus",
                   "VolumeOptions": {"DriverConfig": {"Name": "local",
                     "Options": {"type": "nfs", "o": "addr=192.0.2.7", "device": ":/x"}}}}],
                 "Configs": [{"ConfigID": "ours", "ConfigName": "x", "File": {"Name": "/a", "Mode": 292}}],
                 "Secrets": [{"SecretID": "exposed", "SecretName": "x", "File": {"Name": "/b"}}]},
               "Networks": [{"Target": "overlay"}]},
             "Mode": {"Replicated": {"Replicas": 1}},
             "EndpointSpec": {"Mode": "dnsrr", "Ports": [{"TargetPort": 9090, "PublishMode": "host"}]}}
            """;

    /** Where only named fields may be, and which of Docker's that the sample hasn't are named there. */
    private static final Map<String, Set<String>> CLOSED = Map.ofEntries(
            Map.entry("", Set.of("UpdateConfig", "RollbackConfig")),
            Map.entry("/TaskTemplate", Set.of("Resources", "RestartPolicy", "Placement", "ForceUpdate", "Runtime")),
            Map.entry(
                    "/TaskTemplate/ContainerSpec",
                    Set.of(
                            "Labels",
                            "User",
                            "Hostname",
                            "Healthcheck",
                            "StopGracePeriod",
                            "StopSignal",
                            "ReadOnly",
                            "Init",
                            "CapabilityDrop",
                            "Isolation")),
            Map.entry("/TaskTemplate/ContainerSpec/Mounts/0", Set.of("ReadOnly")),
            Map.entry("/TaskTemplate/ContainerSpec/Mounts/0/VolumeOptions", Set.of("NoCopy", "Labels")),
            Map.entry("/TaskTemplate/ContainerSpec/Mounts/0/VolumeOptions/DriverConfig", Set.of()),
            Map.entry("/TaskTemplate/ContainerSpec/Mounts/0/VolumeOptions/DriverConfig/Options", Set.of()),
            Map.entry("/TaskTemplate/ContainerSpec/Configs/0", Set.of()),
            Map.entry("/TaskTemplate/ContainerSpec/Secrets/0", Set.of()),
            Map.entry("/TaskTemplate/Networks/0", Set.of("Aliases")),
            Map.entry("/EndpointSpec/Ports/0", Set.of("Name", "Protocol", "PublishedPort")),
            Map.entry("/Mode", Set.of()));

    /** Fields by which a container gets more, or something else than a container is run (Docker Engine API 1.51). */
    private static final List<String> POWERS = List.of(
            "Privileges",
            "CapabilityAdd",
            "Sysctls",
            "Ulimits",
            "Command",
            "Hosts",
            "Groups",
            "Dir",
            "DNSConfig",
            "TTY",
            "OpenStdin",
            "OomScoreAdj",
            "BindOptions",
            "TmpfsOptions",
            "ImageOptions",
            "ClusterOptions",
            "Consistency",
            "PluginSpec",
            "LogDriver",
            "NetworkAttachmentSpec",
            "Runtime",
            "DriverOpts",
            "Global",
            "ReplicatedJob",
            "GlobalJob");

    private final GatePolicy policy = new GatePolicy("narthex", new World() {
        @Override
        public Optional<JsonNode> find(Kinds kind, String id) {
            String labels = switch (id) {
                case "ours" -> "{\"io.narthex.owner\": \"narthex\"}";
                case "exposed" -> "{\"io.narthex.expose-to\": \"shop\"}";
                default -> "{}";
            };
            String driver = id.equals("overlay") ? "overlay" : "host";
            return id.equals("nobody")
                    ? Optional.empty()
                    : Optional.of(tree("{\"ID\": \"%s\", \"Driver\": \"%s\", \"Spec\": {\"Labels\": %s}}"
                            .formatted(id, driver, labels)));
        }

        @Override
        public List<JsonNode> services() {
            return List.of(tree("""
                    {"Spec": {"Labels": {}, "TaskTemplate": {"ContainerSpec":
                      {"Mounts": [{"Type": "volume", "Source": "theirs", "Target": "/data"}]}}}}"""));
        }
    });

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** Returns what passes; empty where it is refused. */
    private Optional<JsonNode> passed(String path, JsonNode body) throws InterruptedException {
        try {
            Request request = policy.judge(new Request(
                    "POST",
                    "/v1.41/services/" + path,
                    path.endsWith("update") ? Optional.of("version=1") : Optional.empty(),
                    Optional.of(body.toString().getBytes(StandardCharsets.UTF_8))));
            return Optional.of(tree(new String(request.body().orElseThrow(), StandardCharsets.UTF_8)));
        } catch (Refused e) {
            return Optional.empty();
        }
    }

    @Provide
    Arbitrary<String> places() {
        return Arbitraries.of(CLOSED.keySet());
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.oneOf(
                Arbitraries.of(POWERS),
                Arbitraries.of("mounts", "MOUNTS", "Type", "type", "source", "labels", "containerspec", "Env", "env"),
                Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(12),
                Arbitraries.strings().ofMaxLength(4));
    }

    @Property
    void refusesEveryFieldThatIsntNamed(@ForAll("places") String place, @ForAll("names") String name)
            throws InterruptedException {
        JsonNode whole = tree(SERVICE);
        assertThat(passed("create", whole)).hasValue(whole);
        ObjectNode object = (ObjectNode) whole.at(place);
        Set<String> named = CLOSED.getOrDefault(place, Set.of());
        if (object.has(name) || named.contains(name)) {
            return;
        }
        object.put(name, "x");
        assertThat(passed("create", whole)).as(place + "/" + name).isEmpty();
        assertThat(passed("ours/update", whole)).as(place + "/" + name).isEmpty();
    }

    @Provide
    Arbitrary<List<Integer>> choices() {
        return Arbitraries.integers().between(0, 1_000_000).list().ofMinSize(3).ofMaxSize(12);
    }

    private static final List<String> VALUES = List.of(
            "\"bind\"",
            "\"volume\"",
            "\"/\"",
            "\"/var/run/docker.sock\"",
            "\"theirs\"",
            "\"nobody\"",
            "\"../ours\"",
            "\"host\"",
            "\"plugin\"",
            "\"none\"",
            "\"bind,ro\"",
            "\"staging\"",
            "null",
            "7",
            "[]",
            "{}",
            "[\"CAP_SYS_ADMIN\"]",
            "[{\"Type\": \"bind\", \"Source\": \"/\", \"Target\": \"/host\"}]",
            "{\"a\": {\"Type\": \"bind\", \"Source\": \"/\", \"Target\": \"/host\"}}",
            "[{\"Target\": \"host\"}]");

    /** Three times: at some place some field, there already or not, gets some value. */
    @Property(tries = 3000)
    void givesNoPowerWhateverIsChanged(@ForAll("choices") List<Integer> choices) throws InterruptedException {
        JsonNode whole = tree(SERVICE);
        for (int i = 0; i + 2 < choices.size(); i += 3) {
            List<ObjectNode> objects = new ArrayList<>();
            collect(whole, objects);
            ObjectNode object = objects.get(choices.get(i) % objects.size());
            List<String> names = new ArrayList<>(POWERS);
            object.fieldNames().forEachRemaining(names::add);
            object.fieldNames().forEachRemaining(name -> names.add(name.toLowerCase(Locale.ROOT)));
            JsonNode value = tree(VALUES.get(choices.get(i + 2) % VALUES.size()));
            object.set(names.get(choices.get(i + 1) % names.size()), value);
        }
        for (String path : List.of("create", "ours/update")) {
            passed(path, whole).ifPresent(GatePolicyPropertiesTest::assertHarmless);
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        node.forEach(child -> collect(child, objects));
    }

    private static void assertHarmless(JsonNode service) {
        assertThat(at(service, "labels", "io.narthex.owner").asText()).isEqualTo("narthex");
        JsonNode task = at(service, "tasktemplate");
        JsonNode container = at(task, "containerspec");
        for (String power :
                List.of("privileges", "capabilityadd", "sysctls", "ulimits", "command", "hosts", "groups")) {
            assertThat(at(container, power)).as(power).isEqualTo(JSON.missingNode());
        }
        assertThat(at(task, "pluginspec")).isEqualTo(JSON.missingNode());
        assertThat(at(task, "networkattachmentspec")).isEqualTo(JSON.missingNode());
        assertThat(at(task, "runtime").asText("")).isIn("", "container", "null");
        assertThat(at(service, "networks")).isEqualTo(JSON.missingNode());
        for (JsonNode mount : list(at(container, "mounts"))) {
            assertThat(at(mount, "type").asText()).isEqualTo("volume");
            assertThat(at(mount, "source").asText()).matches("[A-Za-z0-9][^/]*").isNotEqualTo("theirs");
            assertThat(at(mount, "volumeoptions", "driverconfig", "options", "o")
                            .asText())
                    .doesNotContain("bind");
            assertThat(at(mount, "volumeoptions", "driverconfig", "options", "type")
                            .asText())
                    .isNotEqualTo("none");
        }
        list(at(container, "secrets"))
                .forEach(secret -> assertThat(at(secret, "secretid").asText()).isIn("exposed", "ours"));
        list(at(container, "configs"))
                .forEach(config -> assertThat(at(config, "configid").asText()).isEqualTo("ours"));
        list(at(task, "networks"))
                .forEach(network -> assertThat(at(network, "target").asText()).isEqualTo("overlay"));
        list(at(container, "env"))
                .forEach(variable -> assertThat(variable.asText()).startsWith("POD_NAME="));
    }

    /** Docker takes no object for a list, and refuses the whole. */
    private static Iterable<JsonNode> list(JsonNode node) {
        return node instanceof ArrayNode array ? array : List.of();
    }

    /** As Docker reads it: a field's name in any case. */
    private static JsonNode at(JsonNode node, String... path) {
        JsonNode found = node;
        for (String name : path) {
            JsonNode inner = JSON.missingNode();
            for (Map.Entry<String, JsonNode> field : found.properties()) {
                if (field.getKey().equalsIgnoreCase(name)) {
                    inner = field.getValue();
                }
            }
            found = inner;
        }
        return found;
    }
}
