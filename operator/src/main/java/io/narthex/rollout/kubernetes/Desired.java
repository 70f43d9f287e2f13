package io.narthex.rollout.kubernetes;

import io.narthex.prometheus.ServerAccess;
import io.narthex.rollout.Release;
import java.util.Optional;

/** What ought to run of one server, as it was said last. One thread says it, any may read the deployment. */
final class Desired {

    private volatile Optional<Deployment> deployment = Optional.empty();
    private Optional<String> beside = Optional.empty();

    /**
     * Says what ought to run from now on.
     *
     * @param there the identity of the StatefulSet that was there when it was desired
     */
    void set(Deployment wanted, Optional<String> there) {
        deployment = Optional.of(wanted);
        beside = there;
    }

    /** Returns what ought to run; empty before anything was desired. */
    Optional<Deployment> deployment() {
        return deployment;
    }

    /** Returns the identity of the StatefulSet that was there when it was desired; once it is gone no other is made. */
    Optional<String> beside() {
        return beside;
    }

    /** Returns its release; empty before anything was desired. */
    Optional<Release> release() {
        return deployment.map(Deployment::release);
    }

    /** Returns how many pods there ought to be. */
    int replicas() {
        return deployment.map(Deployment::replicas).orElse(0);
    }

    /** Returns how to come into the pods. */
    ServerAccess access() {
        return deployment.map(Deployment::access).orElse(ServerAccess.OPEN);
    }
}
