package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.docker.SwarmSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses the node of a local volume. A local volume is on one node, and Docker makes an empty one of the same name
 * wherever else a task may come to run: so the node is chosen once, and remembered.
 */
final class NodeChoice {

    private static final Pattern CONSTRAINT = Pattern.compile("([a-zA-Z0-9._-]++)\\s*+(==|!=)\\s*+(.++)");

    private NodeChoice() {}

    /** Returns the ID of the node that is meant; by host name or ID. */
    static Optional<String> named(SwarmSnapshot snapshot, String name) {
        return snapshot.nodes().stream()
                .filter(node -> SwarmSnapshot.id(node).equals(name)
                        || node.at("/Description/Hostname").asText().equals(name))
                .map(SwarmSnapshot::id)
                .findFirst();
    }

    private static Matcher parse(String constraint) {
        return CONSTRAINT.matcher(constraint.strip());
    }

    /** Returns the ID of the node that a service's constraints demand; empty where they name none. */
    static Optional<String> pinned(JsonNode constraints) {
        for (JsonNode constraint : constraints) {
            Matcher matcher = parse(constraint.asText());
            if (matcher.matches()
                    && matcher.group(1).equalsIgnoreCase("node.id")
                    && matcher.group(2).equals("==")) {
                return Optional.of(matcher.group(3));
            }
        }
        return Optional.empty();
    }

    /** Returns the ID of a node that takes tasks and satisfies the constraints; empty where none does. */
    static Optional<String> choose(SwarmSnapshot snapshot, List<String> constraints) {
        return snapshot.nodes().stream()
                .filter(node -> node.at("/Status/State").asText().equals("ready")
                        && node.at("/Spec/Availability").asText().equals("active"))
                .filter(node -> constraints.stream().allMatch(constraint -> satisfies(node, constraint)))
                .min(Comparator.comparing((JsonNode node) ->
                                node.at("/Description/Hostname").asText())
                        .thenComparing(SwarmSnapshot::id))
                .map(SwarmSnapshot::id);
    }

    /** As Swarm's scheduler does (source: swarmkit, manager/constraint); what isn't known here is left to it. */
    private static boolean satisfies(JsonNode node, String constraint) {
        Matcher matcher = parse(constraint);
        if (!matcher.matches()) {
            return true;
        }
        Optional<String> value = value(node, matcher.group(1));
        if (value.isEmpty()) {
            return true;
        }
        return value.get().equalsIgnoreCase(matcher.group(3))
                == matcher.group(2).equals("==");
    }

    private static Optional<String> value(JsonNode node, String key) {
        return switch (key.toLowerCase(Locale.ROOT)) {
            case "node.id" -> Optional.of(SwarmSnapshot.id(node));
            case "node.hostname" -> Optional.of(node.at("/Description/Hostname").asText());
            case "node.role" -> Optional.of(node.at("/Spec/Role").asText());
            case "node.platform.os" ->
                Optional.of(node.at("/Description/Platform/OS").asText());
            case "node.platform.arch" ->
                Optional.of(node.at("/Description/Platform/Architecture").asText());
            default -> {
                if (key.startsWith("node.labels.")) {
                    yield Optional.of(node.path("Spec")
                            .path("Labels")
                            .path(key.substring("node.labels.".length()))
                            .asText());
                }
                if (key.startsWith("engine.labels.")) {
                    yield Optional.of(node.path("Description")
                            .path("Engine")
                            .path("Labels")
                            .path(key.substring("engine.labels.".length()))
                            .asText());
                }
                yield Optional.empty();
            }
        };
    }
}
