package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where a Monitor's targets come from. Exactly one field is set. The sources {@code service}, {@code pod}, {@code node}
 * and {@code ingress} ask the Kubernetes API; outside of Kubernetes the server must name one in {@code kubernetes}. A
 * source that isn't served is refused (NX1201).
 *
 * @param service The endpoints of Kubernetes Services, by their EndpointSlices.
 * @param pod Kubernetes Pods.
 * @param node Kubernetes Nodes.
 * @param ingress The hosts and paths of Kubernetes Ingresses; usually with a {@code prober}.
 * @param staticTargets Addresses, listed here.
 * @param dns DNS records.
 * @param http A URL that lists targets as JSON (Prometheus documentation, "HTTP SD").
 * @param file Files that list targets (Prometheus documentation, {@code <file_sd_config>}).
 * @param swarm Tasks of services of Docker Swarm.
 * @param docker Containers of a Docker daemon. Not served by this release.
 * @param consul Services in Consul's catalog. Not served by this release.
 * @param ec2 Instances of Amazon EC2. Not served by this release.
 * @param gce Instances of Google Compute Engine. Not served by this release.
 * @param azure Virtual machines of Microsoft Azure. Not served by this release.
 * @param other Any other service discovery of Prometheus. Not served by this release.
 */
@ValidationRule(
        value =
                "[has(self.service), has(self.pod), has(self.node), has(self.ingress), has(self.static), has(self.dns), has(self.http), has(self.file), has(self.swarm), has(self.docker), has(self.consul), has(self.ec2), has(self.gce), has(self.azure), has(self.other)].filter(x, x).size() == 1",
        message =
                "set exactly one of service, pod, node, ingress, static, dns, http, file, swarm, docker, consul, ec2, gce, azure and other")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Source(
        @Nullable ServiceSource service,
        @Nullable PodSource pod,
        @Nullable NodeSource node,
        @Nullable IngressSource ingress,
        @JsonProperty("static") @Nullable StaticSource staticTargets,
        @Nullable DnsSource dns,
        @Nullable HttpSource http,
        @Nullable FileSource file,
        @Nullable SwarmSource swarm,
        @Nullable DockerSource docker,
        @Nullable ConsulSource consul,
        @Nullable Ec2Source ec2,
        @Nullable GceSource gce,
        @Nullable AzureSource azure,
        @Nullable OtherSource other) {}
