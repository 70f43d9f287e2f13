package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards a server (Prometheus documentation, {@code <tls_config>}).
 *
 * @param ca The authorities that may have signed the server's certificate. Default: the system's.
 * @param cert The client's certificate; with {@code key}.
 * @param key The client's private key; with {@code cert}.
 * @param serverName The name that the server's certificate must have. Default: the host in its address.
 * @param insecureSkipVerify Whether to accept any certificate. Whoever is on the path can then read all, credentials
 *     included.
 * @param minVersion The lowest version of TLS to accept. Default: {@code TLS12}.
 * @param maxVersion The highest version of TLS to accept. Default: the highest known.
 */
@ValidationRule(value = "has(self.cert) == has(self.key)", message = "cert and key are set together or not at all")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Tls(
        @Nullable CertificateSource ca,
        @Nullable CertificateSource cert,
        @Nullable CredentialSource key,
        @Size(min = 1, max = 253) @Nullable String serverName,
        boolean insecureSkipVerify,
        @Nullable TlsVersion minVersion,
        @Nullable TlsVersion maxVersion) {}
