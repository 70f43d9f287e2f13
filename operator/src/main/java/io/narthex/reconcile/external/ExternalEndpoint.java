package io.narthex.reconcile.external;

import io.narthex.api.v1alpha1.Auth;
import io.narthex.api.v1alpha1.Authorization;
import io.narthex.api.v1alpha1.BasicAuth;
import io.narthex.api.v1alpha1.CredentialSource;
import io.narthex.api.v1alpha1.ExternalServer;
import io.narthex.api.v1alpha1.SecretKeyRef;
import io.narthex.api.v1alpha1.Tls;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Trust;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where a server is that somebody else runs, and how Narthex is let in there. */
final class ExternalEndpoint {

    /** What can't be used; the message says which field and why, on one line. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message, null, false, false);
        }

        String words() {
            return String.valueOf(getMessage());
        }
    }

    private final Inventory inventory;
    private final String namespace;

    /**
     * Makes one.
     *
     * @param inventory holds the credentials
     * @param namespace the server's namespace, in which its credentials lie
     */
    ExternalEndpoint(Inventory inventory, String namespace) {
        this.inventory = inventory;
        this.namespace = namespace;
    }

    PrometheusEndpoint of(ExternalServer external) throws Unusable {
        if (external.proxy() != null) {
            throw new Unusable("spec.external.proxy isn't supported: name a URL that Narthex reaches directly");
        }
        try {
            URI base = ServerUrl.dialled(external.url());
            String host = ServerUrl.host(external.url());
            if (base.getHost() == null && !host.isEmpty()) {
                throw new Unusable(
                        "spec.external.url: over https the host " + host + " can't be asked for by that name:"
                                + " only letters, digits and dashes are allowed, no underscore; give the service such a name,"
                                + " by docker service create --network name=NETWORK,alias=NAME");
            }
            return new PrometheusEndpoint(base, trust(external.tls()), credentials(external.auth()));
        } catch (UnknownHostException e) {
            throw new Unusable("spec.external.url: there is no host " + ServerUrl.host(external.url())
                    + " here; Narthex and the server must share a network");
        } catch (IllegalArgumentException e) {
            // The runtime's own message would quote what may hold a password.
            throw new Unusable("spec.external.url or spec.external.auth can't be used: a URL has scheme, host and port,"
                    + " and holds no user, query or fragment; a token holds visible ASCII only");
        }
    }

    private Trust trust(@Nullable Tls tls) throws Unusable {
        if (tls == null) {
            return Trust.defaults();
        }
        if (tls.cert() != null || tls.key() != null || tls.serverName() != null) {
            throw new Unusable("spec.external.tls: cert, key and serverName aren't supported;"
                    + " let Narthex in by a user or a token, at a name that the certificate holds");
        }
        if (tls.insecureSkipVerify()) {
            return new Trust.Anything();
        }
        if (tls.ca() == null) {
            return Trust.defaults();
        }
        String pem = text(secret(tls.ca().secretRef(), "spec.external.tls.ca"));
        if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
            throw new Unusable("spec.external.tls.ca holds no certificate in PEM");
        }
        return new Trust.Authorities(pem);
    }

    private Credentials credentials(@Nullable Auth auth) throws Unusable {
        if (auth == null) {
            return Credentials.none();
        }
        BasicAuth basic = auth.basic();
        if (basic != null) {
            String user = basic.username() != null
                    ? basic.username()
                    : text(credential(basic.usernameFrom(), "spec.external.auth.basic.usernameFrom"));
            return new Credentials.Basic(
                    user,
                    basic.password() == null
                            ? SecretValue.of("")
                            : credential(basic.password(), "spec.external.auth.basic.password"));
        }
        Authorization authorization = auth.authorization();
        if (authorization != null
                && (authorization.type() == null || authorization.type().equalsIgnoreCase("Bearer"))) {
            return new Credentials.Bearer(
                    credential(authorization.credentials(), "spec.external.auth.authorization.credentials"));
        }
        throw new Unusable("spec.external.auth: only basic, and authorization of the type Bearer are supported");
    }

    private SecretValue credential(@Nullable CredentialSource source, String field) throws Unusable {
        return secret(source == null ? null : source.secretRef(), field);
    }

    private SecretValue secret(@Nullable SecretKeyRef ref, String field) throws Unusable {
        if (ref == null) {
            throw new Unusable(field + " must be a secretRef: Narthex reads no files of the server's machine");
        }
        return inventory
                .secret(new SecretId(namespace, ref.name(), ref.key()))
                .orElseThrow(() -> new Unusable(field + ": there is no credential " + ref.name() + "/" + ref.key()
                        + "; write it into .secrets/" + ref.name() + "/" + ref.key()
                        + " of the operator's folder of resources, with mode 0600"));
    }

    private static String text(SecretValue value) {
        return new String(value.reveal(), StandardCharsets.UTF_8).strip();
    }
}
