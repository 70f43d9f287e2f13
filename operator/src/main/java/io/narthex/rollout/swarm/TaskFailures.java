package io.narthex.rollout.swarm;

import io.narthex.api.v1alpha1.ResolveImage;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.RegistryLogins;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.process.PrometheusLog;
import io.narthex.rollout.Instance;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why tasks of a server don't start, or ended.
 *
 * <p>For one thread.
 */
final class TaskFailures {

    private static final Logger LOG = LoggerFactory.getLogger(TaskFailures.class);

    private static final int LOG_LINES = 50;
    private static final ImageRules NO_RULES =
            new ImageRules(ResolveImage.NEVER, Optional.empty(), RegistryLogins.NONE);

    private final DockerClient docker;
    private final Images images;
    private final KeptState memory;
    private final Consumer<Diagnostic> findings;
    /** How tasks ended, by the task's ID. */
    private final Map<String, Instance.Exit> exits = new HashMap<>();

    /**
     * Makes one.
     *
     * @param findings is told of what is wrong with the server's surroundings
     */
    TaskFailures(DockerClient docker, Images images, KeptState memory, Consumer<Diagnostic> findings) {
        this.docker = docker;
        this.images = images;
        this.memory = memory;
        this.findings = findings;
    }

    /** Returns how a task ended, for which its log is read once. */
    Instance.Exit exit(SwarmSnapshot swarm, TaskView task, Optional<SwarmDeployment> desired)
            throws InterruptedException {
        Instance.Exit known = exits.get(task.id());
        if (known != null) {
            return known;
        }
        Optional<String> cause = Optional.empty();
        if (!task.state().equals("rejected")) {
            try {
                cause = PrometheusLog.cause(docker.lastLines(task.id(), LOG_LINES));
            } catch (DockerException e) {
                LOG.debug("The log of {} can't be read: {}", task.id(), e.words());
            }
        }
        String message = cause.or(() -> task.error().map(error -> inWords(swarm, task, error, desired)))
                .orElse("it ended");
        Instance.Exit exit = new Instance.Exit(
                task.id(),
                PrometheusLog.isRefusal(message),
                message.replace(ServiceFactory.LAYOUT.configDirectory() + "/", ""));
        exits.put(task.id(), exit);
        return exit;
    }

    /** Returns what Swarm's error means for whoever declared the server. */
    String inWords(SwarmSnapshot swarm, TaskView task, String error, Optional<SwarmDeployment> desired) {
        String node = swarm.withId(Kinds.NODES, task.node())
                .map(found -> found.at("/Description/Hostname").asText())
                .orElse(task.node());
        Optional<Diagnostic> image = images.missing(
                desired.map(SwarmDeployment::images).orElse(NO_RULES),
                error,
                task.container().path("Image").asText(),
                node);
        if (image.isPresent()) {
            findings.accept(image.get());
            return image.get().message() + "; " + image.get().remedy();
        }
        if (error.contains("no suitable node")) {
            Optional<String> pinned = memory.node(0)
                    .flatMap(id -> swarm.withId(Kinds.NODES, id))
                    .map(found -> found.at("/Description/Hostname").asText() + " ("
                            + found.at("/Status/State").asText() + ")");
            return error
                    + pinned.map(there -> "; the samples are in a volume on the node " + there
                                    + ", and elsewhere it would begin with an empty one")
                            .orElse("");
        }
        return error;
    }

    /** Forgets all tasks but these. */
    void retain(Set<String> tasks) {
        exits.keySet().retainAll(tasks);
    }
}
