package io.narthex.prometheus;

import java.net.URI;
import java.util.Optional;

/**
 * How to come into the pods or tasks of a server.
 *
 * @param certificate the certificate that its API serves, in PEM; empty where it speaks plain HTTP
 * @param credentials as which user
 * @param clientCertificate what to show a server that asks for a certificate
 */
public record ServerAccess(
        Optional<String> certificate, Credentials credentials, Optional<ClientCertificate> clientCertificate) {

    /** Plain HTTP that lets in everybody. */
    public static final ServerAccess OPEN = new ServerAccess(Optional.empty(), Credentials.none(), Optional.empty());

    /**
     * Returns the endpoint of a pod or task. Its address isn't what its certificate names; that it is the very certificate that was
     * given to it proves more.
     */
    public PrometheusEndpoint endpoint(URI uri) {
        Trust trust = certificate.<Trust>map(Trust.Pinned::new).orElseGet(Trust::defaults);
        return new PrometheusEndpoint(uri, trust, credentials, clientCertificate);
    }
}
