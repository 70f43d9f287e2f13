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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that one operator of an instance works: the one whose name a Docker config holds. It goes to another once
 * the task of that name runs no more. An operator that is no task says from time to time that it is there, and counts as
 * gone once it was silent for a minute by the timer of whoever waits: clocks of two machines are never compared.
 *
 * <p>For one thread.
 */
final class Tenure {

    private static final String HOLDER = "io.narthex.holder";
    private static final String SEEN = "io.narthex.holder-seen";
    private static final String PROCESS = "process ";
    private static final Duration RENEWAL = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Who works says so within this time: when it is due, and the time between two looks. */
    private static final Duration OVERDUE = Duration.ofSeconds(30);

    private final DockerClient docker;
    private final String instance;
    private final String process;
    private final InstantSource clock;
    private final InstantSource timer;

    /** When this process said last that it is there. */
    private Instant renewedAt = Instant.MIN;

    /** What another process wrote last, and since when that is known. */
    private String heard = "";

    private Instant heardAt = Instant.MIN;

    /**
     * Makes one that holds nothing yet.
     *
     * @param docker writes
     * @param instance the instance
     * @param process names this process, for as long as it is no task: {@code HOST/PID}
     * @param clock tells the time of day, for who reads the config
     * @param timer tells how time passes, whatever becomes of the clock
     */
    Tenure(DockerClient docker, String instance, String process, InstantSource clock, InstantSource timer) {
        this.docker = docker;
        this.instance = instance;
        this.process = PROCESS + process;
        this.clock = clock;
        this.timer = timer;
    }

    /**
     * Returns who else works, in words; empty where this one does.
     *
     * @param swarm what Docker tells
     * @param task the task that this process runs in; empty where it is none
     */
    Optional<String> other(SwarmSnapshot swarm, Optional<OwnTask> task) throws InterruptedException {
        String identity = task.map(OwnTask::id).orElse(process);
        if (task.isPresent() && holder(swarm.named(Kinds.CONFIGS, name())).equals(identity)) {
            // Nobody takes it from a task that runs.
            return Optional.empty();
        }
        Optional<JsonNode> config = docker.find(Kinds.CONFIGS, name());
        if (config.isEmpty()) {
            return create(identity);
        }
        String holder = holder(config);
        boolean ours = holder.equals(identity);
        // It may have worked before it knew its task.
        if (!ours && !holder.equals(process) && isAlive(holder, config.get(), swarm)) {
            return Optional.of(words(holder, swarm));
        }
        boolean isRecent = timer.instant().isBefore(renewedAt.plus(RENEWAL));
        return ours && (task.isPresent() || isRecent) ? Optional.empty() : write(config.get(), identity);
    }

    private Optional<String> write(JsonNode config, String holder) throws InterruptedException {
        try {
            docker.write(
                    Kinds.CONFIGS,
                    SwarmSnapshot.id(config),
                    config.at("/Version/Index").asLong(),
                    spec(holder),
                    Optional.empty());
            renewedAt = timer.instant();
            return Optional.empty();
        } catch (DockerException e) {
            if (e.kind() == DockerException.Kind.VERSION_CONFLICT) {
                return Optional.of("another operator of the instance " + instance + ", which began at the same time");
            }
            throw e;
        }
    }

    /** Has the next one not wait, where this process works and is no task; of a task Docker tells that it ended. */
    void giveBack() throws InterruptedException {
        Optional<JsonNode> held = docker.find(Kinds.CONFIGS, name())
                .filter(config -> holder(Optional.of(config)).equals(process));
        if (held.isPresent()) {
            write(held.get(), "");
        }
    }

    /**
     * Returns who works, in words; empty where nobody does. Changes nothing. Of an operator that is no task it waits until
     * that says again that it is there, or doesn't for half a minute.
     */
    Optional<String> working(SwarmSnapshot swarm) throws InterruptedException {
        Optional<JsonNode> config = docker.find(Kinds.CONFIGS, name());
        String holder = holder(config);
        boolean works = holder.startsWith(PROCESS) ? isHeardAfter(config) : runs(holder, swarm);
        return works ? Optional.of(words(holder, swarm)) : Optional.empty();
    }

    private boolean isHeardAfter(Optional<JsonNode> before) throws InterruptedException {
        Instant end = timer.instant().plus(OVERDUE);
        while (timer.instant().isBefore(end)) {
            TimeUnit.SECONDS.sleep(1);
            Optional<JsonNode> now = docker.find(Kinds.CONFIGS, name());
            if (!now.equals(before)) {
                return !holder(now).isEmpty();
            }
        }
        return false;
    }

    private static String holder(Optional<JsonNode> config) {
        return config.flatMap(found -> SwarmSnapshot.label(found, HOLDER)).orElse("");
    }

    private Optional<String> create(String holder) throws InterruptedException {
        try {
            docker.create(Kinds.CONFIGS, spec(holder), Optional.empty());
            renewedAt = timer.instant();
            return Optional.empty();
        } catch (DockerException e) {
            if (e.kind() == DockerException.Kind.NAME_TAKEN) {
                return Optional.of("another operator of the instance " + instance + ", which began at the same time");
            }
            throw e;
        }
    }

    private ObjectNode spec(String holder) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("Name", name());
        spec.putObject("Labels")
                .put(SwarmNames.OWNER, instance)
                .put(SwarmNames.ROLE, "operator")
                .put(HOLDER, holder)
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
        return holder.startsWith(PROCESS) ? isHeardOf(config) : runs(holder, swarm);
    }

    private boolean isHeardOf(JsonNode config) {
        Instant now = timer.instant();
        String written =
                SwarmSnapshot.id(config) + "/" + config.at("/Version/Index").asLong();
        if (!written.equals(heard)) {
            heard = written;
            heardAt = now;
        }
        return now.isBefore(heardAt.plus(PATIENCE));
    }

    private static boolean runs(String task, SwarmSnapshot swarm) {
        return swarm.withId(Kinds.TASKS, task)
                .filter(found -> found.path("Status").path("State").asText().equals("running")
                        && found.path("DesiredState").asText().equals("running"))
                .isPresent();
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
