package io.narthex.reconcile.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.discovery.DiscoveryEndpoint;
import io.narthex.compiler.discovery.DiscoveryPlan;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.swarm.SwarmNames;
import io.narthex.source.swarm.SwarmReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When a server joins the networks of the services that it is to scrape, and leaves them. */
class ServerNetworksTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final SwarmNames NAMES = new SwarmNames("narthex", SERVER);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private ServerNetworks networks = new ServerNetworks(NAMES, () -> now);

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static PrometheusServerSpec spec(boolean autoAttach) {
        return JSON.convertValue(
                json("{'swarm': {'networks': ['extra'], 'autoAttach': %s}}".formatted(autoAttach)),
                PrometheusServerSpec.class);
    }

    private static JsonNode network(String name, String more) {
        return json(
                "{'Id': 'n-%s', 'Name': '%s', 'Driver': 'overlay', 'Scope': 'swarm'%s}".formatted(name, name, more));
    }

    private static JsonNode service(String name, String... joined) {
        List<String> targets = new ArrayList<>();
        for (String network : joined) {
            targets.add("{'Target': 'n-" + network + "'}");
        }
        return json("{'ID': 'id-%s', 'Spec': {'Name': '%s', 'TaskTemplate': {'Networks': %s}}}"
                .formatted(name, name, targets));
    }

    private static View view(JsonNode... services) {
        SwarmSnapshot swarm = new SwarmSnapshot(
                List.of(services),
                List.of(),
                List.of(),
                List.of(
                        network("narthex", ""),
                        network("extra", ""),
                        network("shop", ""),
                        network("blog", ""),
                        network("gate", ", 'Labels': {'io.narthex.network': 'gate'}"),
                        network("ingress", ", 'Ingress': true")),
                List.of(),
                List.of(),
                Instant.EPOCH);
        return new View(
                swarm,
                Inventory.EMPTY,
                List.of(),
                Optional.of(new OwnTask("t", "s", "narthex_operator", List.of("n-control"))));
    }

    /** All services but the server's own are to be scraped. */
    private List<String> all(boolean autoAttach, JsonNode... services) {
        View view = view(services);
        List<DiscoveryEndpoint> endpoints = SwarmReader.services(view.swarm()).stream()
                .filter(service -> !service.name().equals("narthex-main"))
                .map(service -> new DiscoveryEndpoint(
                        "swarm/" + service.name(),
                        new ResourceKey("Service", "-", service.name()),
                        service,
                        8000,
                        Optional.empty(),
                        "/metrics",
                        new TreeMap<>(),
                        false))
                .toList();
        DiscoveryPlan plan = new DiscoveryPlan(SERVER, List.of(new DiscoveryPool("swarm", endpoints)), List.of());
        List<String> missing = new ArrayList<>();
        List<String> declared = ServerNetworks.declared(view, spec(autoAttach), missing);
        assertThat(missing).isEmpty();
        return networks.all(view, spec(autoAttach), declared, plan);
    }

    private static final String[] OWN = {"n-control", "n-narthex", "n-extra"};

    private static String[] ownAnd(String... more) {
        List<String> all = new ArrayList<>(List.of(OWN));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static JsonNode running(String... joined) {
        List<String> all = new ArrayList<>(List.of("control", "narthex", "extra"));
        all.addAll(List.of(joined));
        return service("narthex-main", all.toArray(String[]::new));
    }

    @Test
    void joinsNothingUnlessItIsAsked() {
        assertThat(all(false, service("shop", "shop"))).containsExactly(OWN);
        assertThat(networks.next()).isEmpty();
    }

    @Test
    void whatDoesNotRunYetJoinsAtOnce() {
        assertThat(all(true, service("shop", "shop"))).containsExactly(ownAnd("n-shop"));
        assertThat(networks.next()).isEmpty();
    }

    @Test
    void whatRunsJoinsOnceNothingChangesAnyMore() {
        assertThat(all(true, running())).containsExactly(OWN);
        assertThat(all(true, running(), service("shop", "shop"))).containsExactly(OWN);
        assertThat(networks.next()).hasValue(now.plus(ServerNetworks.CALM));
        now = now.plusSeconds(8);
        assertThat(all(true, running(), service("shop", "shop"), service("blog", "blog")))
                .containsExactly(OWN);
        now = now.plusSeconds(8);
        assertThat(all(true, running(), service("shop", "shop"), service("blog", "blog")))
                .containsExactly(OWN);
        now = now.plusSeconds(2);
        // Both by one restart.
        assertThat(all(true, running(), service("shop", "shop"), service("blog", "blog")))
                .containsExactly(ownAnd("n-blog", "n-shop"));
        assertThat(networks.next()).isEmpty();
    }

    @Test
    void aWishThatIsTakenBackIsNone() {
        all(true, running());
        all(true, running(), service("shop", "shop"));
        now = now.plusSeconds(5);
        assertThat(all(true, running())).containsExactly(OWN);
        assertThat(networks.next()).isEmpty();
    }

    @Test
    void aSwarmThatNeverRestsIsServedToo() {
        all(true, running());
        boolean joined = false;
        Duration waited = Duration.ZERO;
        for (int i = 0; !joined; i++) {
            List<String> ids = i % 2 == 0
                    ? all(true, running(), service("shop", "shop"))
                    : all(true, running(), service("shop", "shop"), service("blog", "blog"));
            joined = ids.contains("n-shop");
            now = now.plusSeconds(5);
            waited = waited.plusSeconds(5);
            assertThat(waited).isLessThan(ServerNetworks.LATEST.plusSeconds(10));
        }
    }

    @Test
    void leavesANetworkOfWhichNoServiceIsLeft() {
        assertThat(all(true, running("shop"), service("shop", "shop"))).containsExactly(ownAnd("n-shop"));
        assertThat(all(true, running("shop"))).containsExactly(ownAnd("n-shop"));
        now = now.plus(ServerNetworks.CALM);
        assertThat(all(true, running("shop"))).containsExactly(OWN);
    }

    @Test
    void changesAreSomeTimeApart() {
        all(true, running());
        all(true, running(), service("shop", "shop"));
        now = now.plus(ServerNetworks.CALM);
        assertThat(all(true, running(), service("shop", "shop"))).containsExactly(ownAnd("n-shop"));
        Instant changed = now;
        assertThat(all(true, running("shop"))).containsExactly(ownAnd("n-shop"));
        assertThat(networks.next()).hasValue(changed.plus(ServerNetworks.LEAST_APART));
        now = changed.plus(ServerNetworks.LEAST_APART);
        assertThat(all(true, running("shop"))).containsExactly(OWN);
    }

    @Test
    void anotherOperatorGoesOnWithWhatIsJoined() {
        assertThat(all(true, running("shop"), service("shop", "blog", "shop"))).containsExactly(ownAnd("n-shop"));
        assertThat(networks.next()).isEmpty();
    }

    @Test
    void leavesAllOnceItIsNoLongerAsked() {
        all(true, running("shop"), service("shop", "shop"));
        all(false, running("shop"), service("shop", "shop"));
        now = now.plus(ServerNetworks.CALM);
        assertThat(all(false, running("shop"), service("shop", "shop"))).containsExactly(OWN);
    }

    @Test
    void neverJoinsTheWayToTheGate() {
        assertThat(all(true, service("evil", "gate", "ingress"))).containsExactly(OWN);
    }
}
