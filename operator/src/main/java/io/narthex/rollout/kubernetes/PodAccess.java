package io.narthex.rollout.kubernetes;

import io.narthex.prometheus.ClientCertificate;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Trust;
import java.net.URI;
import java.util.Optional;

/**
 * How to come into a server's pods.
 *
 * @param certificate the certificate that its API serves, in PEM; empty where it speaks plain HTTP
 * @param credentials as which user
 * @param clientCertificate what to show a server that asks for a certificate
 */
public record PodAccess(
        Optional<String> certificate, Credentials credentials, Optional<ClientCertificate> clientCertificate) {

    /** Plain HTTP that lets in everybody. */
    public static final PodAccess OPEN = new PodAccess(Optional.empty(), Credentials.none(), Optional.empty());

    /**
     * Returns the endpoint of a pod. Its address isn't what its certificate names; that it is the very certificate that was
     * given to it proves more.
     */
    PrometheusEndpoint endpoint(URI uri) {
        Trust trust = certificate.<Trust>map(Trust.Pinned::new).orElseGet(Trust::defaults);
        return new PrometheusEndpoint(uri, trust, credentials, clientCertificate);
    }
}
