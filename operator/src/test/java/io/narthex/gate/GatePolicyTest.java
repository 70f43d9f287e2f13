package io.narthex.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.Kinds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gate permits, and that it permits nothing else. */
class GatePolicyTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A service as the operator makes it. */
    private static final String SERVICE = """
            {"Name": "narthex-main", "Labels": {"io.narthex.owner": "narthex"},
             "TaskTemplate": {
               "ContainerSpec": {
                 "Image": "prom/prometheus:v3.16.0", "Args": ["--config.file=/etc/narthex/config/prometheus.yml"],
                 "Env": ["POD_NAME=narthex-main"],
                 "Mounts": [{"Type": "volume", "Source": "data", "Target": "/prometheus"}],
                 "Configs": [{"ConfigID": "c-ours", "ConfigName": "x", "File": {"Name": "/a", "Mode": 292}}],
                 "Secrets": [{"SecretID": "s-exposed", "SecretName": "x", "File": {"Name": "/b"}}],
                 "Healthcheck": {"Test": ["CMD", "true"]}, "StopGracePeriod": 300000000000},
               "Networks": [{"Target": "n-overlay"}], "Placement": {"Constraints": ["node.id==n1"]}},
             "Mode": {"Replicated": {"Replicas": 1}},
             "UpdateConfig": {"Order": "stop-first", "FailureAction": "pause"},
             "EndpointSpec": {"Mode": "dnsrr", "Ports": [{"TargetPort": 9090, "PublishMode": "host"}]}}
            """;

    private final Map<String, JsonNode> objects = new HashMap<>();
    private final List<JsonNode> services = new ArrayList<>();
    private final GatePolicy policy = new GatePolicy("narthex", new World() {
        @Override
        public Optional<JsonNode> find(Kinds kind, String id) {
            return Optional.ofNullable(objects.get(kind + " " + id));
        }

        @Override
        public List<JsonNode> services() {
            return services;
        }
    });

    @BeforeEach
    void aSwarm() throws IOException {
        object(Kinds.SERVICES, "ours", "{'ID': 'id-ours', 'Spec': {'Labels': {'io.narthex.owner': 'narthex'}}}");
        object(Kinds.SERVICES, "id-ours", "{'ID': 'id-ours', 'Spec': {'Labels': {'io.narthex.owner': 'narthex'}}}");
        object(Kinds.SERVICES, "another", "{'ID': 'id-a', 'Spec': {'Labels': {'io.narthex.owner': 'staging'}}}");
        object(Kinds.SERVICES, "theirs", "{'ID': 'id-t', 'Spec': {'Name': 'db', 'Labels': {}}}");
        object(Kinds.SERVICES, "nameless", "{'Spec': {'Labels': {'io.narthex.owner': 'narthex'}}}");
        object(Kinds.SERVICES, "../x", "{'ID': 'id-x', 'Spec': {'Labels': {'io.narthex.owner': 'narthex'}}}");
        object(Kinds.SECRETS, "../s", "{'ID': 's', 'Spec': {'Labels': {'io.narthex.expose-to': 'shop'}}}");
        object(Kinds.TASKS, "task-odd", "{'ID': 'task-odd', 'ServiceID': '../x'}");
        object(Kinds.TASKS, "task-ours", "{'ID': 'task-ours', 'ServiceID': 'id-ours'}");
        object(Kinds.TASKS, "task-theirs", "{'ID': 'task-theirs', 'ServiceID': 'theirs'}");
        object(Kinds.CONFIGS, "c-ours", "{'ID': 'c-ours', 'Spec': {'Labels': {'io.narthex.owner': 'narthex'}}}");
        object(Kinds.CONFIGS, "c-theirs", "{'ID': 'c-theirs', 'Spec': {'Name': 'app.conf', 'Labels': {}}}");
        object(Kinds.SECRETS, "s-exposed", "{'ID': 's-exposed', 'Spec': {'Labels': {'io.narthex.expose-to': 'shop'}}}");
        object(Kinds.SECRETS, "s-theirs", "{'ID': 's-theirs', 'Spec': {'Name': 'db-password', 'Labels': {}}}");
        object(Kinds.NETWORKS, "n-overlay", "{'Id': 'n-overlay', 'Name': 'narthex', 'Driver': 'overlay'}");
        object(Kinds.NETWORKS, "n-host", "{'Id': 'n-host', 'Name': 'host', 'Driver': 'host'}");
        object(
                Kinds.NETWORKS,
                "n-gate",
                "{'Id': 'n-gate', 'Driver': 'overlay', 'Labels': {'io.narthex.network': 'gate'}}");
        object(Kinds.NETWORKS, "n-ours", "{'Id': 'n-ours', 'Labels': {'io.narthex.owner': 'narthex'}}");
    }

    private void object(Kinds kind, String id, String json) throws IOException {
        objects.put(kind + " " + id, JSON.readTree(json.replace('\'', '"')));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /version",
                "GET /_ping",
                "GET /v1.41/info",
                "GET /v1.51/services?filters=%7B%7D",
                "GET /v1.41/services/theirs",
                "GET /v1.41/tasks",
                "GET /v1.41/nodes",
                "GET /v1.41/networks/n-host",
                "GET /v1.41/configs",
                "GET /v1.41/secrets",
                "GET /v1.41/volumes/prometheus_data",
                "GET /v1.41/events?filters=%7B%7D",
                "GET /v1.41/tasks/task-ours/logs?stdout=1&stderr=1&tail=50",
                "GET /v1.41/distribution/quay.io/prometheus/prometheus:v3.16.0/json",
                "GET /v1.41/distribution/registry.example.com:5000/a_b/c-d:1.0_x/json",
                "DELETE /v1.41/configs/c-ours",
                "DELETE /v1.41/networks/n-ours",
            })
    void permitsWhatTheOperatorNeeds(String request) throws Exception {
        assertThat(judge(request, "").method()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Containers, images, volumes, plugins, the Swarm and the build are all of Docker's power.
                "POST /v1.41/containers/create",
                "GET /v1.41/containers/json",
                "POST /v1.41/containers/abc/exec",
                "GET /v1.41/containers/abc/archive",
                "GET /v1.41/images/json",
                "GET /v1.41/distribution/../containers/json",
                "GET /v1.41/distribution/a/../../containers/json",
                "GET /v1.41/distribution/a%2F..%2Fb/json",
                "GET /v1.41/distribution//json",
                "POST /v1.41/distribution/a/json",
                "POST /v1.41/images/create",
                "POST /v1.41/auth",
                "POST /v1.41/build",
                "POST /v1.41/volumes/create",
                "GET /v1.41/volumes",
                "PUT /v1.41/volumes/data?version=1",
                "GET /v1.41/volumes/data/logs",
                "DELETE /v1.41/volumes/data",
                "POST /v1.41/plugins/pull",
                "POST /v1.41/swarm/leave",
                "GET /v1.41/swarm/unlockkey",
                "POST /v1.41/swarm/update?version=1",
                "POST /v1.41/nodes/n1/update?version=1",
                "DELETE /v1.41/nodes/n1",
                "POST /v1.41/session",
                "GET /v1.41/system/df",
                "GET /v1.41/services/theirs/logs",
                // Other objects than its own.
                "DELETE /v1.41/services/theirs",
                "DELETE /v1.41/services/another",
                "DELETE /v1.41/services/nobody",
                "DELETE /v1.41/secrets/s-theirs",
                "DELETE /v1.41/networks/n-overlay",
                "DELETE /v1.41/tasks/task-ours",
                "GET /v1.41/tasks/task-theirs/logs",
                "GET /v1.41/tasks/task-odd/logs",
                "GET /v1.41/tasks/nobody/logs",
                "GET /v1.41/tasks/task-ours/update",
                "GET /v1.41/services/task-ours/logs",
                // What Docker tells without an ID can't be named to it.
                "DELETE /v1.41/services/nameless",
                "POST /v1.41/services/nameless/update?version=1",
                // Other spellings.
                "GET /v1.41/../containers/json",
                "GET /v1.41//services",
                "GET /v1.41/services/../containers/json",
                "GET /v1.41/services/%2e%2e",
                "GET /v1.41/Services",
                "GET /services",
                "GET /v2/services",
                "GET /v1.41/services/ours/",
                "GET http://127.0.0.1/v1.41/services",
                "get /v1.41/services",
                "PUT /v1.41/services/ours",
                "HEAD /v1.41/containers/abc/archive",
                "PATCH /v1.41/services/ours",
                "CONNECT /v1.41/services",
                "GET /v1.41/services?insertDefaults=true",
                "POST /v1.41/services/ours/update?version=1&registryAuthFrom=spec",
                "POST /v1.41/services/ours/update",
                "POST /v1.41/networks/n-ours/update?version=1",
                "POST /v1.41/networks/n-ours/connect",
            })
    void refusesEverythingElse(String request) {
        assertThatThrownBy(() -> judge(request, SERVICE)).isInstanceOf(Refused.class);
    }

    @Test
    void permitsAServiceAsTheOperatorMakesIt() throws Exception {
        Request passed = judge("POST /v1.41/services/create", SERVICE);
        assertThat(JSON.readTree(passed.body().orElseThrow())).isEqualTo(JSON.readTree(SERVICE));
    }

    @Test
    void aLoginGoesWhereAnImageIsNamedAlone() throws Exception {
        assertThat(GatePolicy.takesLogin(judge("POST /v1.41/services/create", SERVICE)))
                .isTrue();
        assertThat(GatePolicy.takesLogin(judge("POST /v1.41/services/ours/update?version=7", SERVICE)))
                .isTrue();
        assertThat(GatePolicy.takesLogin(judge("GET /v1.41/distribution/a/b:1/json", "")))
                .isTrue();
        assertThat(GatePolicy.takesLogin(judge("GET /v1.41/services", ""))).isFalse();
        assertThat(GatePolicy.takesLogin(judge("DELETE /v1.41/services/ours", "")))
                .isFalse();
    }

    @Test
    void namesTheObjectThatItLookedAt() throws Exception {
        assertThat(judge("POST /v1.41/services/ours/update?version=7", SERVICE).target())
                .isEqualTo("/v1.41/services/id-ours/update?version=7");
        assertThat(judge("DELETE /v1.41/services/ours", "").target()).isEqualTo("/v1.41/services/id-ours");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/Labels/io.narthex.owner | \"staging\"",
                "/Labels | {}",
                "/TaskTemplate/ContainerSpec/Mounts/0/Type | \"bind\"",
                "/TaskTemplate/ContainerSpec/Mounts/0/Type | \"npipe\"",
                "/TaskTemplate/ContainerSpec/Mounts/0/Type | \"tmpfs\"",
                "/TaskTemplate/ContainerSpec/Mounts/0/Source | \"/var/run/docker.sock\"",
                "/TaskTemplate/ContainerSpec/Mounts/0/Source | \"\"",
                "/TaskTemplate/ContainerSpec/Mounts/0/Source | \"db-data\"",
                "/TaskTemplate/ContainerSpec/Mounts/0/BindOptions | {\"Propagation\": \"rshared\"}",
                "/TaskTemplate/ContainerSpec/Mounts/0/VolumeOptions "
                        + "| {\"DriverConfig\": {\"Options\": {\"type\": \"none\", \"o\": \"bind\", \"device\": \"/\"}}}",
                "/TaskTemplate/ContainerSpec/Mounts/0/VolumeOptions "
                        + "| {\"DriverConfig\": {\"Name\": \"local\", \"Options\": {\"type\": \"ext4\", \"device\": \"/dev/sda1\"}}}",
                "/TaskTemplate/ContainerSpec/Mounts/0/VolumeOptions "
                        + "| {\"DriverConfig\": {\"Options\": {\"type\": \"nfs\", \"o\": \"bind\", \"device\": \"/\"}}}",
                "/TaskTemplate/ContainerSpec/mounts | [{\"Type\": \"bind\", \"Source\": \"/\", \"Target\": \"/h\"}]",
                "/TaskTemplate/ContainerSpec/CapabilityAdd | [\"CAP_SYS_ADMIN\"]",
                "/TaskTemplate/ContainerSpec/Privileges | {\"SELinuxContext\": {\"Disable\": true}}",
                "/TaskTemplate/ContainerSpec/Sysctls | {\"kernel.core_pattern\": \"x\"}",
                "/TaskTemplate/ContainerSpec/Command | [\"sh\"]",
                "/TaskTemplate/ContainerSpec/Env | [\"LD_PRELOAD=/x.so\"]",
                "/TaskTemplate/ContainerSpec/Env | [\"POD_NAME=a\", \"HTTP_PROXY=http://x\"]",
                "/TaskTemplate/ContainerSpec/Hosts | [\"1.2.3.4 registry\"]",
                "/TaskTemplate/ContainerSpec/Secrets/0/SecretID | \"s-theirs\"",
                "/TaskTemplate/ContainerSpec/Secrets/0/SecretID | \"../s-exposed\"",
                "/TaskTemplate/ContainerSpec/Secrets/0/SecretID | \"unknown\"",
                "/TaskTemplate/ContainerSpec/Secrets/0/SecretID | \"../s\"",
                "/TaskTemplate/ContainerSpec | []",
                "/TaskTemplate | 7",
                "/Mode | \"x\"",
                "/TaskTemplate/ContainerSpec/Configs/0/ConfigID | \"c-theirs\"",
                "/TaskTemplate/ContainerSpec/Configs/0/Runtime | {}",
                "/TaskTemplate/Networks/0/Target | \"n-host\"",
                "/TaskTemplate/Networks/0/Target | \"n-gate\"",
                "/TaskTemplate/Networks/0/Target | \"nobody\"",
                "/TaskTemplate/PluginSpec | {\"Remote\": \"x\"}",
                "/TaskTemplate/Runtime | \"plugin\"",
                "/TaskTemplate/LogDriver | {\"Name\": \"syslog\", \"Options\": {\"syslog-address\": \"udp://192.0.2.7\"}}",
                "/TaskTemplate/LogDriver | {\"Name\": \"none\"}",
                "/TaskTemplate/LogDriver | null",
                "/TaskTemplate/NetworkAttachmentSpec | {\"ContainerID\": \"x\"}",
                "/Networks | [{\"Target\": \"n-host\"}]",
                "/taskTemplate | {\"ContainerSpec\": {\"Image\": \"x\"}}",
                "/Mode/Global | {}",
            })
    void refusesAServiceWithMore(String pointer, String value) throws Exception {
        services.add(JSON.readTree("""
                {"Spec": {"Name": "db", "Labels": {}, "TaskTemplate": {"ContainerSpec":
                  {"Mounts": [{"Type": "volume", "Source": "db-data", "Target": "/data"}]}}}}
                """));
        String hostile = with(SERVICE, pointer, value);
        assertThatThrownBy(() -> judge("POST /v1.41/services/create", hostile)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> judge("POST /v1.41/services/ours/update?version=1", hostile))
                .isInstanceOf(Refused.class);
    }

    @Test
    void leavesTheLogDriverThatAServiceHas() throws Exception {
        String theirs = "{\"Name\": \"json-file\", \"Options\": {\"max-size\": \"10m\"}}";
        object(
                Kinds.SERVICES,
                "ours",
                "{'ID': 'id-ours', 'Spec': {'Labels': {'io.narthex.owner': 'narthex'}, 'TaskTemplate': {'LogDriver': "
                        + theirs + "}}}");
        String kept = with(SERVICE, "/TaskTemplate/LogDriver", theirs);
        assertThat(JSON.readTree(judge("POST /v1.41/services/ours/update?version=7", kept)
                        .body()
                        .orElseThrow()))
                .isEqualTo(JSON.readTree(kept));
        assertThatThrownBy(() -> judge("POST /v1.41/services/create", kept)).isInstanceOf(Refused.class);
        String other = with(SERVICE, "/TaskTemplate/LogDriver", theirs.replace("10m", "11m"));
        assertThatThrownBy(() -> judge("POST /v1.41/services/ours/update?version=7", other))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("log driver");
    }

    private static final String NETWORK = """
            {"Name": "n", "Labels": {"io.narthex.owner": "narthex"}, "Driver": "overlay", "Attachable": true,
             "Internal": true, "CheckDuplicate": true, "Options": {"encrypted": ""}}""";

    @Test
    void permitsAnOverlayNetwork() throws Exception {
        assertThat(judge("POST /v1.41/networks/create", NETWORK).target()).isEqualTo("/v1.41/networks/create");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/Labels | {}",
                "/Driver | \"macvlan\"",
                "/Driver | \"bridge\"",
                "/Driver | null",
                "/Ingress | true",
                "/Scope | \"local\"",
                "/IPAM | {\"Config\": [{\"Subnet\": \"10.0.0.0/8\"}]}",
                "/ConfigFrom | {\"Network\": \"host\"}",
                "/Options/parent | \"eth0\"",
                "/Options/com.docker.network.bridge.name | \"docker0\"",
            })
    void refusesANetworkWithMore(String pointer, String value) throws Exception {
        String hostile = with(NETWORK, pointer, value);
        assertThatThrownBy(() -> judge("POST /v1.41/networks/create", hostile)).isInstanceOf(Refused.class);
    }

    @Test
    void refusesToTakeOverWhatIsOthers() {
        assertThatThrownBy(() -> judge("POST /v1.41/services/theirs/update?version=1", SERVICE))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("io.narthex.owner=narthex");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "null",
                "{\"Labels\": {\"io.narthex.owner\": \"narthex\"}} {}",
                "{\"Labels\": {\"io.narthex.owner\": \"narthex\"}, \"Labels\": {\"io.narthex.owner\": \"x\"}}",
                "{\"Labels\": {\"io.narthex.owner\": \"narthex\"}, \"Templating\": {\"Name\": \"golang\"}}",
            })
    void refusesWhatItCannotRead(String body) {
        assertThatThrownBy(() -> judge("POST /v1.41/configs/create", body)).isInstanceOf(Refused.class);
    }

    @Test
    void showsNobodyTheSecretsOfOthers() throws IOException {
        Veil veil = new Veil("narthex");
        byte[] services = bytes("""
                [{"Spec": {"Labels": {"io.narthex.owner": "narthex"},
                           "TaskTemplate": {"ContainerSpec": {"Args": ["--ours"]}}}},
                 {"Spec": {"Labels": {}, "TaskTemplate": {"ContainerSpec":
                     {"Image": "db", "Env": ["PASSWORD=hunter2"], "Args": ["--requirepass", "hunter2"]}}},
                  "PreviousSpec": {"TaskTemplate": {"ContainerSpec": {"Env": ["PASSWORD=hunter2"]}}}}]
                """);
        assertThat(text(veil.over(get("/v1.41/services"), services)))
                .contains("--ours", "\"db\"")
                .doesNotContain("hunter2");
        // Said again, it is covered again; and so is what differs.
        assertThat(text(veil.over(get("/v1.41/services"), services.clone())))
                .contains("--ours")
                .doesNotContain("hunter2");
        assertThat(text(veil.over(get("/v1.41/services"), bytes("""
                [{"Spec": {"Labels": {}, "TaskTemplate": {"ContainerSpec": {"Env": ["PASSWORD=hunter3"]}}}}]""")))).doesNotContain("--ours", "hunter");
        assertThat(text(veil.over(get("/v1.41/tasks/x"), bytes("""
                {"Spec": {"ContainerSpec": {"Image": "db", "Env": ["PASSWORD=hunter2"]}}}"""))))
                .contains("\"db\"")
                .doesNotContain("hunter2");
        assertThat(text(veil.over(get("/v1.41/tasks"), bytes("""
                [{"ID": "t", "Spec": {"ContainerSpec": {"Image": "db", "Args": ["hunter2"]}, "LogDriver": {"x": "hunter2"}}}]"""))))
                .isEqualTo("[{\"ID\":\"t\",\"Spec\":{\"ContainerSpec\":{\"Image\":\"db\"}}}]");
        assertThat(text(veil.over(get("/v1.41/configs"), bytes("""
                [{"Spec": {"Labels": {}, "Data": "aHVudGVyMg=="}},
                 {"Spec": {"Labels": {"io.narthex.resource": "true"}, "Data": "b3Vycw=="}}]"""))))
                .contains("b3Vycw==")
                .doesNotContain("aHVudGVyMg==");
        assertThat(text(veil.over(get("/v1.41/info"), bytes("""
                {"Swarm": {"NodeID": "n1"}, "RegistryConfig": {"Mirrors": ["x"]}, "Labels": ["rack=7"]}""")))).isEqualTo("{\"Swarm\":{\"NodeID\":\"n1\"}}");
    }

    private static Request get(String path) {
        return new Request("GET", path, Optional.empty(), Optional.empty());
    }

    /** An object's name may be a word of the API. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "logs", "events", "json"})
    void theNameOfAnObjectLiftsNoVeil(String name) throws IOException {
        Veil veil = new Veil("narthex");
        assertThat(text(veil.over(get("/v1.41/configs/" + name), bytes("""
                {"Spec": {"Name": "logs", "Labels": {}, "Data": "aHVudGVyMg=="}}"""))))
                .contains("logs")
                .doesNotContain("aHVudGVyMg==");
        assertThat(text(veil.over(get("/v1.41/services/" + name), bytes("""
                {"Spec": {"Labels": {}, "TaskTemplate": {"ContainerSpec": {"Env": ["PASSWORD=hunter2"]}}}}""")))).doesNotContain("hunter2");
        assertThat(get("/v1.41/services/" + name).isEvents()).isFalse();
        assertThat(text(veil.over(get("/v1.41/tasks/x/logs"), bytes("a log")))).isEqualTo("a log");
    }

    @Test
    void showsNoOptionsOfVolumesAndLogDriversOfOthers() throws IOException {
        Veil veil = new Veil("narthex");
        String template = """
                {"ContainerSpec": {"Image": "db", "Mounts": [{"Source": "data", "VolumeOptions": {"DriverConfig":
                   {"Options": {"o": "username=u,password=hunter2"}}}}]},
                 "LogDriver": {"Name": "splunk", "Options": {"splunk-token": "hunter2"}},
                 "PluginSpec": {"Env": ["X=hunter2"]}}""";
        assertThat(text(veil.over(
                        get("/v1.41/services"),
                        bytes("[{\"Spec\": {\"Labels\": {}, \"TaskTemplate\": " + template + "}}]"))))
                .contains("splunk", "data")
                .doesNotContain("hunter2");
        assertThat(text(veil.over(get("/v1.41/tasks/x"), bytes("{\"Spec\": " + template + "}"))))
                .contains("splunk", "data")
                .doesNotContain("hunter2");
        // Of thousands only what the operator looks at.
        assertThat(text(veil.over(get("/v1.41/tasks"), bytes("[{\"Spec\": " + template + "}]"))))
                .contains("data")
                .doesNotContain("hunter2", "splunk");
        assertThat(text(veil.over(get("/v1.41/volumes/nfs"), bytes("""
                {"Name": "nfs", "Options": {"o": "password=hunter2"}}""")))).isEqualTo("{\"Name\":\"nfs\"}");
    }

    private Request judge(String line, String body) throws Refused, InterruptedException {
        String[] parts = line.split(" ", 2);
        String[] target = parts[1].split("\\?", 2);
        return policy.judge(new Request(
                parts[0],
                target[0],
                target.length > 1 ? Optional.of(target[1]) : Optional.empty(),
                body.isEmpty() ? Optional.empty() : Optional.of(bytes(body))));
    }

    private static String with(String json, String pointer, String value) throws IOException {
        JsonNode tree = JSON.readTree(json);
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = tree.at(pointer.substring(0, slash));
        ((ObjectNode) parent).set(pointer.substring(slash + 1), JSON.readTree(value));
        return tree.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
