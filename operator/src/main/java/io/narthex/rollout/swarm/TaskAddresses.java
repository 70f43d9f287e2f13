package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the tasks of a server are, as Docker says it: what else claims to be the server gets no password. */
public final class TaskAddresses {

    private TaskAddresses() {}

    /**
     * Returns whether a running task of the server's own services listens there.
     *
     * @param docker asks; not closed here
     * @param names the names of the server's objects
     * @param url where the server is said to be
     * @throws DockerException where Docker doesn't answer
     */
    public static boolean hold(DockerClient docker, SwarmNames names, URI url) throws InterruptedException {
        List<JsonNode> services =
                docker
                        .list(Kinds.SERVICES, Map.of("label", List.of(SwarmNames.OWNER + "=" + names.instance())))
                        .stream()
                        .filter(service -> names.isOurs(service, "server"))
                        .toList();
        if (services.isEmpty()) {
            return false;
        }
        List<JsonNode> tasks = docker.list(
                Kinds.TASKS,
                Map.of(
                        "service", services.stream().map(SwarmSnapshot::id).toList(),
                        "desired-state", List.of("running")));
        SwarmSnapshot swarm = new SwarmSnapshot(
                services, tasks, docker.list(Kinds.NODES, Map.of()), List.of(), List.of(), List.of(), Instant.EPOCH);
        String claimed = withoutSlash(url);
        return services.stream()
                .flatMap(service -> TaskView.of(swarm, SwarmSnapshot.id(service)).stream())
                .filter(TaskView::hasContainer)
                .flatMap(task -> task.urls(swarm))
                .map(TaskAddresses::withoutSlash)
                .collect(Collectors.toSet())
                .contains(claimed);
    }

    private static String withoutSlash(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
