package io.narthex.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.discovery.TargetGroup;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Serves targets to Prometheus over HTTP (Prometheus documentation, "HTTP SD"): {@code GET /sd/v1/NAMESPACE/SERVER/JOB}
 * with the server's bearer token. A list that isn't surely whole and new is never served: 503 has Prometheus go on with
 * the one before.
 */
public final class TargetsPage implements Page {

    private static final String BEARER = "Bearer ";

    private final Lists lists;
    private final ObjectMapper json = new ObjectMapper();

    /** Makes a page that serves these lists. */
    public TargetsPage(Lists lists) {
        this.lists = lists;
    }

    /** Finds targets. */
    @FunctionalInterface
    public interface Lists {
        /**
         * Returns the targets that are asked for.
         *
         * @param namespace the server's namespace
         * @param server the server's name
         * @param job the scrape job
         * @param token what the request carries as its token
         */
        Found find(String namespace, String server, String job, String token);
    }

    /** What came of a request. */
    public sealed interface Found {
        /**
         * The targets.
         *
         * @param groups may be empty, which means that there are none
         */
        record Targets(List<TargetGroup> groups) implements Found {
            public Targets {
                groups = List.copyOf(groups);
            }
        }

        /** The token isn't the server's, or there is no such server: which, nobody without a token learns. */
        record NotPermitted() implements Found {}

        /** The server has no such job. */
        record NoSuchJob() implements Found {}

        /**
         * Nothing sure is known.
         *
         * @param reason why
         */
        record NotKnown(String reason) implements Found {}
    }

    @Override
    public Optional<Response> get(String path, Function<String, Optional<String>> header) {
        if (!path.startsWith(DiscoveryPool.PATH_PREFIX)) {
            return Optional.empty();
        }
        String[] parts = path.substring(DiscoveryPool.PATH_PREFIX.length()).split("/", 3);
        Optional<String> token = header.apply("Authorization")
                .filter(value -> value.startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()).strip());
        if (parts.length < 3 || token.isEmpty()) {
            return Optional.of(Response.text(401, "a bearer token is needed"));
        }
        return Optional.of(
                switch (lists.find(parts[0], parts[1], parts[2], token.get())) {
                    case Found.Targets(List<TargetGroup> groups) -> Response.json(written(groups));
                    case Found.NotPermitted() -> Response.text(401, "the bearer token isn't that of this server");
                    case Found.NoSuchJob() -> Response.text(404, "the server has no such job");
                    case Found.NotKnown(String reason) -> Response.text(503, reason);
                });
    }

    private String written(List<TargetGroup> groups) {
        ArrayNode all = json.createArrayNode();
        for (TargetGroup group : groups) {
            ObjectNode one = all.addObject();
            group.targets().forEach(one.putArray("targets")::add);
            ObjectNode labels = one.putObject("labels");
            group.labels().forEach(labels::put);
        }
        return all.toString();
    }
}
