package io.narthex.compiler.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.swarm.SwarmService.Attachment;
import io.narthex.compiler.swarm.SwarmService.Port;
import io.narthex.compiler.swarm.SwarmService.PublishMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which networks Prometheus joins to reach what it is to scrape. */
class NetworkWishTest {

    private static final Set<String> ANY = Set.of("shop", "back", "front", "narthex");
    private static final Set<String> DECLARED = Set.of("narthex");

    private static SwarmService service(String name, List<Port> ports, String... networks) {
        return new SwarmService(
                "id-" + name,
                name,
                Map.of(),
                Map.of(),
                SwarmService.Mode.REPLICATED,
                SwarmService.EndpointMode.VIP,
                Arrays.stream(networks).map(one -> new Attachment(one, one)).toList(),
                ports,
                Optional.empty(),
                "image:1");
    }

    private static DiscoveryEndpoint endpoint(SwarmService service, Optional<String> network) {
        return new DiscoveryEndpoint(
                "swarm/" + service.name(),
                new ResourceKey("Service", "-", service.name()),
                service,
                8000,
                network,
                "/metrics",
                new TreeMap<>(),
                false);
    }

    private static DiscoveryEndpoint in(String service, String... networks) {
        return endpoint(service(service, List.of(), networks), Optional.empty());
    }

    private static DiscoveryEndpoint publishing(PublishMode mode, String... networks) {
        return endpoint(
                service("published", List.of(new Port(8000, Optional.of(80), "tcp", mode)), networks),
                Optional.empty());
    }

    private static Set<String> wish(Set<String> attached, DiscoveryEndpoint... endpoints) {
        DiscoveryPlan plan = new DiscoveryPlan(
                new ResourceKey("PrometheusServer", "default", "main"),
                List.of(new DiscoveryPool("swarm", List.of(endpoints))),
                List.of());
        return NetworkWish.of(plan, DECLARED, attached, ANY);
    }

    @Test
    void aNetworkOfAServiceThatSharesNone() {
        assertThat(wish(Set.of(), in("a", "shop"))).containsExactly("shop");
        assertThat(wish(Set.of(), in("a", "shop", "narthex"))).isEmpty();
        assertThat(wish(Set.of(), in("a"))).isEmpty();
        assertThat(wish(Set.of())).isEmpty();
    }

    @Test
    void noneWhereTheNodesLeadThere() {
        assertThat(wish(Set.of(), in("a", "host"))).isEmpty();
        assertThat(wish(Set.of(), publishing(PublishMode.HOST, "shop"))).isEmpty();
        // The routing mesh doesn't tell tasks apart.
        assertThat(wish(Set.of(), publishing(PublishMode.INGRESS, "shop"))).containsExactly("shop");
    }

    @Test
    void theNetworkThatAnEndpointNames() {
        SwarmService service = service("a", List.of(), "narthex", "back", "shop");
        assertThat(wish(Set.of(), endpoint(service, Optional.of("shop")))).containsExactly("shop");
        assertThat(wish(Set.of(), endpoint(service, Optional.of("elsewhere")))).isEmpty();
        assertThat(wish(Set.of(), endpoint(service, Optional.of("narthex")))).isEmpty();
    }

    @Test
    void asFewAsPossibleAndThoseThatAreJoinedAlready() {
        assertThat(wish(Set.of(), in("a", "shop"), in("b", "back", "shop"))).containsExactly("shop");
        assertThat(wish(Set.of(), in("b", "back", "front"))).containsExactly("back");
        assertThat(wish(Set.of("front"), in("b", "back", "front"))).containsExactly("front");
        // A network without a service is left.
        assertThat(wish(Set.of("front", "back"), in("b", "back"))).containsExactly("back");
    }

    @Test
    void noneThatMayNotBeJoined() {
        assertThat(wish(Set.of(), in("a", "ingress", "someones-bridge"))).isEmpty();
    }
}
