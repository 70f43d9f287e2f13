package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.DockerClient;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * Where the samples of a server are, and that they stay its own: Docker makes an empty volume wherever a task comes to run,
 * and lets any service mount any.
 *
 * <p>For one thread.
 */
final class Volumes {

    private final DockerClient docker;
    private final SwarmNames names;
    private final KeptState memory;

    Volumes(DockerClient docker, SwarmNames names, KeptState memory) {
        this.docker = docker;
        this.names = names;
        this.memory = memory;
    }

    /** Returns the node on which a replica's volume is; empty where the volume is on every node. */
    Optional<String> pin(SwarmSnapshot swarm, int replica, DataVolume volume, List<String> constraints)
            throws NotDone, InterruptedException {
        if (!volume.isLocal() && volume.node().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> remembered = memory.node(replica);
        Optional<String> known = remembered.or(() -> written(swarm, replica));
        if (volume.node().isPresent()) {
            String name = volume.node().get();
            String id = NodeChoice.named(swarm, name)
                    .orElseThrow(() -> new NotDone("there is no node " + name + ", which storage.volume.node names"));
            if (known.isPresent() && !known.get().equals(id) && !volume.allowDataLoss()) {
                throw new NotDone("the samples are in a volume on another node than " + name
                        + ", where it would begin with an empty one; set storage.allowDataLoss: true to give them up");
            }
            if (!remembered.equals(Optional.of(id))) {
                memory.pin(replica, id);
            }
            return Optional.of(id);
        }
        if (known.isPresent()) {
            if (remembered.isEmpty()) {
                memory.pin(replica, known.get());
            }
            return known;
        }
        if (volume.existing()) {
            String node = nodeOfExisting(volume.name(names, replica));
            memory.pin(replica, node);
            return Optional.of(node);
        }
        String chosen = NodeChoice.choose(swarm, constraints)
                .orElseThrow(() -> new NotDone("no node is ready"
                        + (constraints.isEmpty() ? "" : " and satisfies " + String.join(", ", constraints))));
        memory.pin(replica, chosen);
        return Optional.of(chosen);
    }

    /** What is remembered lies in a config that no service uses, so that a clean-up may take it; the service is there. */
    private Optional<String> written(SwarmSnapshot swarm, int replica) {
        return swarm.named(Kinds.SERVICES, names.service(replica))
                .filter(service -> names.isOurs(service, "server"))
                .flatMap(service -> NodeChoice.pinned(service.at("/Spec/TaskTemplate/Placement/Constraints")));
    }

    /** Docker makes a volume that isn't there, empty: so it must be seen, or its node be named by who has seen it. */
    private String nodeOfExisting(String name) throws NotDone, InterruptedException {
        if (!docker.hasVolume(name)) {
            throw new NotDone(
                    "the volume " + name + " isn't on the manager's own node, where Docker would make an empty one;"
                            + " name its node by storage.volume.node");
        }
        return docker.info().at("/Swarm/NodeID").asText();
    }

    /** Refuses a volume that a service of somebody else mounts. */
    void refuseShared(SwarmSnapshot swarm, String volume) throws NotDone {
        for (JsonNode service : swarm.services()) {
            if (names.isOurs(service, "server")) {
                continue;
            }
            for (JsonNode mount : service.at("/Spec/TaskTemplate/ContainerSpec/Mounts")) {
                if (mount.path("Source").asText().equals(volume)
                        && mount.path("Type").asText().equals("volume")) {
                    throw new NotDone(
                            "the volume " + volume + " is mounted by the service " + SwarmSnapshot.name(service)
                                    + ", and two must not write to one database; remove that service first");
                }
            }
        }
    }

    /** Returns the volume that a service's specification mounts; empty for none. */
    static String mounted(JsonNode spec) {
        return spec.at("/TaskTemplate/ContainerSpec/Mounts/0/Source").asText();
    }

    /** Refuses another volume than the one with the samples. */
    static void refuseOther(JsonNode service, ObjectNode spec, DataVolume volume) throws NotDone {
        String before = mounted(service.path("Spec"));
        String after = mounted(spec);
        if (!before.isEmpty() && !before.equals(after) && !volume.allowDataLoss()) {
            throw new NotDone("the samples are in the volume " + before + ", and " + after
                    + " would take its place; put " + before
                    + " back into storage.volume.name, or set storage.allowDataLoss: true to give them up");
        }
    }
}
