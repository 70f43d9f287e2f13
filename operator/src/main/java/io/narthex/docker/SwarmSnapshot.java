package io.narthex.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All objects of a Swarm as Docker tells of them, those of one kind at one moment. A list that didn't change since the
 * snapshot before is the very same list.
 *
 * @param services the services
 * @param tasks the tasks, in every state
 * @param nodes the nodes
 * @param networks the networks, those of one machine too
 * @param configs the configs, with their content as far as it may be seen
 * @param secrets the secrets, without their content
 * @param tasksAt when the tasks were asked for
 */
public record SwarmSnapshot(
        List<JsonNode> services,
        List<JsonNode> tasks,
        List<JsonNode> nodes,
        List<JsonNode> networks,
        List<JsonNode> configs,
        List<JsonNode> secrets,
        Instant tasksAt) {

    /** Nothing at all. */
    public static final SwarmSnapshot EMPTY =
            new SwarmSnapshot(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Instant.EPOCH);

    /** Returns the objects of a kind. */
    public List<JsonNode> of(Kinds kind) {
        return switch (kind) {
            case SERVICES -> services;
            case TASKS -> tasks;
            case NODES -> nodes;
            case NETWORKS -> networks;
            case CONFIGS -> configs;
            case SECRETS -> secrets;
        };
    }

    /** Returns the object of this name; empty where there is none. */
    public Optional<JsonNode> named(Kinds kind, String name) {
        return of(kind).stream().filter(object -> name(object).equals(name)).findFirst();
    }

    /** Returns the object of this ID; empty where there is none. */
    public Optional<JsonNode> withId(Kinds kind, String id) {
        return of(kind).stream().filter(object -> id(object).equals(id)).findFirst();
    }

    /** Returns an object's name. */
    public static String name(JsonNode object) {
        return object.has("Spec")
                ? object.path("Spec").path("Name").asText()
                : object.path("Name").asText();
    }

    /** Returns an object's ID. */
    public static String id(JsonNode object) {
        return object.path("ID").asText(object.path("Id").asText());
    }

    /** Returns the value of an object's label; empty where it has no such label. */
    public static Optional<String> label(JsonNode object, String name) {
        JsonNode labels = object.has("Spec") ? object.path("Spec").path("Labels") : object.path("Labels");
        return Optional.ofNullable(labels.path(name).textValue());
    }

    SwarmSnapshot with(Kinds kind, List<JsonNode> objects, Instant at) {
        List<JsonNode> before = of(kind);
        List<JsonNode> now = before.equals(objects) ? before : List.copyOf(objects);
        return switch (kind) {
            case SERVICES -> new SwarmSnapshot(now, tasks, nodes, networks, configs, secrets, tasksAt);
            case TASKS -> new SwarmSnapshot(services, now, nodes, networks, configs, secrets, at);
            case NODES -> new SwarmSnapshot(services, tasks, now, networks, configs, secrets, tasksAt);
            case NETWORKS -> new SwarmSnapshot(services, tasks, nodes, now, configs, secrets, tasksAt);
            case CONFIGS -> new SwarmSnapshot(services, tasks, nodes, networks, now, secrets, tasksAt);
            case SECRETS -> new SwarmSnapshot(services, tasks, nodes, networks, configs, now, tasksAt);
        };
    }
}
