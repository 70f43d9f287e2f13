package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.SwarmWatch;
import io.narthex.rollout.Release;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the services of a server's replicas.
 *
 * <p>For one thread.
 */
final class ReplicaServices {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaServices.class);

    private final DockerClient docker;
    private final SwarmWatch watch;
    private final SwarmNames names;
    private final Surroundings surroundings;
    private final Volumes volumes;
    private final Images images;
    private final RecentWrites recent;

    ReplicaServices(
            DockerClient docker,
            SwarmWatch watch,
            SwarmNames names,
            Surroundings surroundings,
            Volumes volumes,
            Images images,
            RecentWrites recent) {
        this.docker = docker;
        this.watch = watch;
        this.names = names;
        this.surroundings = surroundings;
        this.volumes = volumes;
        this.images = images;
        this.recent = recent;
    }

    /**
     * Has a service run a release; makes the service where there is none.
     *
     * @param instance the service's name
     * @param version how to run the release
     * @param deployment what else is said of all replicas
     * @param configs the IDs of the configs, by name
     * @param evenIfSame whether its task is replaced even where nothing changes
     */
    void apply(
            SwarmSnapshot swarm,
            String instance,
            Version version,
            SwarmDeployment deployment,
            Map<String, String> configs,
            boolean evenIfSame)
            throws NotDone, InterruptedException {
        Release release = version.release();
        int replica = replica(instance, deployment.replicas());
        for (String config : Generations.configs(names, release)) {
            if (!configs.containsKey(config)) {
                throw new NotDone("the config " + config + " isn't there");
            }
        }
        List<String> constraints = new ArrayList<>(deployment.constraints());
        volumes.pin(swarm, replica, deployment.volume(), deployment.constraints())
                .ifPresent(node -> constraints.add("node.id==" + node));
        ObjectNode spec =
                ServiceFactory.service(names, version, release, replica, deployment.volume(), constraints, configs);
        volumes.refuseShared(swarm, Volumes.mounted(spec));
        surroundings.demandPresence();
        Optional<JsonNode> there = docker.find(Kinds.SERVICES, instance);
        if (there.isEmpty()) {
            Optional<String> auth = chooseImage(spec, deployment, Optional.empty());
            String id = docker.create(Kinds.SERVICES, spec, auth);
            LOG.info("{}: the service {} is made", names.server(), instance);
            noteWritten(instance, id, release);
            return;
        }
        if (!names.isOurs(there.get(), "server")) {
            throw new NotDone(names.notOurs("service", there.get()));
        }
        Volumes.refuseOther(there.get(), spec, deployment.volume());
        Optional<String> auth = chooseImage(spec, deployment, there);
        boolean changed = docker.update(
                Kinds.SERVICES,
                SwarmSnapshot.id(there.get()),
                before -> ServiceMerge.merged(before, spec, evenIfSame),
                auth);
        if (changed) {
            noteWritten(instance, SwarmSnapshot.id(there.get()), release);
        }
    }

    private int replica(String instance, int replicas) throws NotDone {
        for (int replica = 0; replica < replicas; replica++) {
            if (names.service(replica).equals(instance)) {
                return replica;
            }
        }
        throw new NotDone("there is to be no service " + instance);
    }

    /** Puts the image into a service as it is to be written, and returns what its registry asks for. */
    private Optional<String> chooseImage(ObjectNode spec, SwarmDeployment deployment, Optional<JsonNode> service)
            throws InterruptedException {
        ObjectNode container = (ObjectNode) spec.at("/TaskTemplate/ContainerSpec");
        Images.Choice choice = images.choose(
                deployment.images(),
                container.path("Image").asText(),
                service.map(there ->
                        there.at("/Spec/TaskTemplate/ContainerSpec/Image").asText()));
        container.put("Image", choice.image());
        return choice.auth();
    }

    private void noteWritten(String instance, String id, Release release) throws InterruptedException {
        long index = docker.find(Kinds.SERVICES, id)
                .map(service -> service.at("/Version/Index").asLong())
                .orElse(0L);
        recent.wroteService(instance, id, index, release);
        watch.expectChange(EnumSet.of(Kinds.SERVICES));
    }

    /**
     * Removes the services of replicas that are no longer wanted; their volumes stay.
     *
     * @return why one couldn't be removed, in words; empty where none is left
     */
    Optional<String> removeOthers(SwarmSnapshot swarm, Set<String> wanted) throws InterruptedException {
        Optional<String> failure = Optional.empty();
        for (JsonNode service : swarm.services()) {
            if (names.isOurs(service, "server") && !wanted.contains(SwarmSnapshot.name(service))) {
                try {
                    docker.delete(Kinds.SERVICES, SwarmSnapshot.id(service));
                    LOG.info(
                            "{}: the service {} is removed, its volume stays",
                            names.server(),
                            SwarmSnapshot.name(service));
                } catch (DockerException e) {
                    failure = Optional.of(e.words());
                }
            }
        }
        return failure;
    }
}
