package io.narthex.reconcile;

import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Asks a running Prometheus, which parses as it evaluates: what it refuses, a reload would refuse. Where it runs with
 * fewer features, or as an older release, than what is to come, it isn't asked.
 */
public final class ServerParser implements QueryParser {

    /** How a client is to be for this: none that waits long. */
    public static final ClientLimits LIMITS = new ClientLimits(
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1024 * 1024,
            32L * 1024 * 1024);

    private final Function<Server, Optional<PrometheusClient>> clients;
    private final Duration limit;
    private final InstantSource timer;

    /**
     * Makes a parser that asks where the server runs.
     *
     * @param clients makes a client of what listens at an address, with {@link #LIMITS}; this closes it
     * @param limit how long all of it may take; what isn't answered by then stays unknown
     * @param timer tells how time passes, whatever becomes of the machine's clock
     */
    public ServerParser(Function<ServerAddress, PrometheusClient> clients, Duration limit, InstantSource timer) {
        this.clients = server -> server.running().map(clients);
        this.limit = limit;
        this.timer = timer;
    }

    /**
     * Makes a parser that asks one Prometheus, wherever the server in question runs.
     *
     * @param endpoint which one
     * @param limit how long all of it may take; what isn't answered by then stays unknown
     * @param timer tells how time passes, whatever becomes of the machine's clock
     */
    public ServerParser(PrometheusEndpoint endpoint, Duration limit, InstantSource timer) {
        this.clients = server -> Optional.of(new PrometheusClient(endpoint, LIMITS));
        this.limit = limit;
        this.timer = timer;
    }

    @Override
    public Map<String, QueryVerdict> parse(Set<String> texts, Set<String> trees, Server server) {
        Optional<PrometheusClient> client = clients.apply(server);
        if (client.isEmpty()) {
            return Map.of();
        }
        try (PrometheusClient asked = client.get()) {
            return ask(asked, texts, trees, server);
        }
    }

    private Map<String, QueryVerdict> ask(
            PrometheusClient client, Set<String> texts, Set<String> trees, Server server) {
        Instant end = timer.instant().plus(limit);
        Map<String, QueryVerdict> verdicts = new HashMap<>();
        if (!speaksFor(client, server)) {
            return verdicts;
        }
        boolean failed = false;
        for (String text : texts) {
            if (timer.instant().isAfter(end)) {
                break;
            }
            Answer<QueryVerdict> answer = trees.contains(text) ? client.parseQuery(text) : client.checkQuery(text);
            if (answer instanceof Answer.Unreachable<QueryVerdict>) {
                // One expression may take too long to parse, and is nobody else's matter; a server that is away answers
                // none.
                if (failed) {
                    break;
                }
                failed = true;
                continue;
            }
            failed = false;
            answer.toOptional().ifPresent(verdict -> verdicts.put(text, verdict));
        }
        return verdicts;
    }

    private static boolean speaksFor(PrometheusClient client, Server server) {
        Optional<Set<String>> features = client.flags()
                .toOptional()
                .map(flags -> Server.parserFeatures(flags.getOrDefault("enable-feature", "")));
        return features.isPresent()
                && client.buildInfo()
                        .toOptional()
                        .filter(build -> server.isRefusedBy(build.version(), features.get()))
                        .isPresent();
    }
}
