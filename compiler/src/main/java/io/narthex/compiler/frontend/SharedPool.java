package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.ScrapeLimits;
import io.narthex.api.v1alpha1.Tenancy;
import io.narthex.compiler.assemble.JobPiece;
import io.narthex.compiler.config.AuthorizationConfig;
import io.narthex.compiler.config.HttpClientConfig;
import io.narthex.compiler.config.HttpSdConfig;
import io.narthex.compiler.config.ScrapeConfig;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The one scrape job of all endpoints that labels declare and that need no configuration of their own. Its targets carry
 * all that differs between them, so that it stays as it is whatever is labelled.
 */
public final class SharedPool {

    /** Where the token lies with which Prometheus asks Narthex for targets. */
    static final String TOKEN = "discovery.token";

    /**
     * How long Prometheus lets Narthex hold its answer back until there is news. It takes news at once only where it took
     * none in the five seconds before, the same list again being news, too, and finds that out at random times (source:
     * Prometheus 3.12 and later, discovery/manager.go): so twice as long. Of two changes in one interval the second reaches
     * it at its end.
     */
    private static final PrometheusDuration REFRESH = PrometheusDuration.ofSeconds(10);

    private SharedPool() {}

    /** Returns the discovery of a scrape job whose targets Narthex serves; {@code server} says where. */
    static HttpSdConfig discovery(ServerSettings server, String job) {
        return new HttpSdConfig(
                HttpUrl.parse(server.discoveryUrl().orElseThrow() + DiscoveryPool.path(server.server(), job))
                        .orThrow(),
                REFRESH,
                HttpClientConfig.builder()
                        .authorization(new AuthorizationConfig(null, TOKEN))
                        // The token is for Narthex alone, and Narthex redirects nobody.
                        .followRedirects(false)
                        .build());
    }

    /** Returns the scrape job. */
    public static JobPiece job(ServerSettings server) {
        String name = DiscoveryPool.shared(server.platform());
        ScrapeConfig config = ScrapeConfig.builder()
                .jobName(name)
                .limits(limits(server, withoutTargets(bounds(server))))
                .discovery(List.of(discovery(server, name)))
                .build();
        return new JobPiece(
                config.jobName(),
                server.server(),
                "",
                "",
                server.interval().toDuration(),
                server.dialect().render(config).bytes());
    }

    /**
     * Returns how many targets each endpoint may have whose targets the shared job takes. Prometheus scrapes none of a job
     * that has too many, so that one service would take away all others.
     */
    public static OptionalLong targetLimit(ServerSettings server) {
        ScrapeLimits bounds = bounds(server);
        return bounds == null || bounds.targets() == null || bounds.targets() == 0
                ? OptionalLong.empty()
                : OptionalLong.of(bounds.targets());
    }

    /** Returns the limits of a job of one endpoint that labels declare: theirs is nobody's own namespace. */
    static io.narthex.compiler.config.ScrapeLimits limits(ServerSettings server) {
        return limits(server, bounds(server));
    }

    private static io.narthex.compiler.config.ScrapeLimits limits(
            ServerSettings server, @Nullable ScrapeLimits bounds) {
        return new Limits(
                        Report.unheard(server.server()),
                        DiagnosticCode.INVALID_SERVER_VALUE,
                        server.dialect().hasGlobalLimits())
                .read(null, FieldPath.ROOT, server.defaultLimits(), bounds);
    }

    private static @Nullable ScrapeLimits bounds(ServerSettings server) {
        Tenancy tenancy = server.tenancy();
        return tenancy == null ? null : tenancy.limits();
    }

    private static @Nullable ScrapeLimits withoutTargets(@Nullable ScrapeLimits limits) {
        return limits == null
                ? null
                : new ScrapeLimits(
                        limits.samples(),
                        null,
                        limits.labels(),
                        limits.labelNameLength(),
                        limits.labelValueLength(),
                        limits.bodySize(),
                        limits.keptDroppedTargets());
    }
}
