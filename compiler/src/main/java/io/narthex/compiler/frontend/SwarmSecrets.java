package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmService;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The Docker secrets that the labels of one service name. Whoever keeps a secret decides whose labels may do so. */
final class SwarmSecrets {

    private final SwarmService service;
    private final Function<String, @Nullable DockerSecret> secrets;
    private final Report report;
    private final Map<String, DockerSecret> mounts = new TreeMap<>();
    private final Set<String> wanted = new TreeSet<>();

    SwarmSecrets(SwarmService service, Function<String, @Nullable DockerSecret> secrets, Report report) {
        this.service = service;
        this.secrets = secrets;
        this.report = report;
    }

    /** Returns the path of the file that holds the secret which a label names; null where it can't be, after noting why. */
    @Nullable
    String path(FoundLabel label) {
        String name = label.value();
        wanted.add(name);
        DockerSecret secret = secrets.apply(name);
        // One answer for both: whether a secret exists is nobody's business who may not use it.
        if (secret == null || !secret.isExposedTo(service)) {
            String whom = service.stack().orElse(SwarmService.NO_STACK) + "/" + service.shortName();
            report.add(
                    DiagnosticCode.SECRET_NOT_EXPOSED,
                    label.place(),
                    "there is no Docker secret " + Quoting.quote(name) + " whose label " + DockerSecret.EXPOSE_TO
                            + " names " + whom,
                    "a secret that is exposed to the service",
                    "docker secret create --label " + DockerSecret.EXPOSE_TO + "=" + whom + " NAME FILE");
            return null;
        }
        String path = Credentials.MOUNTS + secret.name();
        mounts.put(path, secret);
        return path;
    }

    Map<String, DockerSecret> mounts() {
        return mounts;
    }

    Set<String> wanted() {
        return wanted;
    }
}
