package io.narthex.docker;

import io.narthex.docker.DockerException.Kind;
import java.util.Optional;

/** Why a daemon doesn't answer as a manager of a Swarm (moby, {@code daemon/cluster/errors.go} and {@code cluster.go}). */
enum SwarmObstacle {
    /** It is a worker. */
    WORKER(
            Kind.NOT_A_MANAGER,
            "worker nodes can't be used to view or modify cluster state",
            " is a worker of its Swarm, not a manager",
            "run narthex on a manager, or docker node promote this one"),
    /** The manager's keys are locked, as after each start under autolock. */
    LOCKED(
            Kind.MANAGER_NOT_READY,
            "swarm is encrypted and needs to be unlocked",
            " is a manager of a Swarm that is locked",
            "unlock it on that machine: docker swarm unlock"),
    /** Nobody renewed its certificates in time. */
    EXPIRED(
            Kind.NOT_A_MANAGER,
            "swarm certificates have expired",
            " is in a Swarm whose certificates of this node have expired",
            "docker swarm leave, and join again with docker swarm join"),
    /** It just started, or the managers have no majority. */
    UNPREPARED(
            Kind.MANAGER_NOT_READY,
            "manager is being prepared or has trouble connecting",
            " is a manager that isn't connected to its Swarm yet",
            "where that lasts, see docker node ls on another manager: more than half of them must run"),
    /** The managers have no majority, or choose a leader (source: moby, {@code daemon/cluster/controllers}; swarmkit). */
    LEADERLESS(
            Kind.MANAGER_NOT_READY,
            "does not have a leader",
            " is a manager of a Swarm that has no leader",
            "where that lasts, more than half of its managers must be started: see docker node ls on another one"),
    /** It is in no Swarm; what is said in this case is part of what is said in others, so it comes last. */
    NONE(
            Kind.NOT_A_MANAGER,
            "not a swarm manager",
            " is in no Swarm",
            "docker swarm init makes one; for docker compose without a Swarm, run narthex operator --platform compose"),
    /** The same in other words. */
    NOT_PART(Kind.NOT_A_MANAGER, "not part of a swarm", NONE.what, NONE.remedy);

    private final Kind kind;
    private final String sign;
    private final String what;
    private final String remedy;

    SwarmObstacle(Kind kind, String sign, String what, String remedy) {
        this.kind = kind;
        this.sign = sign;
        this.what = what;
        this.remedy = remedy;
    }

    /** Returns the obstacle that Docker's message, in small letters, tells of; empty for another message. */
    static Optional<SwarmObstacle> in(String message) {
        for (SwarmObstacle one : values()) {
            if (message.contains(one.sign)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    DockerException exception(String host) {
        return new DockerException(kind, "the Docker daemon at " + host + what + "; " + remedy);
    }
}
