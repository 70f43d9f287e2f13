package io.narthex.access;

import io.narthex.compiler.model.OperatorIdentity;
import io.narthex.compiler.model.SecretValue;
import io.narthex.prometheus.ClientCertificate;
import io.narthex.prometheus.Credentials;

/**
 * As whom Narthex comes to its servers: a user for those with web users, a client certificate for those that ask for
 * one.
 *
 * @param known what the servers may know of it
 * @param password the user's password
 * @param privateKey the certificate's private key, PKCS #8 in PEM
 */
public record Identity(OperatorIdentity known, SecretValue password, SecretValue privateKey) {

    /** The name of the user. */
    public static final String USER = OperatorIdentity.RESERVED_PREFIX + "operator";

    /** Returns how the client says who it is. */
    public Credentials credentials() {
        return new Credentials.Basic(known.user(), password);
    }

    /** Returns what the client shows a server that asks for a certificate. */
    public ClientCertificate clientCertificate() {
        return new ClientCertificate(known.certificate(), privateKey);
    }
}
