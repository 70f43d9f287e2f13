package io.narthex.reconcile.swarm;

import io.narthex.access.Identity;
import io.narthex.api.v1alpha1.CertificateSource;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.SecretKeyRef;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.ServerAccess;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How Narthex comes into one server of a Swarm. For one thread. */
final class WebAccess {

    private final IdentityConfig identity;
    private final MountedSecrets mounted;

    WebAccess(IdentityConfig identity, MountedSecrets mounted) {
        this.identity = identity;
        this.mounted = mounted;
    }

    /** Returns whom a server that doesn't let in everybody is to let in beside its own users. */
    Identity identity() throws InterruptedException {
        return identity.obtain();
    }

    /**
     * Returns the way in.
     *
     * @param admitted whom the server lets in, if that is known already
     * @param inventory holds the credentials that lie beside the resources
     * @param service the operator's own service; empty where it is none
     * @throws MountedSecrets.Unusable where the operator can't know the server's certificate
     */
    ServerAccess access(
            Declared<PrometheusServerSpec> server,
            Optional<Identity> admitted,
            Inventory inventory,
            Optional<String> service)
            throws InterruptedException, MountedSecrets.Unusable {
        // A task that lets in everybody from now on may still ask until it is replaced.
        Optional<Identity> comes = admitted.isPresent() ? admitted : identity.find();
        return new ServerAccess(
                certificate(server, inventory, service),
                comes.map(Identity::credentials).orElse(Credentials.none()),
                comes.map(Identity::clientCertificate));
    }

    /** What Docker keeps as a secret it tells nobody, so the operator must have it mounted, too. */
    private Optional<String> certificate(
            Declared<PrometheusServerSpec> server, Inventory inventory, Optional<String> service)
            throws MountedSecrets.Unusable {
        if (server.spec().web() == null || server.spec().web().tls() == null) {
            return Optional.empty();
        }
        String field = "web.tls.cert";
        CertificateSource source = server.spec().web().tls().cert();
        SecretKeyRef secret = source == null ? null : source.secretRef();
        if (secret == null) {
            throw new MountedSecrets.Unusable("the operator can't read the certificate of " + field
                    + " from a file of Prometheus's container; name a secret by secretRef");
        }
        SecretValue beside =
                inventory.secrets().find(new SecretId(server.key().namespace(), secret.name(), secret.key()));
        byte[] pem = beside != null ? beside.reveal() : mounted.read(secret.name(), field, service);
        return Optional.of(new String(pem, StandardCharsets.UTF_8));
    }
}
