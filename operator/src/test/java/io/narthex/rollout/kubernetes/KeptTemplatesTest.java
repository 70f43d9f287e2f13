package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Retention;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Release;
import io.narthex.testbed.LoggedWarnings;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may write Secrets alone gets no pod template to run, and what was kept is never lost for good. */
class KeptTemplatesTest {

    private static final ObjectNames NAMES = ObjectNames.of(new ResourceKey("PrometheusServer", "shop", "main"));
    private static final OwnerReference OWNER = DeploymentFactory.owner("main", "7d0c");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Content ALL = (path, digest) -> Optional.of(digest.getBytes(StandardCharsets.UTF_8));
    private static final String SET = "statefulsets/" + NAMES.statefulSet();
    private static final String STATE = "secrets/" + NAMES.state();

    private final Map<String, ObjectNode> there = new TreeMap<>();
    private final LoggedWarnings warnings = LoggedWarnings.of(KeptRelease.class);
    private int version;
    private int writesLeft = Integer.MAX_VALUE;
    private StubApiServer apiServer;

    @BeforeEach
    void begin() throws IOException {
        apiServer = new StubApiServer(this::answer);
        newSet("one");
    }

    @AfterEach
    void end() {
        warnings.close();
        apiServer.close();
    }

    // An API server that knows Secrets and StatefulSets, and refuses all after some writes.

    private void newSet(String uid) {
        ObjectNode set = JSON.createObjectNode().put("kind", "StatefulSet").put("apiVersion", "apps/v1");
        set.putObject("metadata").put("name", NAMES.statefulSet()).put("uid", uid);
        there.put(SET, set);
    }

    /** Says what the StatefulSet makes its pods from. */
    private void makes(String key) {
        stored(SET)
                .putObject("spec")
                .putObject("template")
                .putObject("metadata")
                .putObject("annotations")
                .put(ObjectNames.RESTART_KEY, key);
    }

    private Answer answer(Request request) {
        String name = request.path().replaceFirst("^.*/namespaces/shop/", "");
        if (request.method().equals("GET")) {
            ObjectNode found = name.equals("secrets")
                    ? JSON.createObjectNode().put("kind", "SecretList").put("apiVersion", "v1")
                    : there.get(name);
            return found == null ? Answer.refusal(404, "{}") : new Answer(200, found.toString());
        }
        if (--writesLeft < 0) {
            return Answer.refusal(500, "{}");
        }
        try {
            JsonNode body = JSON.readTree(request.body());
            ObjectNode object;
            if (request.method().equals("POST")) {
                object = (ObjectNode) body;
                there.put(name + "/" + body.at("/metadata/name").asText(), object);
            } else {
                object = there.getOrDefault(name, JSON.createObjectNode());
                for (String expected : List.of("/metadata/uid", "/metadata/resourceVersion")) {
                    if (body.at(expected).isTextual() && !body.at(expected).equals(object.at(expected))) {
                        return Answer.refusal(409, "{}");
                    }
                }
                JSON.readerForUpdating(object).readValue(body);
            }
            object.withObjectProperty("metadata").put("resourceVersion", Integer.toString(++version));
            return new Answer(200, object.toString());
        } catch (IOException e) {
            return Answer.refusal(400, "{}");
        }
    }

    private ObjectNode stored(String name) {
        return Objects.requireNonNull(there.get(name), name);
    }

    private String names() {
        return stored(SET)
                .path("metadata")
                .path("annotations")
                .path(KeptTemplates.ANNOTATION)
                .asText();
    }

    private List<String> writes() {
        return apiServer.asked().stream()
                .filter(request -> !request.method().equals("GET"))
                .map(request -> request.path().replaceFirst("^.*/namespaces/shop/", ""))
                .toList();
    }

    /** Writes an entry of the Secret as somebody does who may write Secrets. */
    private void forge(String key, String content) {
        ((ObjectNode) stored(STATE).path("data"))
                .put(key, SecretData.encoded(content.getBytes(StandardCharsets.UTF_8)));
    }

    // What is kept.

    /** Returns one as an operator has it that has just started. */
    private KeptRelease started() {
        ConfigSecrets secrets = new ConfigSecrets(
                apiServer.client(), NAMES, OWNER, InstantSource.system(), RandomGenerator.getDefault(), true);
        secrets.refresh();
        KubernetesSerialization yaml = apiServer.client().getKubernetesSerialization();
        KeptRelease kept = new KeptRelease(
                apiServer.client(),
                NAMES,
                secrets,
                new KeptTemplates(
                        apiServer.client(),
                        NAMES,
                        () -> Optional.ofNullable(there.get(SET))
                                .map(set -> yaml.unmarshal(set.toString(), StatefulSet.class))));
        kept.refresh();
        return kept;
    }

    private static Version version(int release, String template) {
        return new Version(
                new Release(
                        "generation-" + release,
                        "marker",
                        "index-" + release,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        template,
                        "start",
                        new Retention(Optional.empty(), OptionalLong.empty(), OptionalDouble.empty(), false)),
                template(template));
    }

