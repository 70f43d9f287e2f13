package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.PrometheusDuration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the server sends traces of itself (Prometheus documentation, {@code <tracing_config>}).
 *
 * @param client The protocol. Default: {@code grpc}.
 * @param endpoint The receiver, {@code HOST:PORT}.
 * @param samplingFraction Which part of the traces is sent, from 0 to 1. Default: 0.
 * @param insecure Whether the connection is unencrypted. Default: false.
 * @param tls The settings of TLS.
 * @param headers Headers to send, in the clear.
 * @param compression How requests are compressed. Default: not at all.
 * @param timeout How long sending may take. Default: {@code 10s}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Tracing(
        @Nullable TracingClient client,
        @Required @Size(min = 1, max = 2048) String endpoint,
        @Min(0) @Max(1) @Nullable Double samplingFraction,
        @Nullable Boolean insecure,
        @Nullable Tls tls,
        Map<String, @Size(max = 4096) String> headers,
        @Nullable TracingCompression compression,
        @PrometheusDuration @Nullable String timeout) {
    public Tracing {
        Objects.requireNonNull(endpoint, "endpoint");
        headers = Immutable.map(headers);
    }
}
