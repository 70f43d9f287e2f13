package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.DeploymentSettings;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.source.kubernetes.Scope;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One namespace that refuses a binding keeps none from the others, and nothing that is withdrawn. */
class DiscoveryBindingsTest {

    private static final String OURS = """
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
          "metadata": {"namespace": "%s", "name": "%s", "resourceVersion": "7", "labels": {
          "app.kubernetes.io/managed-by": "narthex", "monitoring.narthex.io/server-namespace": "team"}}}
        """;
    private static final Answer FORBIDDEN = Answer.refusal(403, "{}");

    private StubApiServer apiServer;
    private DiscoveryBindings bindings;
    private List<String> accounts = List.of("prometheus-main");
    private final AtomicReference<Set<ResourceKey>> others = new AtomicReference<>(Set.of());
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-27T12:00:00Z"));
    private final AtomicInteger changes = new AtomicInteger();
    private final CountDownLatch webhook = new CountDownLatch(1);
    private final Set<String> consenting = new TreeSet<>(Set.of("aaa", "bbb"));
    private Set<ResourceKey> paused = Set.of();

    @BeforeEach
    void begin() throws IOException {
        apiServer =
                new StubApiServer(request -> answer(request, FORBIDDEN), Executors.newVirtualThreadPerTaskExecutor());
        bindings = new DiscoveryBindings(
                apiServer.client(),
                new OperatorSettings(
                        Scope.CLUSTER,
                        new Consent(Set.of("platform"), Set.of()),
                        Optional.empty(),
                        DeploymentSettings.DEFAULT,
                        true,
                        Duration.ofMinutes(1),
                        OperatorSettings.OUTDATED),
                new DeploymentFactory(
                        DeploymentSettings.DEFAULT, apiServer.client().getKubernetesSerialization()),
                others::get,
                now::get,
                changes::incrementAndGet);
        bindings.start();
    }

    @AfterEach
    void end() {
        webhook.countDown();
        bindings.close();
        apiServer.close();
    }

    private static Answer answer(Request request, Answer inAaa) {
        if (request.method().equals("GET") && request.path().endsWith("/stale")) {
            return new Answer(200, OURS.formatted(request.path().contains("/aab/") ? "aab" : "zzz", "stale"));
        }
        if (request.method().equals("GET") && request.path().contains("rolebindings/")) {
            return Answer.refusal(404, "{}");
        }
        if (request.method().equals("GET")) {
            boolean roles = request.path().endsWith("/rolebindings");
            return new Answer(
                    200,
                    "{\"kind\":\"List\",\"items\":["
                            + (roles ? OURS.formatted("aab", "stale") + "," + OURS.formatted("zzz", "stale") : "")
                            + "]}");
        }
        if (request.path().contains("/namespaces/aaa/") || request.path().contains("/namespaces/aab/")) {
            return inAaa;
        }
        return new Answer(200, request.method().equals("DELETE") ? "{}" : request.body());
    }

    private static ResourceKey server(String namespace) {
        return new ResourceKey("PrometheusServer", namespace, "main");
    }

    private void say() {
        Inventory inventory = Inventory.EMPTY;
        for (String namespace : consenting) {
            inventory = inventory.withNamespace(namespace, Map.of(Inventory.MONITORED_FROM, "team"));
        }
        bindings.reconcile(Map.of(server("team"), accounts, server("platform"), accounts), paused, inventory);
    }

    /** Says what is wanted, and waits until all of it was tried. */
    private void reconcile() {
        say();
        await().until(bindings::isThrough);
    }

    /** Has all that failed be tried once more. */
    private void later() {
        now.updateAndGet(before -> before.plus(BindingQueue.PAUSES.longest()));
        reconcile();
    }

    private void restore() {
        bindings.restore();
        await().until(bindings::isThrough);
    }

    private long asked(String method, String path) {
        return apiServer.asked().stream()
                .filter(request ->
                        request.method().equals(method) && request.path().contains(path))
                .count();
    }

    @Test
    void whatOneRefusesIsDoneForTheOthers() {
        reconcile();
        assertThat(asked("PATCH", "/namespaces/aaa/rolebindings/")).isEqualTo(1);
        assertThat(asked("PATCH", "/namespaces/bbb/rolebindings/")).isEqualTo(1);
        assertThat(asked("PATCH", "/clusterrolebindings/")).isEqualTo(1);
        assertThat(asked("DELETE", "/namespaces/aab/rolebindings/stale")).isEqualTo(1);
        assertThat(asked("DELETE", "/namespaces/zzz/rolebindings/stale")).isEqualTo(1);
    }

