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
        for (String text : texts) {
            if (timer.instant().isAfter(end)) {
                break;
            }
            Answer<QueryVerdict> answer = trees.contains(text) ? client.parseQuery(text) : client.checkQuery(text);
            Optional<QueryVerdict> verdict = answer.toOptional().or(() -> unanswered(answer, client));
            if (verdict.isEmpty() && answer instanceof Answer.Unreachable) {
                break;
            }
            verdict.ifPresent(some -> verdicts.put(text, some));
        }
        return verdicts;
    }

    /** One expression may take too long to parse, and is nobody else's matter; a server that is away answers nothing. */
    private static Optional<QueryVerdict> unanswered(Answer<QueryVerdict> answer, PrometheusClient client) {
        String why = switch (answer) {
            case Answer.Unreachable<QueryVerdict> away
            when client.healthy() instanceof Answer.Ok ->
                "Prometheus takes longer than " + LIMITS.large().toSeconds() + " s to parse it";
            case Answer.TooLarge<QueryVerdict> large -> "what Prometheus makes of it is too large: " + large.reason();
            case Answer.Unintelligible<QueryVerdict> odd ->
                "what Prometheus makes of it can't be read: " + odd.reason();
            default -> "";
        };
        return why.isEmpty() ? Optional.empty() : Optional.of(new QueryVerdict.Unanswered(why));
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