    private static PodTemplateSpec template(String key) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToAnnotations(ObjectNames.RESTART_KEY, key)
                .endMetadata()
                .build();
    }

    @Test
    void aTemplateThatTheStatefulSetDoesNotNameIsNotGoneBackToAndThatIsSaidOnce() throws Exception {
        started().keep(version(1, "a"), ALL);
        forge("template.json", apiServer.client().getKubernetesSerialization().asJson(template("forged")));
        assertThat(warnings.texts()).isEmpty();

        KeptRelease next = started();
        next.refresh();
        assertThat(next.lastGood()).isEmpty();
        assertThat(next.content().find(Release.INDEX, "index-1")).isEmpty();
        assertThat(warnings.texts())
                .containsExactly(
                        "The last good release in the Secret shop/" + NAMES.state()
                                + " isn't used, since the annotation monitoring.narthex.io/kept-templates of the StatefulSet"
                                + " doesn't name its pod template: an earlier version of Narthex kept it, the StatefulSet was"
                                + " deleted, or somebody changed the Secret; nothing can be gone back to until one is verified");

        next.keep(version(1, "a"), ALL);
        assertThat(started().lastGood()).contains(version(1, "a"));
        assertThat(names()).hasSize(64);
    }

    /** Whoever can write that can run pods anyway. */
    @Test
    void theStatefulSetsOwnTemplateIsGoneBackToWhereItIsThatOfTheRelease() throws Exception {
        started().keep(version(1, "a"), ALL);
        forge("template.json", apiServer.client().getKubernetesSerialization().asJson(template("forged")));
        newSet("another");
        makes("b");
        assertThat(started().lastGood()).as("one of another release").isEmpty();
        makes("a");
        KeptRelease next = started();
        assertThat(next.lastGood()).contains(version(1, "a"));

        next.secure();
        makes("b");
        assertThat(started().lastGood()).as("once another took its place").contains(version(1, "a"));
    }

    @Test
    void beforeAnotherTemplateIsRunTheStatefulSetNamesTheKeptOne() throws Exception {
        KeptRelease kept = started();
        kept.secure();
        assertThat(writes()).as("nothing is kept").isEmpty();
        kept.keep(version(1, "a"), ALL);
        int before = writes().size();
        kept.secure();
        assertThat(writes()).hasSize(before);

        newSet("another");
        kept.secure();
        assertThat(writes().subList(before, writes().size())).containsExactly(SET);
        assertThat(started().lastGood()).contains(version(1, "a"));

        there.remove(SET);
        kept.secure();
    }

    @Test
    void whatAnEarlierOperatorKeptIsKeptAnew() throws Exception {
        KeptRelease earlier = started();
        earlier.keep(version(1, "a"), ALL);
        earlier.note(new Refusal("id", Reason.CONFIG_REFUSED, "words"));
        ((ObjectNode) stored(SET).path("metadata")).remove("annotations");

        KeptRelease next = started();
        assertThat(next.lastGood()).isEmpty();
        assertThat(next.refusal()).as("what was refused isn't tried again").isPresent();
        next.keep(version(1, "a"), ALL);
        assertThat(started().lastGood()).contains(version(1, "a"));
    }

    @Test
    void theStatefulSetIsWrittenForAnotherTemplateOnly() throws Exception {
        KeptRelease kept = started();
        kept.keep(version(1, "a"), ALL);
        assertThat(writes()).containsExactly(SET, "secrets");
        kept.keep(version(2, "a"), ALL);
        assertThat(writes()).containsExactly(SET, "secrets", STATE);
        KeptRelease next = started();
        next.keep(version(3, "a"), ALL);
        assertThat(writes()).containsExactly(SET, "secrets", STATE, STATE);
        next.keep(version(4, "b"), ALL);
        assertThat(writes()).containsExactly(SET, "secrets", STATE, STATE, SET, STATE, SET);
        assertThat(names()).hasSize(64);
    }

    @Test
    void anOperatorThatDiesAfterAnyWriteLeavesOneToGoBackTo() throws Exception {
        started().keep(version(1, "a"), ALL);
        boolean died = true;
        for (int writes = 0; died; writes++) {
            writesLeft = writes;
            KeptRelease mortal = started();
            try {
                mortal.keep(version(2, "b"), ALL);
                died = false;
            } catch (KubernetesClientException e) {
                // It is over.
            }
            writesLeft = Integer.MAX_VALUE;
            Version left = writes < 2 ? version(1, "a") : version(2, "b");
            assertThat(started().lastGood()).as("after %d writes", writes).contains(left);
            started().keep(version(1, "a"), ALL);
        }
        assertThat(warnings.texts()).isEmpty();
        started().keep(version(3, "c"), ALL);
        assertThat(names()).as("what isn't kept any more").hasSize(64);
    }

    /** Whoever deleted it may have meant what it says; pods are what the next one makes them. */
    @Test
    void anotherStatefulSetKnowsNothingUntilTheNextIsKept() throws Exception {
        KeptRelease kept = started();
        kept.keep(version(1, "a"), ALL);
        newSet("another");
        assertThat(kept.lastGood()).as("what it has seen run itself").contains(version(1, "a"));
        assertThat(started().lastGood()).isEmpty();

        kept.keep(version(2, "a"), ALL);
        assertThat(started().lastGood()).contains(version(2, "a"));

        ((ObjectNode) stored(SET).path("metadata")).remove("annotations");
        kept.keep(version(2, "a"), ALL);
        assertThat(started().lastGood()).contains(version(2, "a"));

        there.remove(SET);
        assertThat(started().lastGood()).isEmpty();
        assertThatThrownBy(() -> kept.keep(version(3, "a"), ALL))
                .isInstanceOf(NotAtHand.class)
                .hasMessageContaining("StatefulSet prometheus-main, which is to name its pod template, isn't there");
        assertThat(kept.lastGood()).contains(version(2, "a"));
    }
}
