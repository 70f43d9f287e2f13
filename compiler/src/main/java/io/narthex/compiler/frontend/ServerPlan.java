package io.narthex.compiler.frontend;

import io.narthex.compiler.config.PrometheusConfig;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Retention;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.compiler.swarm.DockerSecret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a PrometheusServer asks for, apart from jobs and rules.
 *
 * @param diagnostics what is wrong with it
 * @param usable whether it can run; not where an error is among the diagnostics
 * @param settings what Monitors and RuleSets need to know
 * @param config {@code prometheus.yml} without jobs, rules and the lists of their files
 * @param flags the command line
 * @param startOnly what is read at start only, besides the flags
 * @param address where it listens
 * @param retention what is kept
 * @param web {@code web.yml}, which may hold hashes of passwords; empty for none
 * @param webHasSecrets whether it does
 * @param credentials the credentials that it refers to, by the paths of their files
 * @param mounts the Docker secrets that it refers to, by the paths at which they are mounted
 * @param wanted all credentials that it refers to, known or not
 * @param generated files that hold credentials among other things, by path
 * @param inline whether all jobs stand in {@code prometheus.yml} itself, since nobody writes other files for the server
 * @param scrapeFiles further files of scrape jobs, by path, that lie among the credentials
 */
public record ServerPlan(
        List<Diagnostic> diagnostics,
        boolean usable,
        ServerSettings settings,
        PrometheusConfig config,
        List<String> flags,
        List<String> startOnly,
        ServerAddress address,
        Retention retention,
        Optional<SecretValue> web,
        boolean webHasSecrets,
        Map<String, SecretId> credentials,
        Map<String, DockerSecret> mounts,
        Set<SecretId> wanted,
        Map<String, SecretValue> generated,
        boolean inline,
        List<String> scrapeFiles) {}
