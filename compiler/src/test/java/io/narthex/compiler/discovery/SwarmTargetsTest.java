package io.narthex.compiler.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.swarm.SwarmNetwork;
import io.narthex.compiler.swarm.SwarmNode;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.swarm.SwarmService.Attachment;
import io.narthex.compiler.swarm.SwarmService.Port;
import io.narthex.compiler.swarm.SwarmService.PublishMode;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.compiler.swarm.SwarmTask;
import io.narthex.compiler.swarm.SwarmTask.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which tasks of a Swarm become targets, at which addresses and with which labels. */
class SwarmTargetsTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final ResourceKey SERVICE = new ResourceKey("Service", "shop", "shop_server");
    private static final String JOB = DiscoveryPool.SHARED;

    private static SwarmService service(SwarmService.Mode mode, List<String> networks, List<Port> ports) {
        return new SwarmService(
                "s1",
                "shop_server",
                Map.of(SwarmService.STACK_LABEL, "shop", "a.b", "c"),
                Map.of(),
                mode,
                SwarmService.EndpointMode.VIP,
                networks.stream().map(name -> new Attachment(name, name)).toList(),
                ports,
                Optional.empty(),
                "shop/server:2@sha256:00");
    }

    private static SwarmService replicated(String... networks) {
        return service(SwarmService.Mode.REPLICATED, List.of(networks), List.of());
    }

    private static DiscoveryEndpoint endpoint(SwarmService service, @Nullable String network, boolean meta) {
        return new DiscoveryEndpoint(
                "swarm/shop/server/metrics",
                SERVICE,
                service,
                8000,
                Optional.ofNullable(network),
                "/metrics",
                new TreeMap<>(Map.of("job", "server", "__scheme__", "http")),
                meta);
    }

    private static DiscoveryPlan plan(DiscoveryEndpoint... endpoints) {
        return new DiscoveryPlan(SERVER, List.of(new DiscoveryPool(JOB, List.of(endpoints))), List.of());
    }

    private static SwarmTask task(String id, int slot, String node, Map<String, String> addresses) {
        return task(id, slot, node, State.RUNNING, State.RUNNING, addresses);
    }

    private static SwarmTask task(
            String id, int slot, String node, State state, State desired, Map<String, String> addresses) {
        TreeMap<String, List<String>> lists = new TreeMap<>();
        addresses.forEach((network, address) -> lists.put(network, List.of(address)));
        return new SwarmTask(
                id,
                "s1",
                slot == 0 ? OptionalInt.empty() : OptionalInt.of(slot),
                node,
                state,
                desired,
                lists,
                Map.of());
    }

    private static SwarmState state(List<SwarmTask> tasks, String... reachable) {
        TreeMap<String, SwarmNetwork> networks = new TreeMap<>();
        for (String name : List.of("narthex", "shop_default", "backend")) {
            networks.put(name, new SwarmNetwork(name, name, "swarm", "overlay", true, false));
        }
        networks.put("ingress", new SwarmNetwork("ingress", "ingress", "swarm", "overlay", false, true));
        return new SwarmState(
                tasks,
                Map.of("n1", node("n1", "alpha", "10.11.0.1"), "n2", node("n2", "beta", "")),
                networks,
                Set.of(reachable));
    }

    private static SwarmNode node(String id, String name, String address) {
        return new SwarmNode(
                id,
                name,
                address,
                SwarmNode.Role.WORKER,
                SwarmNode.Availability.ACTIVE,
                SwarmNode.State.READY,
                Map.of("disk", "ssd"));
    }

    private static List<String> addresses(Discovered discovered) {
        return discovered.groups().getOrDefault(JOB, List.of()).stream()
                .flatMap(group -> group.targets().stream())
                .toList();
    }

    private static TargetGroup first(Discovered discovered) {
        return discovered.groups().getOrDefault(JOB, List.of()).getFirst();
    }

    private static List<DiagnosticCode> codes(Discovered discovered) {
        return discovered.diagnostics().stream().map(Diagnostic::code).toList();
    }

    @Test
    void eachRunningTaskIsATargetWithWhereItComesFrom() {
        Discovered discovered = SwarmTargets.discover(
                plan(endpoint(replicated("narthex"), null, false)),
                state(
                        List.of(
                                task("t2", 2, "n2", Map.of("narthex", "10.0.1.6")),
                                task("t1", 1, "n1", Map.of("narthex", "10.0.1.5"))),
                        "narthex"));
        assertThat(addresses(discovered)).containsExactly("10.0.1.5:8000", "10.0.1.6:8000");
        assertThat(first(discovered).labels())
                .isEqualTo(Map.of(
                        "job", "server",
                        "__scheme__", "http",
                        "stack", "shop",
                        "service", "shop_server",
                        "task", "1",
                        "node", "alpha",
                        "image", "shop/server:2",
                        "__meta_narthex_endpoint", "swarm/shop/server/metrics"));
        assertThat(discovered.counts())
                .containsExactly(Map.entry("swarm/shop/server/metrics", new Discovered.Count(2, 2)));
        assertThat(discovered.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void onlyTasksThatRunAreTargets(State state) {
        Discovered discovered = SwarmTargets.discover(
                plan(endpoint(replicated("narthex"), null, false)),
                state(List.of(task("t1", 1, "n1", state, State.RUNNING, Map.of("narthex", "10.0.1.5"))), "narthex"));
        assertThat(addresses(discovered)).hasSize(state == State.RUNNING ? 1 : 0);
        assertThat(discovered.growing()).hasSize(state.compareTo(State.RUNNING) < 0 ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void aTaskThatIsToEndIsNoTargetAnyMore(State desired) {
        Discovered discovered = SwarmTargets.discover(
                plan(endpoint(replicated("narthex"), null, false)),
                state(List.of(task("t1", 1, "n1", State.RUNNING, desired, Map.of("narthex", "10.0.1.5"))), "narthex"));
        // COMPLETE is what the task of a job is to become by itself.
        assertThat(addresses(discovered)).hasSize(desired == State.RUNNING || desired == State.COMPLETE ? 1 : 0);
        assertThat(discovered.growing()).isEmpty();
    }

    /** Else one service that is scaled up would take away the scrape of all others, which share its job. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 2"})
    void aServiceWithMoreTargetsThanTheServerGrantsHasNone(long limit, int targets) {
        DiscoveryPlan plan = new DiscoveryPlan(
                SERVER,
                List.of(new DiscoveryPool(
                        JOB, List.of(endpoint(replicated("narthex"), null, false)), OptionalLong.of(limit))),
                List.of());
        Discovered discovered = SwarmTargets.discover(
                plan,
                state(
                        List.of(
                                task("t1", 1, "n1", Map.of("narthex", "10.0.1.5")),
                                task("t2", 2, "n2", Map.of("narthex", "10.0.1.6"))),
                        "narthex"));
        assertThat(addresses(discovered)).hasSize(targets);
        assertThat(codes(discovered)).isEqualTo(targets == 0 ? List.of(DiagnosticCode.TOO_MANY_TARGETS) : List.of());
        assertThat(discovered.counts())
                .containsExactly(Map.entry("swarm/shop/server/metrics", new Discovered.Count(2, targets)));
    }

    @Test
    void tasksOfAGlobalServiceAreToldApartByTheirNodes() {
        Discovered discovered = SwarmTargets.discover(
                plan(endpoint(service(SwarmService.Mode.GLOBAL, List.of("narthex"), List.of()), null, false)),
                state(
                        List.of(
                                task("t1", 0, "n1", Map.of("narthex", "10.0.1.5")),
                                task("t2", 0, "gone", Map.of("narthex", "10.0.1.6"))),
                        "narthex"));
        assertThat(discovered.groups().get(JOB))
                .extracting(group -> group.labels().get("task"))
                .containsExactlyInAnyOrder("alpha", "gone");
    }

    @Test
    void addressesComeFromOneSharedNetworkAlone() {
        List<SwarmTask> tasks = List.of(
                task("t1", 1, "n1", Map.of("ingress", "10.0.0.9", "shop_default", "10.0.3.5", "narthex", "10.0.1.5")));
        SwarmService service = replicated("shop_default", "narthex");
        assertThat(addresses(SwarmTargets.discover(
                        plan(endpoint(service, null, false)), state(tasks, "narthex", "ingress"))))
                .containsExactly("10.0.1.5:8000");
        assertThat(addresses(SwarmTargets.discover(
                        plan(endpoint(service, null, false)), state(tasks, "narthex", "shop_default"))))
                .containsExactly("10.0.3.5:8000");
        assertThat(addresses(SwarmTargets.discover(
                        plan(endpoint(service, "narthex", false)), state(tasks, "narthex", "shop_default"))))
                .containsExactly("10.0.1.5:8000");
    }

    @Test
    void aServiceWithoutASharedNetworkIsToldTheCommand() {
        Discovered discovered = SwarmTargets.discover(
                plan(endpoint(replicated("shop_default"), null, false)),
                state(List.of(task("t1", 1, "n1", Map.of("shop_default", "10.0.3.5"))), "narthex", "backend"));
        assertThat(addresses(discovered)).isEmpty();
        assertThat(discovered.counts().get("swarm/shop/server/metrics")).isEqualTo(new Discovered.Count(1, 0));
        assertThat(discovered.diagnostics()).singleElement().satisfies(one -> {
            assertThat(one.code()).isEqualTo(DiagnosticCode.NO_SHARED_NETWORK);
            assertThat(one.resource()).contains(SERVICE);
            assertThat(one.message()).contains("shop_default").contains("backend, narthex");
            assertThat(one.remedy()).startsWith("docker service update --network-add narthex shop_server");
        });
    }

    @Test
    void aPrometheusWithoutNetworksIsToldWhichToJoin() {
        Discovered discovered =
                SwarmTargets.discover(plan(endpoint(replicated("shop_default"), null, false)), state(List.of()));
        assertThat(discovered.diagnostics().getFirst().remedy()).contains("add shop_default to swarm.networks");
    }

    @Test
    void aNamedNetworkThatPrometheusHasNotJoinedIsNotReplaced() {
        Discovered discovered = SwarmTargets.discover(
                plan(endpoint(replicated("shop_default", "narthex"), "shop_default", false)),
                state(
                        List.of(task("t1", 1, "n1", Map.of("shop_default", "10.0.3.5", "narthex", "10.0.1.5"))),
                        "narthex"));
        assertThat(addresses(discovered)).isEmpty();
        assertThat(codes(discovered)).containsExactly(DiagnosticCode.NETWORK_NOT_JOINED);
    }

    @Test
    void whileAnUpdateAddsTheNetworkTheNewTasksAreTargets() {
        Discovered discovered = SwarmTargets.discover(
                plan(endpoint(replicated("shop_default", "narthex"), null, false)),
                state(
                        List.of(
                                task("t1", 1, "n1", Map.of("shop_default", "10.0.3.5")),
                                task("t2", 2, "n1", Map.of("shop_default", "10.0.3.6", "narthex", "10.0.1.6"))),
                        "narthex"));
        assertThat(addresses(discovered)).containsExactly("10.0.1.6:8000");
        assertThat(codes(discovered)).containsExactly(DiagnosticCode.TASK_NOT_IN_NETWORK);
        assertThat(discovered.diagnostics().getFirst().message()).startsWith("1 of 2 running tasks");
    }

    @Test
    void whileAnUpdateStartsTheNewTaskFirstBothAreTargetsUntilTheOldOneIsToEnd() {
        DiscoveryPlan plan = plan(endpoint(replicated("narthex"), null, false));
        SwarmTask old = task("t1", 1, "n1", Map.of("narthex", "10.0.1.5"));
        SwarmTask starting = task("t2", 1, "n1", State.STARTING, State.RUNNING, Map.of("narthex", "10.0.1.6"));
        SwarmTask young = task("t2", 1, "n1", Map.of("narthex", "10.0.1.6"));
        SwarmTask ending = task("t1", 1, "n1", State.RUNNING, State.SHUTDOWN, Map.of("narthex", "10.0.1.5"));
        assertThat(addresses(SwarmTargets.discover(plan, state(List.of(old, starting), "narthex"))))
                .containsExactly("10.0.1.5:8000");
        assertThat(addresses(SwarmTargets.discover(plan, state(List.of(young, ending), "narthex"))))
                .containsExactly("10.0.1.6:8000");
    }

    @Test
    void portsOfTheModeHostAreReachedByTheNode() {
        SwarmService service = service(
                SwarmService.Mode.REPLICATED,
                List.of("shop_default"),
                List.of(new Port(8000, Optional.of(18000), "tcp", PublishMode.HOST)));
        SwarmTask chosen = new SwarmTask(
                "t2", "s1", OptionalInt.of(2), "n1", State.RUNNING, State.RUNNING, Map.of(), Map.of(8000, 32768));
        Discovered discovered = SwarmTargets.discover(
                plan(endpoint(service, null, false)),
                state(List.of(task("t1", 1, "n1", Map.of()), chosen, task("t3", 3, "n2", Map.of())), "narthex"));
        assertThat(addresses(discovered)).containsExactly("10.11.0.1:18000", "10.11.0.1:32768");
        assertThat(codes(discovered)).containsExactly(DiagnosticCode.NODE_ADDRESS_UNKNOWN);
        assertThat(discovered.diagnostics().getFirst().message())
                .contains("1 of 3")
                .contains("beta");
    }

    @Test
    void theNetworkOfTheHostIsReachedByTheNode() {
        assertThat(addresses(SwarmTargets.discover(
                        plan(endpoint(replicated("host"), null, false)),
                        state(List.of(task("t1", 1, "n1", Map.of())), "narthex"))))
                .containsExactly("10.11.0.1:8000");
    }

    @Test
    void theRoutingMeshIsNoWay() {
        SwarmService service = service(
                SwarmService.Mode.REPLICATED,
                List.of(),
                List.of(new Port(8000, Optional.of(18000), "tcp", PublishMode.INGRESS)));
        Discovered discovered = SwarmTargets.discover(
                plan(endpoint(service, null, false)),
                state(List.of(task("t1", 1, "n1", Map.of("ingress", "10.0.0.9"))), "narthex", "ingress"));
        assertThat(addresses(discovered)).isEmpty();
        assertThat(discovered.diagnostics().getFirst().message()).contains("routing mesh");
    }

    @Test
    void addressesOfIpv6StandInBracketsAndComeSecond() {
        SwarmTask both = new SwarmTask(
                "t1",
                "s1",
                OptionalInt.of(1),
                "n1",
                State.RUNNING,
                State.RUNNING,
                Map.of("narthex", List.of("fd00::5", "10.0.1.5")),
                Map.of());
        SwarmTask six = task("t2", 2, "n1", Map.of("narthex", "fd00::6"));
        assertThat(addresses(SwarmTargets.discover(
                        plan(endpoint(replicated("narthex"), null, false)), state(List.of(both, six), "narthex"))))
                .containsExactly("10.0.1.5:8000", "[fd00::6]:8000");
    }

    @Test
    void relabelingFindsWhatPrometheusOwnDiscoveryTells() {
        Discovered discovered = SwarmTargets.discover(
                plan(endpoint(replicated("narthex"), null, true)),
                state(List.of(task("t1", 1, "n1", Map.of("narthex", "10.0.1.5"))), "narthex"));
        assertThat(first(discovered).labels())
                .containsEntry("__meta_dockerswarm_service_label_a_b", "c")
                .containsEntry("__meta_dockerswarm_service_name", "shop_server")
                .containsEntry("__meta_dockerswarm_service_mode", "replicated")
                .containsEntry("__meta_dockerswarm_task_slot", "1")
                .containsEntry("__meta_dockerswarm_node_hostname", "alpha")
                .containsEntry("__meta_dockerswarm_node_label_disk", "ssd")
                .containsEntry("__meta_dockerswarm_network_name", "narthex")
                .containsEntry("__meta_dockerswarm_task_desired_state", "running");
    }

    @Test
    void theOrderOfTheTasksChangesNothing() throws Exception {
        List<SwarmTask> tasks = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            tasks.add(task("t" + i, i, i % 2 == 0 ? "n1" : "n2", Map.of("narthex", "10.0.1." + i)));
        }
        DiscoveryPlan plan = plan(endpoint(replicated("narthex"), null, true));
        String first = new ObjectMapper()
                .writeValueAsString(
                        SwarmTargets.discover(plan, state(tasks, "narthex")).groups());
        Collections.reverse(tasks);
        assertThat(new ObjectMapper()
                        .writeValueAsString(SwarmTargets.discover(plan, state(tasks, "narthex"))
                                .groups()))
                .isEqualTo(first)
                .startsWith("{\"swarm\":[{\"targets\":[\"10.0.1.1:8000\"],\"labels\":{\"__meta");
    }

    @Test
    void aJobWithoutTargetsIsThereAllTheSame() {
        Discovered discovered = SwarmTargets.discover(plan(), state(List.of(), "narthex"));
        assertThat(discovered.groups()).containsExactly(Map.entry(JOB, List.of()));
    }
}
