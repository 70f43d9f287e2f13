package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.DnsLabel;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.PrometheusDuration;
import io.narthex.api.schema.ResourceName;
import io.narthex.api.schema.SetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Alertmanagers that get all alerts (Prometheus documentation, {@code <alertmanager_config>}). Exactly one of {@code
 * targets}, {@code service} and {@code dns} says where they are.
 *
 * @param name The entry's name, unique in the list.
 * @param targets Addresses, each {@code HOST:PORT}.
 * @param service A Kubernetes Service, each of whose pods gets the alerts.
 * @param dns DNS records.
 * @param scheme The scheme. Default: {@code http}.
 * @param pathPrefix The path before Alertmanager's API. Default: {@code /}.
 * @param timeout How long sending may take. Default: {@code 10s}.
 * @param auth How Prometheus authenticates to them.
 * @param tls The settings of TLS.
 * @param proxy The proxy to go through.
 * @param headers Headers to send. From Prometheus 2.55.
 * @param followRedirects Whether to follow redirects. Default: true; false below Prometheus 3.13 where credentials are
 *     sent, since those releases send them to the new place too.
 * @param enableHttp2 Whether to offer HTTP/2. Default: true.
 * @param relabelings Steps that rewrite or drop the discovered addresses.
 * @param alertRelabelings Steps that rewrite or drop alerts for these Alertmanagers, after those of {@code
 *     notifications}. From Prometheus 2.51.
 */
@ValidationRule(
        value =
                "[has(self.targets) && self.targets.size() > 0, has(self.service), has(self.dns)].filter(x, x).size() == 1",
        message = "set exactly one of targets, service and dns")
public record Alertmanager(
        @Default(Alertmanager.DEFAULT_NAME) @DnsLabel String name,
        @SetList List<@Size(min = 1, max = 512) String> targets,
        @Nullable AlertmanagerService service,
        @Nullable AlertmanagerDns dns,
        @Nullable Scheme scheme,
        @Pattern("^/") @Size(min = 1, max = 1024) @Nullable String pathPrefix,
        @PrometheusDuration @Nullable String timeout,
        @Nullable AlertmanagerAuth auth,
        @Nullable Tls tls,
        @Nullable Proxy proxy,
        @MapList("name") List<Header> headers,
        @Nullable Boolean followRedirects,
        @Nullable Boolean enableHttp2,
        List<Relabeling> relabelings,
        List<Relabeling> alertRelabelings)
        implements HttpClientSettings {
    public Alertmanager {
        targets = Immutable.list(targets);
        headers = Immutable.list(headers);
        relabelings = Immutable.list(relabelings);
        alertRelabelings = Immutable.list(alertRelabelings);
        name = name == null ? DEFAULT_NAME : name;
    }

    /** The name of an entry that has none. */
    public static final String DEFAULT_NAME = "default";

    /**
     * A Kubernetes Service before Alertmanagers.
     *
     * @param name The Service's name.
     * @param namespace The Service's namespace. Default: the server's own.
     * @param port The port of the pods behind the Service, by number, or by its name, which the Service gives it.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record AlertmanagerService(
            @Required @ResourceName String name,
            @DnsLabel @Nullable String namespace,
            @Required PortRef port) {}

    /**
     * DNS records of Alertmanagers.
     *
     * @param names The names to look up.
     * @param type The type of the records. Default: {@code SRV}.
     * @param port The port, except with SRV, whose records have their own.
     * @param refreshInterval How often to look them up. Default: {@code 30s}.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "(!has(self.type) || self.type == 'SRV') != has(self.port)",
            message = "port is needed, except with SRV, which has its own")
    public record AlertmanagerDns(
            @Required @SetList @Size(min = 1, max = 64) List<@Size(min = 1, max = 253) String> names,
            @Nullable DnsRecordType type,
            @Min(1) @Max(65535) @Nullable Integer port,
            @PrometheusDuration @Nullable String refreshInterval) {

        public AlertmanagerDns {
            names = Immutable.list(names);
        }
    }
}
