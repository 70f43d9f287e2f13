package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.SourceMap;
import io.narthex.rollout.Action;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Observed;
import io.narthex.testbed.Specs;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done about a pod in which Prometheus ended: the samples in its emptyDir are gone once it is evicted. */
class KubernetesPrometheusTest {

    private static final ResourceKey KEY = new ResourceKey("PrometheusServer", "shop", "main");
    private static final ObjectNames NAMES = ObjectNames.of(KEY);
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

    private static final String OUT_OF_MEMORY = "{exitCode: 137, reason: OOMKilled, containerID: 'containerd://1'}";
    private static final String REFUSED = "{exitCode: 1, containerID: 'containerd://1', message: 'level=ERROR"
            + " msg=\"Error loading config (--config.file=prometheus.yml)\" err=\"no such thing\"'}";

    private static final Answer SET = new Answer(
            200,
            "{\"apiVersion\":\"apps/v1\",\"kind\":\"StatefulSet\",\"metadata\":{\"namespace\":\"shop\",\"name\":\""
                    + NAMES.statefulSet()
                    + "\",\"uid\":\"s\",\"generation\":1,\"ownerReferences\":[{\"uid\":\"uid\"}]},"
                    + "\"spec\":{\"replicas\":1,\"template\":{}}}");

    private final AtomicInteger version = new AtomicInteger(1);
    private StubApiServer apiServer;

    @SuppressWarnings("NullAway.Init") // Each test begins with a pod of its own.
    private ManagedObjects objects;

    @SuppressWarnings("NullAway.Init")
    private KubernetesPrometheus driver;

    private Deployment deployment;
    private volatile String pod = "";
    private volatile String set = "";
    private volatile Answer eviction =
            new Answer(201, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}");

    @BeforeEach
    void begin() throws Exception {
        apiServer = new StubApiServer(this::answer);
        deployment = Deployments.of(KEY, "{}");
    }

    @AfterEach
    void end() {
        driver.close();
        objects.close();
        apiServer.close();
    }

    private Answer answer(Request request) {
        String path = request.path();
        if (request.method().equals("GET")) {
            return switch (path.substring(path.lastIndexOf('/') + 1)) {
                case "pods" -> list("v1", "PodList", pod);
                case "statefulsets" -> list("apps/v1", "StatefulSetList", set);
                case "secrets" -> list("v1", "SecretList", "");
                default -> path.contains("/statefulsets/") ? SET : Answer.refusal(404, "{}");
            };
        }
        if (path.endsWith("/eviction")) {
            return eviction;
        }
        return path.contains("/statefulsets/")
                ? SET
                : new Answer(
                        200,
                        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"namespace\":\"shop\",\"name\":\""
                                + path.substring(path.lastIndexOf('/') + 1)
                                + "\",\"resourceVersion\":\"" + version.incrementAndGet() + "\"}}");
    }

