package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import org.jspecify.annotations.Nullable;

/**
 * What remote write sends about metrics ("metadata_config" of the Prometheus documentation).
 *
 * @param send whether it does; true where not given
 * @param sendInterval how often; 1m where not given
 * @param maxSamplesPerSend the most entries of a request
 */
public record MetadataConfig(
        @Nullable Boolean send,
        @Nullable PrometheusDuration sendInterval,
        @Nullable Long maxSamplesPerSend) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.METADATA_SEND, send);
        out.write(ConfigField.METADATA_SEND_INTERVAL, sendInterval);
        out.write(ConfigField.METADATA_MAX_SAMPLES_PER_SEND, maxSamplesPerSend);
    }
}
