package io.narthex.process;

import io.narthex.compiler.model.PrometheusVersion;
import java.nio.file.Path;

/**
 * An executable Prometheus.
 *
 * @param path the file, absolute
 * @param version its release
 * @param versionText its release as it says it, such as {@code 2.42.0+ds}
 */
public record PrometheusProgram(Path path, PrometheusVersion version, String versionText) {}
