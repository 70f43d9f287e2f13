package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.PrometheusDuration;
import io.narthex.api.schema.SetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DNS records (Prometheus documentation, {@code <dns_sd_config>}). The port is that of the Monitor's endpoint, by
 * number; an SRV record has its own.
 *
 * @param names The names to look up.
 * @param type The type of the records. Default: {@code SRV}. MX and NS are known from Prometheus 2.42 and 2.49.
 * @param refreshInterval How often to look them up. Default: {@code 30s}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DnsSource(
        @Required @Size(min = 1, max = 256) @SetList List<@Size(min = 1, max = 253) String> names,
        @Nullable DnsRecordType type,
        @PrometheusDuration @Nullable String refreshInterval) {
    public DnsSource {
        names = Immutable.list(names);
    }
}
