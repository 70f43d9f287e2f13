package io.narthex.rollout.swarm;

import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.SwarmWatch;
import io.narthex.rollout.Release;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configs and services that were made or written, until a snapshot of the Swarm tells of them.
 *
 * <p>For one thread.
 */
final class RecentWrites {

    /** The mark is that of the watch when it was made. */
    private record Config(String id, String digest, long mark) {}

    /** The index is of the version that it has at least, the mark that of the watch when it was written. */
    private record Service(String id, long index, Release release, long mark) {}

    private final SwarmWatch watch;
    private final Map<String, Config> configs = new HashMap<>();
    private final Map<String, Service> services = new HashMap<>();

    RecentWrites(SwarmWatch watch) {
        this.watch = watch;
    }

    void madeConfig(String name, String id, String digest) {
        configs.put(name, new Config(id, digest, watch.mark(Kinds.CONFIGS)));
    }

    void wroteService(String name, String id, long index, Release release) {
        services.put(name, new Service(id, index, release, watch.mark(Kinds.SERVICES)));
    }

    /** Returns the names of those of which the next snapshot tells, unless they are gone again; ask before it is taken. */
    Set<String> lookedFor() {
        Set<String> looked = new HashSet<>();
        configs.forEach((name, config) -> {
            if (watch.isNewer(Kinds.CONFIGS, config.mark())) {
                looked.add(name);
            }
        });
        services.forEach((name, service) -> {
            if (watch.isNewer(Kinds.SERVICES, service.mark())) {
                looked.add(name);
            }
        });
        return looked;
    }

    /**
     * Forgets what a snapshot tells of.
     *
     * @param looked what {@link #lookedFor} returned before the snapshot was taken
     */
    void forget(SwarmSnapshot swarm, Set<String> looked) {
        configs.keySet()
                .removeIf(name -> looked.contains(name)
                        || swarm.named(Kinds.CONFIGS, name).isPresent());
        services.entrySet()
                .removeIf(entry -> looked.contains(entry.getKey())
                        || swarm.named(Kinds.SERVICES, entry.getKey())
                                .filter(service -> SwarmSnapshot.id(service)
                                                .equals(entry.getValue().id())
                                        && service.at("/Version/Index").asLong()
                                                >= entry.getValue().index())
                                .isPresent());
    }

    /** Returns the IDs of the configs, by name. */
    Map<String, String> configs() {
        Map<String, String> ids = new HashMap<>();
        configs.forEach((name, config) -> ids.put(name, config.id()));
        return ids;
    }

    /** Returns the digest of a config's content; empty where it isn't one of these. */
    Optional<String> digest(String config) {
        return Optional.ofNullable(configs.get(config)).map(Config::digest);
    }

    /** Returns with which release a service was written; empty where it isn't one of these. */
    Optional<Release> release(String service) {
        return Optional.ofNullable(services.get(service)).map(Service::release);
    }
}
