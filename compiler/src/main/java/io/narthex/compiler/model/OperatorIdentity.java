package io.narthex.compiler.model;

/**
 * As whom Narthex itself comes to a server that doesn't let in everybody: what the server's web configuration must know
 * to recognize it. It holds no password and no private key.
 *
 * @param user the name of its user; starts with {@value #RESERVED_PREFIX}, so that no declared user has it
 * @param passwordHash the bcrypt hash of that user's password
 * @param certificate its client certificate, self-signed, in PEM: an authority that vouches for this one certificate
 * @param certificateName the URI among the certificate's subject alternative names, which no other certificate has
 */
public record OperatorIdentity(String user, SecretValue passwordHash, String certificate, String certificateName) {

    /** What begins the names of Narthex's own users of the web interface. */
    public static final String RESERVED_PREFIX = "narthex-";

    public OperatorIdentity {
        if (!user.startsWith(RESERVED_PREFIX)) {
            throw new IllegalArgumentException("the operator's user starts with " + RESERVED_PREFIX);
        }
    }

    @Override
    public String toString() {
        return "OperatorIdentity[" + user + "]";
    }
}
