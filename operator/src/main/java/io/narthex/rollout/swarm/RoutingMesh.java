package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether virtual addresses work, without which no port answers that is published on every node. Docker makes both
 * of the kernel's IPVS, and says nothing where that is missing: it shows in that a task answers at its own address and its
 * service doesn't at the virtual one.
 *
 * <p>For one thread.
 */
final class RoutingMesh {

    private static final int PATIENCE_MILLIS = 500;
    /** A virtual address leads to a new task a little later than that answers. */
    private static final int TRIES = 3;

    private final ResourceKey server;
    private final Map<String, Integer> failures = new HashMap<>();
    private final Set<String> works = new HashSet<>();

    RoutingMesh(ResourceKey server) {
        this.server = server;
    }

    /**
     * Returns what is wrong; empty where a service's virtual address leads to its task, where it has none, and while that
     * isn't known yet.
     *
     * @param service the service, of which one task answers at its own address
     * @param task that task
     * @param networks the IDs of the networks that this process is on
     * @param port the port at which it answers
     */
    Optional<Diagnostic> problem(JsonNode service, String task, List<String> networks, int port) {
        Optional<String> address = address(service, networks);
        if (address.isEmpty() || works.contains(task)) {
            return Optional.empty();
        }
        if (answers(address.get(), port)) {
            works.add(task);
            failures.remove(task);
            return Optional.empty();
        }
        if (failures.merge(task, 1, Integer::sum) < TRIES) {
            return Optional.empty();
        }
        return Optional.of(
                new Diagnostic(
                        DiagnosticCode.ROUTING_MESH_DEAD,
                        DiagnosticCode.ROUTING_MESH_DEAD.severity(),
                        Optional.of(server),
                        FieldPath.of("spec").field("swarm").field("publish"),
                        Optional.empty(),
                        "the service " + SwarmSnapshot.name(service) + " doesn't answer at its virtual address "
                                + address.get()
                                + ":" + port
                                + ", though its task does at its own; so a port that is published on every node"
                                + " won't answer either. The operator's node seems to lack IPVS in its kernel",
                        "",
                        "load it on each node (modprobe ip_vs), or publish the port on the server's node: swarm.publish: Host"));
    }

    /** Forgets all tasks but these. */
    void retain(Set<String> tasks) {
        failures.keySet().retainAll(tasks);
        works.retainAll(tasks);
    }

    private static Optional<String> address(JsonNode service, List<String> networks) {
        for (JsonNode virtual : service.at("/Endpoint/VirtualIPs")) {
            String address = virtual.path("Addr").asText().replaceFirst("/.*$", "");
            if (!address.isEmpty()
                    && networks.contains(virtual.path("NetworkID").asText())) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    private static boolean answers(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