    @Test
    void whatFailedIsDoneLaterAndTheRestNotAgain() {
        reconcile();
        apiServer.answer(request -> answer(request, new Answer(200, request.body())));
        reconcile();
        assertThat(asked("PATCH", "/namespaces/aaa/rolebindings/"))
                .as("at once")
                .isEqualTo(1);
        later();
        assertThat(asked("PATCH", "/namespaces/aaa/rolebindings/")).isEqualTo(2);
        assertThat(asked("PATCH", "/namespaces/bbb/rolebindings/")).isEqualTo(1);
        assertThat(asked("DELETE", "/namespaces/aab/rolebindings/stale")).isEqualTo(2);
        int before = apiServer.asked().size();
        later();
        assertThat(apiServer.asked()).hasSize(before);
    }

    @Test
    void theyFollowTheAccountsOfThePods() {
        apiServer.answer(request -> answer(request, new Answer(200, request.body())));
        reconcile();
        accounts = List.of("other", "prometheus-main");
        reconcile();
        accounts = List.of("other");
        reconcile();
        reconcile();
        for (String path : List.of("/namespaces/bbb/rolebindings/", "/clusterrolebindings/")) {
            assertThat(apiServer.asked())
                    .filteredOn(request ->
                            request.method().equals("PATCH") && request.path().contains(path))
                    .extracting(request -> subjects(request.body()))
                    .containsExactly(List.of("prometheus-main"), List.of("other", "prometheus-main"), List.of("other"));
        }
    }

    private static List<String> subjects(String binding) {
        return Serialization.unmarshal(binding, RoleBinding.class).getSubjects().stream()
                .map(Subject::getName)
                .toList();
    }

    @Test
    void aNamespaceThatGoesIsNotWaitedFor() {
        Answer terminating = Answer.refusal(403, "{\"causes\":[{\"reason\":\"NamespaceTerminating\"}]}");
        apiServer.answer(request -> answer(request, terminating));
        reconcile();
        later();
        assertThat(asked("PATCH", "/namespaces/aaa/rolebindings/")).isEqualTo(1);
    }

    @Test
    void allAreRestoredThoughOneRefuses() {
        reconcile();
        apiServer.answer(request -> answer(request, new Answer(200, request.body())));
        later();
        apiServer.answer(request -> answer(request, FORBIDDEN));
        long before = asked("PATCH", "/namespaces/bbb/rolebindings/");
        restore();
        assertThat(asked("PATCH", "/namespaces/bbb/rolebindings/")).isEqualTo(before + 1);
    }

    /** Has somebody's binding stand where that of a server of {@code team} in {@code bbb}, or in the cluster, is to be. */
    private static Answer taken(Request request, String path, String labels) {
        String name = path.replaceFirst(".*/", "");
        return request.method().equals("GET") && request.path().contains(path)
                ? new Answer(200, """
                        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "%s",
                         "metadata": {%s "name": "%s", "resourceVersion": "7", "labels": {%s}}, "subjects": [],
                         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}}
                        """.formatted(
                                path.contains("cluster") ? "ClusterRoleBinding" : "RoleBinding",
                                path.contains("bbb") ? "\"namespace\": \"bbb\"," : "",
                                name,
                                labels))
                : answer(request, new Answer(200, request.body()));
    }

