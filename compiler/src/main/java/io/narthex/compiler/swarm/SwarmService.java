package io.narthex.compiler.swarm;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service of a Swarm, as far as it decides what is scraped (Docker Engine API, {@code GET /services}). Not in it is
 * what changes by itself or by scaling, such as the number of replicas and the state of an update.
 *
 * @param id its id
 * @param name its name, unique in the Swarm; {@code shop_server} for the service {@code server} of the stack {@code
 *     shop}
 * @param labels the labels of the service ({@code deploy.labels} of a compose file; {@code Spec.Labels})
 * @param containerLabels the labels of its containers ({@code labels} of a compose file; {@code
 *     Spec.TaskTemplate.ContainerSpec.Labels})
 * @param mode how its tasks are made
 * @param endpointMode how its name resolves
 * @param networks the networks that its tasks join, in the order of its specification; without the ingress network
 * @param ports its ports that are published
 * @param exposedPorts the TCP ports that its image exposes; empty where nobody could look into the image
 * @param image its image as it was asked for, such as {@code prom/node-exporter:v1.8.2@sha256:...}
 */
public record SwarmService(
        String id,
        String name,
        Map<String, String> labels,
        Map<String, String> containerLabels,
        Mode mode,
        EndpointMode endpointMode,
        List<Attachment> networks,
        List<Port> ports,
        Optional<List<Integer>> exposedPorts,
        String image) {

    /** The label with which {@code docker stack deploy} says which stack a service belongs to. */
    public static final String STACK_LABEL = "com.docker.stack.namespace";

    /** What stands in the place of a stack's name for a service that belongs to none. */
    public static final String NO_STACK = "-";

    /** How the tasks of a service are made. */
    public enum Mode {
        /** A number of tasks, each with a slot from 1. */
        REPLICATED,
        /** One task on each node. */
        GLOBAL,
        /** A number of tasks that end ({@code ReplicatedJob}). */
        REPLICATED_JOB,
        /** One task on each node that ends ({@code GlobalJob}). */
        GLOBAL_JOB,
        /** Containers of one Docker daemon without a Swarm, as docker compose makes them. */
        CONTAINERS
    }

    /** How the name of a service resolves. */
    public enum EndpointMode {
        /** To a virtual address. */
        VIP,
        /** To the addresses of its tasks. */
        DNSRR
    }

    /**
     * A network that the tasks of a service join.
     *
     * @param id the network's id
     * @param name its name, such as {@code shop_default}; its id where the name isn't known
     */
    public record Attachment(String id, String name) {}

    /**
     * A published port.
     *
     * @param target the port in the container
     * @param published the port outside; empty where Docker chooses one for each task
     * @param protocol {@code tcp}, {@code udp} or {@code sctp}
     * @param mode where it is published
     */
    public record Port(int target, Optional<Integer> published, String protocol, PublishMode mode) {

        /** Returns whether it makes this port of the container reachable at the node of each task. */
        public boolean isOnItsNode(int port) {
            return mode == PublishMode.HOST && target == port && protocol.equals("tcp");
        }
    }

    /** Where a port is published. */
    public enum PublishMode {
        /** On every node, by the routing mesh. */
        INGRESS,
        /** On the node that the task runs on. */
        HOST
    }

    public SwarmService {
        labels = Map.copyOf(labels);
        containerLabels = Map.copyOf(containerLabels);
        networks = List.copyOf(networks);
        ports = List.copyOf(ports);
        exposedPorts = exposedPorts.map(List::copyOf);
    }

    /**
     * Returns the stack that it belongs to; empty for a service made by itself. A label that the name doesn't bear out
     * counts for nothing, so that two services never have the same stack and short name.
     */
    public Optional<String> stack() {
        String stack = labels.get(STACK_LABEL);
        return stack != null && !stack.isEmpty() && name.startsWith(stack + "_") && name.length() > stack.length() + 1
                ? Optional.of(stack)
                : Optional.empty();
    }

    /** Returns its name within its stack: {@code server} for {@code shop_server}. */
    public String shortName() {
        return stack().map(stack -> name.substring(stack.length() + 1)).orElse(name);
    }

    /** Returns its image without the digest: {@code prom/node-exporter:v1.8.2}. */
    public String imageName() {
        int digest = image.indexOf('@');
        return digest < 0 ? image : image.substring(0, digest);
    }
}
