package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Retention;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Release;
import io.narthex.rollout.ReleaseJson;
import io.narthex.testbed.TestbedExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The last good release outlives the operator, in Secrets of a real API server. */
class KeptReleaseIT {

    private static final String RULES = "rules/shop.yml";
    private static final String PASSWORD = "credential.web";
    private static final String PART = "part-of-content";

    @RegisterExtension
    static final TestbedExtension TESTBED = TestbedExtension.plain("kept");

    private KubernetesClient client;

    private ObjectNames names;
    private OwnerReference owner;

    @BeforeEach
    void begin() {
        client = TESTBED.client();
        names = ObjectNames.of(new ResourceKey("PrometheusServer", TESTBED.namespace(), "main"));
        owner = TESTBED.newOwner();
        newSet();
    }

    private void newSet() {
        Map<String, String> labels = Map.of("app", "main");
        client.resource(new StatefulSetBuilder()
                        .withNewMetadata()
                        .withName(names.statefulSet())
                        .withNamespace(names.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(0)
                        .withNewSelector()
                        .withMatchLabels(labels)
                        .endSelector()
                        .withTemplate(new PodTemplateSpecBuilder(template("set"))
                                .editMetadata()
                                .withLabels(labels)
                                .endMetadata()
                                .build())
                        .endSpec()
                        .build())
                .create();
    }

    private @Nullable StatefulSet set() {
        return client.apps()
                .statefulSets()
                .inNamespace(names.namespace())
                .withName(names.statefulSet())
                .get();
    }

    /** Returns one as an operator has it that has just started. */
    private KeptRelease started() {
        return started(client);
    }

    private KeptRelease started(KubernetesClient by) {
        ConfigSecrets secrets =
                new ConfigSecrets(by, names, owner, InstantSource.system(), RandomGenerator.getDefault(), true);
        secrets.refresh();
        KeptRelease kept =
                new KeptRelease(by, names, secrets, new KeptTemplates(by, names, () -> Optional.ofNullable(set())));
        kept.refresh();
        return kept;
    }

    private static Version version(String number) {
        return new Version(
                new Release(
                        "generation-" + number,
                        "/etc/generation-" + number + "-*.none",
                        "index-" + number,
                        new TreeMap<>(Map.of(PART, "part-digest")),
                        new TreeMap<>(Map.of(RULES, "rules-" + number)),
                        new TreeMap<>(Map.of(PASSWORD, "password-" + number)),
                        "restart-" + number,
                        "start-" + number,
                        new Retention(
                                Optional.of(Duration.ofDays(2)), OptionalLong.of(5), OptionalDouble.empty(), false)),
                template(number));
    }

    private static PodTemplateSpec template(String number) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToAnnotations(ObjectNames.RESTART_KEY, "restart-" + number)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("prometheus")
                .withImage("prometheus:" + number)
                .endContainer()
                .endSpec()
                .build();
    }

    /** Knows the content of every file by its digest. */
    private static final Content ALL = (path, digest) -> Optional.of(text(digest));

    private static byte[] text(String digest) {
        return ("content of " + digest).getBytes(StandardCharsets.UTF_8);
    }

    private Secret state() {
        return client.secrets()
                .inNamespace(names.namespace())
                .withName(names.state())
                .get();
    }

    private void damage(String key, String value) {
        client.secrets().inNamespace(names.namespace()).withName(names.state()).edit(secret -> {
            secret.getData().put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
            return secret;
        });
    }

    @Test
    void theNextOperatorKnowsTheVersionAndTheContentOfItsFiles() throws Exception {
        assertThat(started().lastGood()).isEmpty();
        started().keep(version("1"), ALL);

        KeptRelease next = started();
        assertThat(next.lastGood()).contains(version("1"));
        assertThat(next.refusal()).isEmpty();
        assertThat(next.content().find(Release.INDEX, "index-1")).contains(text("index-1"));
        assertThat(next.content().find(RULES, "rules-1")).contains(text("rules-1"));
        assertThat(next.content().find(PASSWORD, "password-1")).contains(text("password-1"));
        // Nobody gets another content for the one asked for.
        assertThat(next.content().find(Release.INDEX, "index-2")).isEmpty();
        assertThat(next.content().find(RULES, "rules-2")).isEmpty();
        // Parts stay where pods see them.
        assertThat(next.content().find(PART, "part-digest")).isEmpty();
        assertThat(state().getMetadata().getOwnerReferences()).containsExactly(owner);
    }

