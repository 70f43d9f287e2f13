package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where a certificate in PEM format comes from. Exactly one field is set.
 *
 * @param secretRef An entry of a secret.
 * @param configMapRef An entry of a ConfigMap. Kubernetes only.
 * @param file A file that Prometheus reads, by its absolute path where Prometheus runs. Refused unless the
 *     PrometheusServer's {@code tenancy.allowFileAccess} permits it.
 */
@ValidationRule(
        value = "[has(self.secretRef), has(self.configMapRef), has(self.file)].filter(x, x).size() == 1",
        message = "set exactly one of secretRef, configMapRef and file")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CertificateSource(
        @Nullable SecretKeyRef secretRef,
        @Nullable ConfigMapKeyRef configMapRef,
        @Pattern("^/") @Size(min = 2, max = 4096) @Nullable String file) {}
