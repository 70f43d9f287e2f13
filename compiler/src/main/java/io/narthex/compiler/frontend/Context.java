package io.narthex.compiler.frontend;

import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.swarm.DockerSecret;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds the look at one resource.
 *
 * @param version the release of Prometheus
 * @param platform where it runs
 * @param namespace the resource's namespace, in which its credentials lie
 * @param foreign whether the resource isn't of the server's own namespace, so that tenancy binds it
 * @param allowFiles whether the resource may name files that Prometheus reads
 * @param folder the absolute path at which relative paths of target files start; empty where there is none
 * @param secrets finds credentials; null for one that isn't known
 * @param dockerSecrets finds the secrets of a Swarm by name, whose content nobody knows; null for one that isn't there
 * @param pem looks at certificates and keys
 */
record Context(
        PrometheusVersion version,
        Platform platform,
        String namespace,
        boolean foreign,
        boolean allowFiles,
        Optional<String> folder,
        Function<SecretId, @Nullable SecretValue> secrets,
        Function<String, @Nullable DockerSecret> dockerSecrets,
        Pem pem) {}
