package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.SetList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the web interface (Prometheus documentation, "HTTPS and authentication").
 *
 * @param cert The server's certificate.
 * @param key The server's private key.
 * @param clientCa The authorities that sign clients' certificates. Narthex adds its own certificate, which vouches for
 *     itself alone.
 * @param clientAuth What is asked of clients' certificates. Default: {@code NoClientCert}; with {@code clientCa} {@code
 *     RequireAndVerifyClientCert}.
 * @param clientAllowedSans Names of which a client's certificate must have one. Absent for any.
 * @param minVersion The lowest version of TLS to accept. Default: {@code TLS12}.
 * @param maxVersion The highest version of TLS to accept. Default: {@code TLS13}.
 * @param cipherSuites The cipher suites of TLS 1.2, by Go's names. Default: Go's choice.
 * @param curvePreferences The elliptic curves, by Go's names. Default: Go's choice.
 */
@ValidationRule(
        value =
                "!(has(self.clientAuth) && self.clientAuth in ['VerifyClientCertIfGiven', 'RequireAndVerifyClientCert']) || has(self.clientCa)",
        message = "clientAuth needs clientCa to verify certificates")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WebTls(
        @Required CertificateSource cert,
        @Required CredentialSource key,
        @Nullable CertificateSource clientCa,
        @Nullable TlsClientAuth clientAuth,
        @SetList List<@Size(min = 1, max = 253) String> clientAllowedSans,
        @Nullable TlsVersion minVersion,
        @Nullable TlsVersion maxVersion,
        List<@Pattern("^TLS_[A-Z0-9_]+$") @Size(min = 5, max = 64) String> cipherSuites,
        List<@Pattern("^[A-Za-z0-9]+$") @Size(min = 1, max = 64) String> curvePreferences) {
    public WebTls {
        Objects.requireNonNull(cert, "cert");
        Objects.requireNonNull(key, "key");
        clientAllowedSans = Immutable.list(clientAllowedSans);
        cipherSuites = Immutable.list(cipherSuites);
        curvePreferences = Immutable.list(curvePreferences);
    }
}