    private static Answer list(String apiVersion, String kind, String item) {
        return new Answer(
                200,
                "{\"apiVersion\":\"" + apiVersion + "\",\"kind\":\"" + kind
                        + "\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + item + "]}");
    }

    /** Has the server run with a pod made of this version, of which the kubelet says this. */
    private void begin(Deployment madeOf, String status) throws IOException {
        pod = YAML.asJson(YAML.unmarshal(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  {name: prometheus-main-0, namespace: shop, uid: u, labels: {app.kubernetes.io/managed-by: narthex},
                   annotations: {%s: '%s'}}
                spec: {restartPolicy: Always}
                status: %s
                """.formatted(ObjectNames.RESTART_KEY, madeOf.release().restartKey(), status)));
        drive();
        await().until(() -> objects.pod("shop", NAMES.pod(0)).isPresent());
    }

    /** Has it be driven as the watches show it. */
    private void drive() {
        objects = new ManagedObjects(apiServer.client(), (namespace, base) -> {}, new ManagedObjects.Health() {
            @Override
            public void failed(String kind, Optional<String> namespace, Throwable problem) {
                // Nothing is to be heard of later.
            }

            @Override
            public void heard(String kind, Optional<String> namespace) {
                // Nothing is to be heard of later.
            }
        });
        var _ = objects.start(Optional.of("shop"));
        driver = new KubernetesPrometheus(
                apiServer.client(),
                NAMES,
                DeploymentFactory.owner("main", "uid"),
                objects,
                InstantSource.fixed(NOW),
                InstantSource.fixed(NOW),
                RandomGenerator.getDefault(),
                true);
        driver.desire(deployment, Optional.empty());
    }

    private static String ended(String end) {
        return "{phase: Running, podIP: 127.0.0.1, containerStatuses: [{name: prometheus, state: {terminated: " + end
                + "}}]}";
    }

    private static String looping(String end) {
        return "{phase: Running, podIP: 127.0.0.1, containerStatuses: [{name: prometheus,"
                + " state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: " + end + "}}]}";
    }

    private Observed observe() throws InterruptedException {
        return driver.observe(Optional.empty());
    }

    private Run run() throws InterruptedException {
        return observe().instances().values().iterator().next().run();
    }

    /** Notes the version as one that ran, as the engine does once it is verified. */
    private void keep() throws InterruptedException {
        driver.execute(new Action.KeepLastGood(
                deployment.release(), observe().kept().orElseThrow().version()));
        assertThat(observe().failure()).isEmpty();
        assertThat(observe().kept().orElseThrow().lastGood()).contains(deployment.release());
    }

    private void start() throws InterruptedException {
        driver.execute(new Action.Start(NAMES.pod(0), deployment.release()));
        assertThat(apiServer.asked()).anyMatch(request -> request.toString().matches("PATCH .*/statefulsets/.*"));
        assertThat(observe().failure()).isEmpty();
    }

    private boolean isEvicted() {
        return apiServer.asked().stream().anyMatch(request -> request.path().endsWith("/eviction"));
    }

    @Test
    void aProcessThatEndedIsLeftToTheKubelet() throws Exception {
        begin(deployment, ended(OUT_OF_MEMORY));

        assertThat(run()).isEqualTo(Run.STARTING);
        start();
        assertThat(isEvicted()).isFalse();
    }

    @Test
    void whatItRefusedIsKnownAtOnce() throws Exception {
        begin(deployment, ended(REFUSED));

        Instance instance = observe().instances().values().iterator().next();
        assertThat(instance.run()).isEqualTo(Run.STOPPED);
        assertThat(instance.exit()).map(Instance.Exit::configRefused).contains(true);
        start();
        assertThat(isEvicted())
                .as("the kubelet starts it with what is put back")
                .isFalse();
    }

    @Test
    void aPodOfWhatRanBeforeIsNotMadeAnewInVain() throws Exception {
        begin(deployment, looping(OUT_OF_MEMORY));
        keep();

        assertThat(run()).isEqualTo(Run.STOPPED);
        start();
        assertThat(isEvicted()).isFalse();
    }

    @Test
    void whatNeverRanIsStartedAgainAndAgain() throws Exception {
        begin(deployment, looping(OUT_OF_MEMORY));

        assertThat(run()).isEqualTo(Run.STOPPED);
        start();
        assertThat(isEvicted()).isTrue();
    }

    @Test
    void aPodOfAnotherVersionIsReplaced() throws Exception {
        begin(Deployments.of(KEY, "{web: {maxConnections: 7}}"), looping(REFUSED));
        keep();

        assertThat(run()).isEqualTo(Run.STOPPED);
        start();
        assertThat(isEvicted()).isTrue();
    }

    @Test
    void aPodThatReadsOtherFilesNowIsMadeAnew() throws Exception {
        begin(deployment, looping(REFUSED));
        keep();
        driver.execute(new Action.PublishIndex(
                deployment.release(), observe().kept().orElseThrow().version()));
        assertThat(observe().kept().orElseThrow().files()).isNotEmpty();

        start();
        assertThat(isEvicted()).isTrue();
    }

    /** Returns what has a part, which a server alone hasn't. */
    private static Inventory monitored() {
        return Inventory.EMPTY.with(new Declared<>(
                new ResourceKey("Monitor", "shop", "web"),
                Map.of(),
                Map.of(),
                Specs.read(
                        "{source: {static: {targets: ['127.0.0.1:1']}}, endpoints: [{interval: 5s}]}",
                        MonitorSpec.class),
                SourceMap.NONE));
    }

    private Action.PublishParts parts() throws InterruptedException {
        return new Action.PublishParts(
                deployment.release(), observe().kept().orElseThrow().version(), Set.of(), false);
    }

    /** Of parts there may be more than there is room for, and a credential that isn't the newest opens no door. */
    @Test
    void credentialsDontWaitForParts() throws Exception {
        deployment =
                Deployments.of(KEY, """
                {remoteWrite: [{url: "http://127.0.0.1:9/",
                                auth: {authorization: {credentials: {secretRef: {name: a, key: b}}}}}]}""", monitored().with(new SecretId("shop", "a", "b"), SecretValue.of("newest")));
        apiServer.answer(request -> (request.path() + request.body()).contains("prometheus-main-part-")
                ? Answer.refusal(403, "{}")
                : answer(request));
        begin(deployment, looping(OUT_OF_MEMORY));

        driver.execute(parts());

        assertThat(observe().failure())
                .hasValueSatisfying(why -> assertThat(why).contains("403"));
        String credential = deployment.release().credentials().firstKey();
        assertThat(apiServer.asked())
                .anyMatch(request ->
                        !request.method().equals("GET") && request.body().contains(credential));
    }

    /** Of two files of one name in a pod the later Secret's wins, and that of credentials comes after those of parts. */
    @Test
    void whatHidesAPartIsTakenOutOfTheCredentials() throws Exception {
        deployment = Deployments.of(KEY, "{}", monitored());
        begin(deployment, looping(OUT_OF_MEMORY));
        driver.execute(parts());
        String part = deployment.release().parts().firstKey();
        String name = NAMES.secret(SecretKind.CREDENTIAL, 0);
        apiServer.answer(
                request -> request.method().equals("GET") && request.path().endsWith("/secrets/" + name)
                        ? new Answer(200, """
                        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "%s", "namespace": "shop",
                         "resourceVersion": "77", "ownerReferences": [{"uid": "uid", "controller": true}]},
                         "data": {"%s": "AAEC"}}""".formatted(name, part))
                        : answer(request));
        driver.secretChanged(name, "77");
        observe();

        driver.execute(new Action.PublishIndex(
                deployment.release(), observe().kept().orElseThrow().version()));

        assertThat(apiServer.asked())
                .anyMatch(request -> request.method().equals("PATCH")
                        && request.path().endsWith("/secrets/" + name)
                        && request.body().contains("\"" + part + "\":null"));
    }

    @Test
    void aPodThatIsOverIsMadeAnew() throws Exception {
        begin(deployment, ended(OUT_OF_MEMORY).replace("Running", "Failed"));
        keep();

        assertThat(run()).isEqualTo(Run.STOPPED);
        start();
        assertThat(isEvicted()).isTrue();
    }

    @Test
    void aPodThatCannotBeEvictedIsStillThereAndItIsSaidWhy() throws Exception {
        begin(deployment, looping(OUT_OF_MEMORY));
        eviction = Answer.refusal(403, "{}");
        observe();

        driver.execute(new Action.Restart(NAMES.pod(0), deployment.release()));

        assertThat(observe().failure())
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("the pod " + NAMES.pod(0) + " can't be evicted: ")
                        .contains("told to"));
        assertThat(run()).isEqualTo(Run.STOPPED);
    }

    @Test
    void aPodThatWasEvictedIsTakenForLeavingAtOnce() throws Exception {
        begin(deployment, looping(OUT_OF_MEMORY));
        assertThat(run()).isEqualTo(Run.STOPPED);

        driver.execute(new Action.Restart(NAMES.pod(0), deployment.release()));

        assertThat(isEvicted()).isTrue();
        assertThat(observe().failure()).isEmpty();
        assertThat(run()).isEqualTo(Run.STARTING);
    }

    @Test
    void podsAreLookedAtOnceWhatOthersChangedIsPutRight() throws Exception {
        set = YAML.asJson(new StatefulSetBuilder(deployment.statefulSet())
                .editMetadata()
                .withUid("s")
                .withGeneration(0L)
                .endMetadata()
                .editSpec()
                .withReplicas(0)
                .endSpec()
                .build());
        drive();
        await().until(() -> objects.statefulSet(NAMES).isPresent());

        assertThat(run()).as("its pod is about to be made").isEqualTo(Run.STARTING);
    }
}
