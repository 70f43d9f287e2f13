package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;

/**
 * A Lease that has no holder once it is given back. The client's own way of giving it back is a merge patch of what is
 * set, which takes nothing away: the holder stays, and others wait until its time is over.
 */
final class ReturnedLease extends LeaseLock {

    private final String namespace;
    private final String name;

    ReturnedLease(String namespace, String name, String identity) {
        super(namespace, name, identity);
        this.namespace = namespace;
        this.name = name;
    }

    @Override
    public synchronized void update(KubernetesClient client, LeaderElectionRecord record) {
        if (record.getHolderIdentity() != null && !record.getHolderIdentity().isEmpty()) {
            super.update(client, record);
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
