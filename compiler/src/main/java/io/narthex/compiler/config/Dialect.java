package io.narthex.compiler.config;

import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.model.PrometheusVersion;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one release of Prometheus, run with some features, understands; and configuration written for it.
 *
 * <p>Job fragments are items of a list at the left margin: a file of jobs is {@link #SCRAPE_CONFIGS} and fragments, one
 * after the other. In the same way rule files are {@link #GROUPS} and fragments.
 */
public final class Dialect {

    /** The first line of a file of jobs. */
    public static final String SCRAPE_CONFIGS = "scrape_configs:\n";

    /** The first line of a file of rules. */
    public static final String GROUPS = "groups:\n";

    private final PrometheusVersion version;
    private final Set<String> features;

    private Dialect(PrometheusVersion version, Set<String> features) {
        this.version = version;
        this.features = features;
    }

    /**
     * Returns what a release understands.
     *
     * @param version a supported release; see {@link VersionSupport}
     * @param features the values of {@code --enable-feature}
     */
    public static Dialect of(PrometheusVersion version, Collection<String> features) {
        return new Dialect(version, new TreeSet<>(features));
    }

    /** Returns what a release understands that is run without features. */
    public static Dialect of(PrometheusVersion version) {
        return of(version, List.of());
    }

    /** Returns the release. */
    public PrometheusVersion version() {
        return version;
    }

    /** Returns whether jobs can stand in files of their own; from 2.43 on. */
    public boolean hasScrapeConfigFiles() {
        return ConfigField.ROOT_SCRAPE_CONFIG_FILES.gate().allows(version);
    }

    /** Returns whether retention can stand in the file, so that a reload changes it; from 3.11 on. */
    public boolean hasRetentionInFile() {
        return ConfigField.TSDB_RETENTION.gate().allows(version);
    }

    /** Returns whether Azure's managed identity needs no client ID; from 3.5 on (prometheus/prometheus#16421). */
    public boolean hasSystemAssignedIdentity() {
        return version.isAtLeast(3, 5);
    }

    /** Returns whether limits of scrapes can be set for all jobs at once; from 2.45 on. */
    public boolean hasGlobalLimits() {
        return ConfigField.GLOBAL_SAMPLE_LIMIT.gate().allows(version);
    }

    /** Returns whether groups of rules can have labels; from 3.0 on. */
    public boolean hasGroupLabels() {
        return ConfigField.GROUP_LABELS.gate().allows(version);
    }

    /** Returns whether a JWT can be signed to get a token of OAuth 2.0 with; from 3.8 on. */
    public boolean hasJwtBearer() {
        return ConfigField.OAUTH2_GRANT_TYPE.gate().allows(version);
    }

    /** Returns whether any client can send headers of the user's choice; from 2.55 on. */
    public boolean hasHttpHeaders() {
        return ConfigField.HTTP_HTTP_HEADERS.gate().allows(version);
    }

    /**
     * Returns whether {@code $NAME} in an external label is replaced by a variable of the environment: from 3.0 on, and
     * before with the feature expand-external-labels. Written configuration has the dollar signs doubled then.
     */
    public boolean expandsExternalLabels() {
        return version.isAtLeast(3, 0) || features.contains("expand-external-labels");
    }

    /** Returns whether credentials go along to wherever a redirect leads; before 3.13. */
    public boolean redirectsResendCredentials() {
        return !version.isAtLeast(3, 13);
    }

    /** Returns which names are valid where nothing else is said: UTF-8 from 3.0 on, or in 2.55 with utf8-names. */
    public NameScheme nameScheme() {
        return version.isAtLeast(3, 0) || (version.isAtLeast(2, 55) && features.contains("utf8-names"))
                ? NameScheme.UTF8
                : NameScheme.LEGACY;
    }

    /** Returns which names relabeling can write; UTF-8 from 3.2 on. */
    public NameScheme relabelScheme() {
        return version.isAtLeast(3, 2) ? nameScheme() : NameScheme.LEGACY;
    }

    /** Returns which names recording rules can write; UTF-8 from 3.2 on. */
    public NameScheme ruleNameScheme() {
        return version.isAtLeast(3, 2) ? nameScheme() : NameScheme.LEGACY;
    }

    /**
     * Returns whether a job of legacy names that says nothing of escaping is given that of all jobs, which is refused where
     * it is for UTF-8: from 3.4 to 3.6 (the sources, {@code config/config.go}).
     */
    public boolean legacyJobsNeedEscaping() {
        return ConfigField.SCRAPE_METRIC_NAME_ESCAPING_SCHEME.gate().allows(version) && !version.isAtLeast(3, 7);
    }

    /** Returns whether {@code /api/v1/parse_query} answers; from 3.0 on. */
    public boolean hasParseQuery() {
        return version.isAtLeast(3, 0);
    }

    /** Returns one job as an item below {@link #SCRAPE_CONFIGS}. */
    public Rendered render(ScrapeConfig job) {
        return item(job);
    }

    /** Returns one group of rules as an item below {@link #GROUPS}. */
    public Rendered render(RuleGroupConfig group) {
        return item(group);
    }

    /** Returns {@code prometheus.yml}. */
    public Rendered render(PrometheusConfig config) {
        return whole(config);
    }

    /** Returns {@code web.yml}. */
    public Rendered render(WebConfig config) {
        return whole(config);
    }

    /** Returns what the lines of a job's fragment hold. */
    public List<ConfigLine> lines(ScrapeConfig job) {
        ConfigWriter out = new ConfigWriter(this, true);
        out.item(job);
        return out.lines();
    }

    /** Returns what the lines of a group's fragment hold. */
    public List<ConfigLine> lines(RuleGroupConfig group) {
        ConfigWriter out = new ConfigWriter(this, true);
        out.item(group);
        return out.lines();
    }

    /** Returns what the lines of {@code prometheus.yml} hold. */
    public List<ConfigLine> lines(PrometheusConfig config) {
        ConfigWriter out = new ConfigWriter(this, true);
        config.writeTo(out);
        return out.lines();
    }

    private Rendered item(Part part) {
        ConfigWriter out = new ConfigWriter(this, false);
        out.item(part);
        return out.result();
    }

    private Rendered whole(Part part) {
        ConfigWriter out = new ConfigWriter(this, false);
        part.writeTo(out);
        return out.result();
    }
}
