package io.narthex.rollout.swarm;

import io.narthex.docker.SwarmSnapshot;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.ServerAccess;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Prometheus of each of a server's services: that of its newest task.
 *
 * <p>For one thread.
 */
final class TaskProcesses implements AutoCloseable {

    private final Surroundings surroundings;
    /** By the service's name. */
    private final Map<String, TaskProcess> processes = new HashMap<>();

    TaskProcesses(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Returns the Prometheus of a service's task; empty where it can't be reached. */
    Optional<TaskProcess> of(SwarmSnapshot swarm, String service, TaskView task, Optional<SwarmDeployment> deployment) {
        TaskProcess known = processes.get(service);
        if (known != null && known.task().equals(task.id())) {
            return Optional.of(known);
        }
        Optional<PrometheusEndpoint> endpoint = deployment.flatMap(desired -> endpoint(swarm, task, desired));
        if (known != null) {
            known.close();
            processes.remove(service);
        }
        endpoint.ifPresent(there -> processes.put(service, new TaskProcess(task.id(), there)));
        return Optional.ofNullable(processes.get(service));
    }

    /** Returns where a task's API is: in a network that the operator is on, else at its node. */
    private Optional<PrometheusEndpoint> endpoint(SwarmSnapshot swarm, TaskView task, SwarmDeployment desired) {
        ServerAccess access = desired.access();
        // A task of an earlier version may listen elsewhere.
        URI listens = task.listens()
                .orElseGet(
                        () -> URI.create(ServiceFactory.listens(desired.bundle().address())));
        for (String network : surroundings.networks()) {
            Optional<String> host = task.address(network);
            if (host.isPresent()) {
                return Optional.of(access.endpoint(
                        TaskView.at(listens, TaskView.bracketed(host.get()) + ":" + listens.getPort())));
            }
        }
        return task.published(swarm, listens.getPort()).map(there -> access.endpoint(TaskView.at(listens, there)));
    }

    /** Forgets all services but these. */
    void retain(Set<String> services) {
        processes.entrySet().removeIf(entry -> {
            boolean gone = !services.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
    }

    /** Returns where one is that was ready; empty where none was. */
    Optional<PrometheusEndpoint> ready() {
        return processes.values().stream()
                .filter(TaskProcess::wasReady)
                .map(TaskProcess::endpoint)
                .findFirst();
    }

    @Override
    public void close() {
        processes.values().forEach(TaskProcess::close);
    }
}