    @Test
    void anotherVersionTakesItsPlaceAndWhatItAloneNeededGoes() throws Exception {
        KeptRelease kept = started();
        kept.keep(version("1"), ALL);
        kept.keep(version("2"), ALL);
        for (KeptRelease one : new KeptRelease[] {kept, started()}) {
            assertThat(one.lastGood()).contains(version("2"));
            assertThat(one.content().find(RULES, "rules-2")).contains(text("rules-2"));
            assertThat(one.content().find(RULES, "rules-1")).isEmpty();
            assertThat(one.content().find(Release.INDEX, "index-1")).isEmpty();
        }
    }

    /** It is longer than the rest, and a change of Monitors alone never changes it. */
    @Test
    void thePodTemplateIsWrittenWhereItChanged() throws Exception {
        Version changed = new Version(version("2").release(), template("1"));
        List<String> written = new CopyOnWriteArrayList<>();
        try (KubernetesClient heard = new KubernetesClientBuilder()
                .withConfig(client.getConfiguration())
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("heard", new Interceptor() {
                    @Override
                    public void before(BasicBuilder request, HttpRequest sent, RequestTags tags) {
                        written.add(String.valueOf(sent.bodyString()));
                    }
                }))
                .build()) {
            started(client).keep(version("1"), ALL);
            KeptRelease kept = started(heard);
            kept.keep(changed, ALL);
            assertThat(written).anyMatch(body -> body.contains("release.json"));
            assertThat(written).noneMatch(body -> body.contains("template.json"));
            assertThat(started().lastGood()).contains(changed);

            kept.keep(version("3"), ALL);
            assertThat(written).anyMatch(body -> body.contains("template.json"));
            assertThat(started().lastGood()).contains(version("3"));
        }
    }

    /** Whoever may write Secrets isn't whoever may say what runs in pods. */
    @Test
    void aTemplateThatSomebodyWroteIntoTheSecretIsNotUsed() throws Exception {
        started().keep(version("1"), ALL);
        String forged = client.getKubernetesSerialization().asJson(template("forged"));
        damage(
                "release.json",
                ReleaseJson.of(version("1").release()).put("template", forged).toString());
        assertThat(started().lastGood()).contains(version("1"));

        damage("template.json", forged);
        KeptRelease next = started();
        assertThat(next.lastGood()).isEmpty();
        next.keep(version("1"), ALL);
        assertThat(started().lastGood()).contains(version("1"));
    }

    /** What makes its pods is applied again and again, and doesn't know of the annotation. */
    @Test
    void whatIsAppliedToTheStatefulSetLeavesWhatItNames() throws Exception {
        started().keep(version("1"), ALL);
        StatefulSet before = Objects.requireNonNull(set());
        assertThat(StatefulSetAnnotation.of(before, KeptTemplates.ANNOTATION)).hasSize(64);

        client.resource(new StatefulSetBuilder()
                        .withNewMetadata()
                        .withName(names.statefulSet())
                        .withNamespace(names.namespace())
                        .withLabels(Map.of("a", "b"))
                        .endMetadata()
                        .withSpec(before.getSpec())
                        .build())
                .fieldManager(ObjectNames.NARTHEX)
                .forceConflicts()
                .serverSideApply();

        assertThat(Objects.requireNonNull(set()).getMetadata().getGeneration())
                .as("of what pods are made")
                .isEqualTo(before.getMetadata().getGeneration());
        assertThat(Objects.requireNonNull(set()).getMetadata().getLabels()).containsEntry("a", "b");
        assertThat(started().lastGood()).contains(version("1"));
    }

    @Test
    void anotherStatefulSetNamesNothingBeforeOneIsKept() throws Exception {
        KeptRelease kept = started();
        kept.keep(version("1"), ALL);
        client.resource(Objects.requireNonNull(set())).delete();
        newSet();
        assertThat(started().lastGood()).isEmpty();

        kept.keep(version("1"), ALL);
        assertThat(started().lastGood()).contains(version("1"));
    }

    @Test
    void whatCannotBeKeptWholeIsNotKept() throws Exception {
        KeptRelease kept = started();
        kept.keep(version("1"), ALL);
        for (String missing : new String[] {Release.INDEX, RULES}) {
            Content few = (path, digest) -> path.equals(missing) ? Optional.empty() : ALL.find(path, digest);
            assertThatThrownBy(() -> kept.keep(version("2"), few))
                    .isInstanceOf(NotAtHand.class)
                    .hasMessageContaining("isn't at hand");
        }
        assertThat(kept.lastGood()).contains(version("1"));
        KeptRelease next = started();
        assertThat(next.lastGood()).contains(version("1"));
        assertThat(next.content().find(RULES, "rules-1")).contains(text("rules-1"));
    }

    @Test
    void aRefusalIsRememberedBesideIt() throws Exception {
        Refusal refusal = new Refusal(version("2").release().id(), Reason.CONFIG_REFUSED, "parsing YAML\n\"job\"");
        KeptRelease kept = started();
        kept.note(refusal);
        assertThat(started().refusal()).contains(refusal);
        assertThat(started().lastGood()).isEmpty();
        kept.keep(version("1"), ALL);
        assertThat(started().refusal()).contains(refusal);
        assertThat(started().lastGood()).contains(version("1"));
    }

    /** Who changed it meanwhile isn't overwritten; what is there is read before the next attempt. */
    @Test
    void anotherWriterIsNoticed() throws Exception {
        KeptRelease one = started();
        one.keep(version("1"), ALL);
        KeptRelease other = started();
        other.keep(version("2"), ALL);

        assertThatThrownBy(() -> one.keep(version("3"), ALL))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        assertThat(started().lastGood()).contains(version("2"));
        one.refresh();
        assertThat(one.lastGood()).contains(version("2"));
    }

    @Test
    void whatCannotBeUnderstoodIsAsIfItWereNotThere() throws Exception {
        Refusal refusal = new Refusal("id", Reason.CONFIG_REFUSED, "words");
        KeptRelease kept = started();
        kept.keep(version("1"), ALL);
        kept.note(refusal);

        damage("refused.json", "{\"release\":\"id\",\"reason\":\"OF_A_LATER_RELEASE\"}");
        assertThat(started().refusal()).isEmpty();
        assertThat(started().lastGood()).as("the release beside a refusal").contains(version("1"));
        for (String wrong : new String[] {"", "{", "[]", "{\"generation\":\"1\"}", "null"}) {
            damage("release.json", wrong);
            assertThat(started().lastGood()).as(wrong).isEmpty();
        }
        for (String wrong : new String[] {"", "{", "[]"}) {
            started().keep(version("1"), ALL);
            damage("template.json", wrong);
            assertThat(started().lastGood()).as("template " + wrong).isEmpty();
        }
        started().keep(version("2"), ALL);
        damage("prometheus.yml.gz", "not zipped");
        assertThat(started().lastGood()).isEmpty();

        KeptRelease next = started();
        next.keep(version("3"), ALL);
        next.note(refusal);
        assertThat(started().lastGood()).contains(version("3"));
        assertThat(started().refusal()).contains(refusal);
    }

    @Test
    void aSecretOfSomebodyElseIsLeftAloneAndNamed() throws Exception {
        Secret theirs = client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(names.state())
                        .withNamespace(names.namespace())
                        .endMetadata()
                        .withData(Map.of("release.json", "e30="))
                        .build())
                .create();
        KeptRelease kept = started();
        Refusal refusal = new Refusal("generation-1", Reason.CONFIG_REFUSED, "no");

        assertThat(kept.lastGood()).isEmpty();
        assertThatThrownBy(() -> kept.note(refusal))
                .isInstanceOf(NotAtHand.class)
                .hasMessageContaining(names.state() + " exists and isn't this server's");
        assertThat(client.resource(theirs).get()).isEqualTo(theirs);

        client.resource(theirs).delete();
        kept.refresh();
        kept.note(refusal);
        assertThat(started().refusal()).contains(refusal);
    }
}
