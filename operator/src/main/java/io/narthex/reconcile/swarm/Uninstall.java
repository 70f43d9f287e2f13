package io.narthex.reconcile.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.swarm.SwarmNames;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Removes what an operator made in a Swarm, in the order in which nothing is in use. Samples stay. */
public final class Uninstall {

    private static final Duration PATIENCE = Duration.ofMinutes(6);

    private final DockerClient docker;
    private final String instance;
    private final InstantSource timer;
    private final Consumer<String> lines;

    /**
     * Makes one.
     *
     * @param docker asks and removes; not closed here
     * @param instance whose objects are removed
     * @param timer tells how time passes, whatever becomes of the machine's clock
     * @param lines is told what is removed and what stays
     */
    public Uninstall(DockerClient docker, String instance, InstantSource timer, Consumer<String> lines) {
        this.docker = docker;
        this.instance = instance;
        this.timer = timer;
        this.lines = lines;
    }

    /**
     * Returns the operator that works, in words; empty where none does. Of one that is no task of the Swarm that takes half
     * a minute, unless it says that it ends or that it is there.
     */
    public Optional<String> operator() throws InterruptedException {
        SwarmSnapshot swarm = new SwarmSnapshot(
                docker.list(Kinds.SERVICES, Map.of()),
                docker.list(Kinds.TASKS, Map.of()),
                docker.list(Kinds.NODES, Map.of()),
                List.of(),
                List.of(),
                List.of(),
                timer.instant());
        return new Tenure(docker, instance, "uninstall", timer, timer).working(swarm);
    }

    /** Removes everything, or says what it would. */
    public void run(boolean dryRun) throws InterruptedException {
        Set<String> volumes = new TreeSet<>();
        String verb = dryRun ? "would remove " : "removed ";
        for (Kinds kind : List.of(Kinds.SERVICES, Kinds.CONFIGS, Kinds.SECRETS, Kinds.NETWORKS)) {
            List<JsonNode> objects = docker.list(kind, Map.of("label", List.of(SwarmNames.OWNER + "=" + instance)));
            for (JsonNode object : objects) {
                // Nothing is removed on the word of a filter alone.
                if (!SwarmSnapshot.label(object, SwarmNames.OWNER).equals(Optional.of(instance))) {
                    continue;
                }
                for (JsonNode mount : object.at("/Spec/TaskTemplate/ContainerSpec/Mounts")) {
                    volumes.add(mount.path("Source").asText());
                }
                if (!dryRun) {
                    remove(kind, SwarmSnapshot.id(object));
                }
                lines.accept(verb + singular(kind) + " " + SwarmSnapshot.name(object));
            }
        }
        volumes.forEach(volume -> lines.accept(
                "stays: volume " + volume + " with samples; docker volume rm " + volume + " on its node deletes them"));
        List<JsonNode> resources = docker.list(Kinds.CONFIGS, Map.of("label", List.of("io.narthex.resource=true")));
        for (JsonNode config : resources) {
            lines.accept("stays: config " + SwarmSnapshot.name(config) + ", which declares resources; docker config rm "
                    + SwarmSnapshot.name(config));
        }
    }

    /** A task that ends uses its configs a while longer. */
    private void remove(Kinds kind, String id) throws InterruptedException {
        Instant end = timer.instant().plus(PATIENCE);
        while (true) {
            try {
                docker.delete(kind, id);
                return;
            } catch (DockerException e) {
                if (e.kind() != DockerException.Kind.IN_USE || timer.instant().isAfter(end)) {
                    throw e;
                }
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    private static String singular(Kinds kind) {
        return switch (kind) {
            case SERVICES -> "service";
            case TASKS -> "task";
            case NODES -> "node";
            case NETWORKS -> "network";
            case CONFIGS -> "config";
            case SECRETS -> "secret";
        };
    }
}
