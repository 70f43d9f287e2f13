package io.narthex.compiler.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole of {@code prometheus.yml} ("Configuration" of the Prometheus documentation). Jobs stand in it or in the
 * files that {@code scrapeConfigFiles} names.
 *
 * @param global what holds for all jobs and rules
 * @param runtime the process; from 2.53 on
 * @param alerting where alerts go
 * @param ruleFiles globs of rule files; an asterisk in the last part of the path only
 * @param scrapeConfigFiles globs of files with jobs; an asterisk in the last part of the path only; from 2.43 on
 * @param storage storage
 * @param tracing traces
 * @param remoteWrite receivers of samples
 * @param remoteRead storages that queries reach
 * @param otlp metrics of OpenTelemetry; from 2.55 on
 * @param scrapeConfigs jobs that stand in the file itself; the last section, so that jobs can be appended
 */
public record PrometheusConfig(
        @Nullable GlobalConfig global,
        @Nullable RuntimeConfig runtime,
        @Nullable AlertingConfig alerting,
        List<String> ruleFiles,
        List<String> scrapeConfigFiles,
        @Nullable StorageConfig storage,
        @Nullable TracingConfig tracing,
        List<RemoteWriteConfig> remoteWrite,
        List<RemoteReadConfig> remoteRead,
        @Nullable OtlpConfig otlp,
        List<ScrapeConfig> scrapeConfigs)
        implements Part {

    public PrometheusConfig {
        ruleFiles = List.copyOf(ruleFiles);
        scrapeConfigFiles = List.copyOf(scrapeConfigFiles);
        remoteWrite = List.copyOf(remoteWrite);
        remoteRead = List.copyOf(remoteRead);
        scrapeConfigs = List.copyOf(scrapeConfigs);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.ROOT_GLOBAL, global);
        out.write(ConfigField.ROOT_RUNTIME, runtime);
        out.write(ConfigField.ROOT_ALERTING, alerting);
        out.write(ConfigField.ROOT_RULE_FILES, ruleFiles);
        out.write(ConfigField.ROOT_SCRAPE_CONFIG_FILES, scrapeConfigFiles);
        out.write(ConfigField.ROOT_STORAGE, storage);
        out.write(ConfigField.ROOT_TRACING, tracing);
        out.write(ConfigField.ROOT_REMOTE_WRITE, remoteWrite);
        out.write(ConfigField.ROOT_REMOTE_READ, remoteRead);
        out.write(ConfigField.ROOT_OTLP, otlp);
        out.write(ConfigField.ROOT_SCRAPE_CONFIGS, scrapeConfigs);
    }

    /** Gathers the components of a {@link PrometheusConfig}. */
    public static final class Builder {

        private @Nullable GlobalConfig global;
        private @Nullable RuntimeConfig runtime;
        private @Nullable AlertingConfig alerting;
        private List<String> ruleFiles = List.of();
        private List<String> scrapeConfigFiles = List.of();
        private @Nullable StorageConfig storage;
        private @Nullable TracingConfig tracing;
        private List<RemoteWriteConfig> remoteWrite = List.of();
        private List<RemoteReadConfig> remoteRead = List.of();
        private @Nullable OtlpConfig otlp;
        private List<ScrapeConfig> scrapeConfigs = List.of();

        private Builder() {}

        /** Sets what holds for all jobs and rules. */
        public Builder global(@Nullable GlobalConfig global) {
            this.global = global;
            return this;
        }

        /** Sets the process. */
        public Builder runtime(@Nullable RuntimeConfig runtime) {
            this.runtime = runtime;
            return this;
        }

        /** Sets where alerts go. */
        public Builder alerting(@Nullable AlertingConfig alerting) {
            this.alerting = alerting;
            return this;
        }

        /** Sets globs of rule files. */
        public Builder ruleFiles(List<String> ruleFiles) {
            this.ruleFiles = ruleFiles;
            return this;
        }

        /** Sets globs of files with jobs. */
        public Builder scrapeConfigFiles(List<String> scrapeConfigFiles) {
            this.scrapeConfigFiles = scrapeConfigFiles;
            return this;
        }

        /** Sets storage. */
        public Builder storage(@Nullable StorageConfig storage) {
            this.storage = storage;
            return this;
        }

        /** Sets traces. */
        public Builder tracing(@Nullable TracingConfig tracing) {
            this.tracing = tracing;
            return this;
        }

        /** Sets receivers of samples. */
        public Builder remoteWrite(List<RemoteWriteConfig> remoteWrite) {
            this.remoteWrite = remoteWrite;
            return this;
        }

        /** Sets storages that queries reach. */
        public Builder remoteRead(List<RemoteReadConfig> remoteRead) {
            this.remoteRead = remoteRead;
            return this;
        }

        /** Sets metrics of OpenTelemetry. */
        public Builder otlp(@Nullable OtlpConfig otlp) {
            this.otlp = otlp;
            return this;
        }

        /** Sets jobs that stand in the file itself. */
        public Builder scrapeConfigs(List<ScrapeConfig> scrapeConfigs) {
            this.scrapeConfigs = scrapeConfigs;
            return this;
        }

        /** Returns the whole. */
        public PrometheusConfig build() {
            return new PrometheusConfig(
                    global,
                    runtime,
                    alerting,
                    ruleFiles,
                    scrapeConfigFiles,
                    storage,
                    tracing,
                    remoteWrite,
                    remoteRead,
                    otlp,
                    scrapeConfigs);
        }
    }
}