    private static String labels(String namespace) {
        return "\"app.kubernetes.io/managed-by\": \"narthex\", \"app.kubernetes.io/instance\": \"prometheus-main\","
                + " \"monitoring.narthex.io/server-namespace\": \"" + namespace + "\"";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"app.kubernetes.io/managed-by\": \"narthex\""})
    void oneThatIsSomebodyElsesIsNotTakenOver(String labels) {
        String path = "/namespaces/bbb/rolebindings/narthex.team.prometheus-main";
        apiServer.answer(request -> taken(request, path, labels));
        reconcile();
        assertThat(asked("PATCH", path)).isZero();
        assertThat(asked("PATCH", "/namespaces/aaa/rolebindings/"))
                .as("the others are made")
                .isEqualTo(1);
        assertThat(bindings.obstacle(server("team")))
                .hasValue(
                        "RoleBinding bbb/narthex.team.prometheus-main exists and isn't this server's; rename one of the"
                                + " two");
        assertThat(bindings.obstacle(server("platform"))).isEmpty();

        assertThat(changes).as("that is told").hasValue(1);

        apiServer.answer(request -> answer(request, new Answer(200, request.body())));
        later();
        assertThat(asked("PATCH", path)).as("once it is gone").isEqualTo(1);
        assertThat(bindings.obstacle(server("team"))).isEmpty();
        assertThat(changes).hasValue(2);
    }

    /** In a namespace that goes nothing can be made, and nothing is there to rename. */
    @Test
    void oneThatIsGoneIsNotSpokenOfWhereItsOwnIsRefused() {
        String path = "/namespaces/bbb/rolebindings/narthex.team.prometheus-main";
        apiServer.answer(request -> taken(request, path, labels("other")));
        reconcile();
        assertThat(bindings.obstacle(server("team"))).isPresent();
        apiServer.answer(request -> request.method().equals("PATCH")
                ? Answer.refusal(403, "{}")
                : answer(request, new Answer(200, request.body())));
        later();
        assertThat(bindings.obstacle(server("team"))).isEmpty();
    }

    @Test
    void inTheClusterNoneIsTakenOverEither() {
        String path = "/clusterrolebindings/narthex.platform.prometheus-main";
        apiServer.answer(request -> taken(request, path, labels("other")));
        reconcile();
        assertThat(asked("PATCH", path)).isZero();
        assertThat(bindings.obstacle(server("platform")))
                .hasValue(
                        "ClusterRoleBinding narthex.platform.prometheus-main exists and isn't this server's; rename one"
                                + " of the two");
    }

    @Test
    void itsOwnThatIsThereAlreadyIsWritten() {
        String path = "/namespaces/bbb/rolebindings/narthex.team.prometheus-main";
        apiServer.answer(request -> taken(request, path, labels("team")));
        reconcile();
        assertThat(asked("PATCH", path)).isEqualTo(1);
        assertThat(bindings.obstacle(server("team"))).isEmpty();
    }

    @Test
    void whatSomebodyElseMadeMeanwhileIsNotTakenOver() {
        String path = "/namespaces/bbb/rolebindings/narthex.team.prometheus-main";
        apiServer.answer(request -> answer(request, new Answer(200, request.body())));
        reconcile();
        apiServer.answer(request -> taken(request, path, labels("other")));
        restore();
        assertThat(asked("PATCH", path)).as("the first time alone").isEqualTo(1);
        assertThat(bindings.obstacle(server("team"))).isPresent();
    }

    /** Its own operator has written its binding by the time that this one lists them. */
    @Test
    void whatIsOfAServerThatCameWhileOthersWereWrittenIsLeftAlone() {
        ResourceKey late = server("late");
        String binding = ObjectNames.of(late).elsewhere();
        apiServer.answer(request -> {
            if (request.method().equals("GET") && request.path().endsWith("/rolebindings")) {
                others.set(Set.of(late));
                return new Answer(
                        200,
                        "{\"kind\":\"List\",\"items\":["
                                + OURS.formatted("zzz", binding)
                                + ","
                                + OURS.formatted("zzz", "stale")
                                + "]}");
            }
            return request.method().equals("GET") && request.path().endsWith(binding)
                    ? new Answer(200, OURS.formatted("zzz", binding))
                    : answer(request, new Answer(200, request.body()));
        });
        reconcile();
        assertThat(asked("DELETE", "/rolebindings/stale")).isEqualTo(1);
        assertThat(asked("DELETE", "/rolebindings/" + binding)).isEqualTo(0);

        others.set(Set.of());
        apiServer.answer(request -> request.path().endsWith("/rolebindings")
                ? new Answer(200, "{\"kind\":\"List\",\"items\":[" + OURS.formatted("zzz", binding) + "]}")
                : request.method().equals("GET") && request.path().endsWith(binding)
                        ? new Answer(200, OURS.formatted("zzz", binding))
                        : answer(request, new Answer(200, request.body())));
        reconcile();
        assertThat(asked("DELETE", "/rolebindings/" + binding))
                .as("once it is gone")
                .isEqualTo(1);
    }

    private Answer hanging(Request request) {
        if (!request.method().equals("GET") && request.path().contains("/namespaces/hanging-")) {
            try {
                webhook.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return answer(request, new Answer(200, request.body()));
    }

    @Test
    void namespacesThatHangHoldUpNeitherTheCallerNorOthers() {
        apiServer.answer(this::hanging);
        for (int i = 0; i < 10; i++) {
            consenting.add("hanging-" + i);
        }
        say();
        await().until(() -> asked("PATCH", "/namespaces/hanging-") == 10);
        await().until(() -> asked("PATCH", "/namespaces/bbb/rolebindings/") == 1);

        consenting.remove("bbb");
        consenting.add("ccc");
        say();
        await().until(() -> asked("PATCH", "/namespaces/ccc/rolebindings/") == 1);
        await().until(() -> asked("GET", "/namespaces/bbb/rolebindings/") == 2);
        assertThat(asked("PATCH", "/namespaces/hanging-")).isEqualTo(10);

        webhook.countDown();
        await().until(bindings::isThrough);
        assertThat(asked("PATCH", "/namespaces/hanging-")).isEqualTo(10);
    }

    /** Without another list, and first asking whose it is by now. */
    @Test
    void whatIsWithdrawnIsDeletedUnlessItIsSomebodyElses() {
        String path = "/namespaces/bbb/rolebindings/narthex.team.prometheus-main";
        apiServer.answer(request -> taken(request, path, labels("team")));
        reconcile();
        consenting.remove("bbb");
        reconcile();
        assertThat(asked("DELETE", path)).isEqualTo(1);

        consenting.add("bbb");
        reconcile();
        apiServer.answer(request -> taken(request, path, ""));
        consenting.remove("bbb");
        reconcile();
        assertThat(asked("DELETE", path)).isEqualTo(1);
    }

    /** Such as one whose operatorClass became another: its next operator needs them. */
    @Test
    void whatIsOfAServerThatAnotherOperatorTakesStays() {
        String path = "/namespaces/bbb/rolebindings/narthex.team.prometheus-main";
        apiServer.answer(request -> taken(request, path, labels("team")));
        reconcile();
        others.set(Set.of(server("team")));
        bindings.reconcile(Map.of(server("platform"), accounts), Set.of(), Inventory.EMPTY);
        await().until(bindings::isThrough);
        assertThat(asked("DELETE", "/namespaces/bbb/")).isZero();
    }

    /** Whether it was paused when the operator found it, or is paused by now. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thoseOfAPausedServerStayAsTheyAreUnlessConsentIsWithdrawn(boolean known) {
        String path = "/namespaces/bbb/rolebindings/narthex.team.prometheus-main";
        apiServer.answer(request -> taken(request, path, labels("team")));
        if (known) {
            reconcile();
        }
        long before = asked("PATCH", "/rolebindings/");
        paused = Set.of(server("team"));
        accounts = List.of("other");
        consenting.add("ccc");
        reconcile();
        restore();
        assertThat(asked("PATCH", "/rolebindings/")).isEqualTo(before);
        assertThat(asked("DELETE", "narthex.team.")).isZero();
        assertThat(asked("PATCH", "/clusterrolebindings/"))
                .as("those of another server")
                .isPositive();

        consenting.remove("bbb");
        reconcile();
        assertThat(asked("DELETE", path)).isEqualTo(1);

        paused = Set.of();
        reconcile();
        assertThat(asked("PATCH", "/namespaces/ccc/rolebindings/"))
                .as("once it goes on")
                .isEqualTo(1);
    }

    /** A backup may have brought some back, or a write that was given up may have come late. */
    @Test
    void whatNobodyWantsIsLookedForFromTimeToTime() {
        reconcile();
        long lists = asked("GET", "/clusterrolebindings");
        for (int i = 0; i < 9; i++) {
            restore();
        }
        reconcile();
        assertThat(asked("DELETE", "/namespaces/zzz/rolebindings/stale")).isEqualTo(1);
        restore();
        assertThat(asked("DELETE", "/namespaces/zzz/rolebindings/stale")).isEqualTo(2);
        assertThat(asked("GET", "/clusterrolebindings")).isGreaterThan(lists);
    }

    @Test
    void afterTheEndNothingIsWritten() {
        apiServer.answer(this::hanging);
        consenting.add("hanging-0");
        say();
        await().until(() -> asked("PATCH", "/namespaces/hanging-0/") == 1);
        bindings.close();
        webhook.countDown();
        int before = apiServer.asked().size();
        consenting.add("ccc");
        say();
        bindings.restore();
        assertThat(apiServer.asked()).hasSize(before);
    }
}
