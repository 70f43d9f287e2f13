package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A Lease that has no holder once it is given back. The client's own way of giving it back is a merge patch of what is
 * set, which takes nothing away: the holder stays, and others wait until its time is over.
 *
 * <p>It is good for one turn, and knows how old its last renewal is.
 */
final class ReturnedLease extends LeaseLock {

    private final String namespace;
    private final String name;

    /** When the client looked at the Lease last, which comes before each renewal. Guarded by this. */
    private long looked;

    // Not guarded: a request that hangs holds what guards the rest.
    private volatile long renewed = System.nanoTime();
    private volatile boolean lost;

    ReturnedLease(String namespace, String name, String identity) {
        super(namespace, name, identity);
        this.namespace = namespace;
        this.name = name;
    }

    /** Returns how long ago the last renewal was begun that succeeded: others count the lease's time from then on. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - renewed);
    }

    /** Has nothing be asked or written any more: what comes late would be another turn's. */
    void lose() {
        lost = true;
    }

    @Override
    public synchronized @Nullable LeaderElectionRecord get(KubernetesClient client) {
        looked = System.nanoTime();
        return lost ? null : super.get(client);
    }

    @Override
    public synchronized void create(KubernetesClient client, LeaderElectionRecord record) {
        demandNotLost();
        super.create(client, record);
        renewed = looked;
    }

    private void demandNotLost() {
        if (lost) {
            throw new KubernetesClientException("the lease wasn't renewed in time");
        }
    }

    @Override
    public synchronized void update(KubernetesClient client, LeaderElectionRecord record) {
        demandNotLost();
        if (record.getHolderIdentity() != null && !record.getHolderIdentity().isEmpty()) {
            super.update(client, record);
            renewed = looked;
            return;
        }
        var lease = client.leases().inNamespace(namespace).withName(name);
        Lease there = lease.get();
        if (there != null && identity().equals(there.getSpec().getHolderIdentity())) {
            // With the version: whoever took it meanwhile keeps it.
            lease.patch(
                    PatchContext.of(PatchType.JSON_MERGE),
                    "{\"metadata\":{\"resourceVersion\":\""
                            + there.getMetadata().getResourceVersion() + "\"},\"spec\":{\"holderIdentity\":null}}");
        }
    }
}
