package io.narthex.reconcile.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.swarm.SwarmNames;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * Sees to it that one operator of an instance works: the one whose name a Docker config holds. It goes to another once
 * the task of that name runs no more; an operator that is no task says from time to time that it is there.
 *
 * <p>For one thread.
 */
final class Tenure {

    private static final String HOLDER = "io.narthex.holder";
    private static final String SEEN = "io.narthex.holder-seen";
    private static final String PROCESS = "process ";
    private static final Duration RENEWAL = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DockerClient docker;
    private final String instance;
    private final String identity;
    private final InstantSource clock;

    /**
     * Makes one that holds nothing yet.
     *
     * @param docker writes
     * @param instance the instance
     * @param task the task that this process runs in; empty where it is none
     * @param process names a process that is no task
     * @param clock tells the time
     */
    Tenure(DockerClient docker, String instance, Optional<OwnTask> task, String process, InstantSource clock) {
        this.docker = docker;
        this.instance = instance;
        this.identity = task.map(OwnTask::id).orElse(PROCESS + process);
        this.clock = clock;
    }

    /** Returns who else works, in words; empty where this one does. */
    Optional<String> other(SwarmSnapshot swarm) throws InterruptedException {
        boolean known = swarm.named(Kinds.CONFIGS, name())
                .flatMap(config -> SwarmSnapshot.label(config, HOLDER))
                .filter(identity::equals)
                .isPresent();
        if (known && !identity.startsWith(PROCESS)) {
            // Nobody takes it from a task that runs.
            return Optional.empty();
        }
        Optional<JsonNode> config = docker.find(Kinds.CONFIGS, name());
        if (config.isEmpty()) {
            return create();
        }
        String holder = SwarmSnapshot.label(config.get(), HOLDER).orElse("");
        boolean ours = holder.equals(identity);
        if (!ours && isAlive(holder, config.get(), swarm)) {
            return Optional.of(words(holder, swarm));
        }
        if (ours && (!identity.startsWith(PROCESS) || isRecent(config.get(), RENEWAL))) {
            return Optional.empty();
        }
        ObjectNode spec = spec();
        try {
            docker.write(
                    Kinds.CONFIGS,
                    SwarmSnapshot.id(config.get()),
                    config.get().at("/Version/Index").asLong(),
                    spec,
                    Optional.empty());
            return Optional.empty();
        } catch (DockerException e) {
            if (e.kind() == DockerException.Kind.VERSION_CONFLICT) {
                return Optional.of("another operator of the instance " + instance + ", which began at the same time");
            }
            throw e;
        }
    }

    /** Returns who works, in words; empty where nobody does. Changes nothing. */
    Optional<String> working(SwarmSnapshot swarm) throws InterruptedException {
        return docker.find(Kinds.CONFIGS, name()).flatMap(config -> {
            String holder = SwarmSnapshot.label(config, HOLDER).orElse("");
            return isAlive(holder, config, swarm) ? Optional.of(words(holder, swarm)) : Optional.empty();
        });
    }

    private Optional<String> create() throws InterruptedException {
        try {
            docker.create(Kinds.CONFIGS, spec(), Optional.empty());
            return Optional.empty();
        } catch (DockerException e) {
            if (e.kind() == DockerException.Kind.NAME_TAKEN) {
                return Optional.of("another operator of the instance " + instance + ", which began at the same time");
            }
            throw e;
        }
    }

    private ObjectNode spec() {
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("Name", name());
        spec.putObject("Labels")
                .put(SwarmNames.OWNER, instance)
                .put(SwarmNames.ROLE, "operator")
                .put(HOLDER, identity)
                .put(SEEN, clock.instant().toString());
        return spec.put(
                "Data",
                Base64.getEncoder()
                        .encodeToString("Which operator works is in the labels.\n".getBytes(StandardCharsets.UTF_8)));
    }

    private String name() {
        return instance + "-operator";
    }

    private boolean isAlive(String holder, JsonNode config, SwarmSnapshot swarm) {
        if (holder.startsWith(PROCESS)) {
            return isRecent(config, PATIENCE);
        }
        return swarm.withId(Kinds.TASKS, holder)
                .filter(task -> task.path("Status").path("State").asText().equals("running")
                        && task.path("DesiredState").asText().equals("running"))
                .isPresent();
    }

    private boolean isRecent(JsonNode config, Duration patience) {
        try {
            return Instant.parse(SwarmSnapshot.label(config, SEEN).orElse(""))
                    .plus(patience)
                    .isAfter(clock.instant());
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static String words(String holder, SwarmSnapshot swarm) {
        if (holder.startsWith(PROCESS)) {
            return "the " + holder;
        }
        Optional<JsonNode> task = swarm.withId(Kinds.TASKS, holder);
        String service = task.flatMap(found ->
                        swarm.withId(Kinds.SERVICES, found.path("ServiceID").asText()))
                .map(SwarmSnapshot::name)
                .orElse("?");
        String node = task.flatMap(
                        found -> swarm.withId(Kinds.NODES, found.path("NodeID").asText()))
                .map(found -> found.at("/Description/Hostname").asText())
                .orElse("?");
        return "the task " + holder + " of the service " + service + " on the node " + node;
    }
}
