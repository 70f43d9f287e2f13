/**
 * What a Kubernetes cluster declares. Enters: the API server's watches of PrometheusServers, Monitors, RuleSets and
 * namespaces, and single Secrets on demand. Leaves: immutable {@link io.narthex.source.kubernetes.ClusterState}s whose
 * versions share what they have in common. It must not know what is made of them.
 */
@NullMarked
package io.narthex.source.kubernetes;

import org.jspecify.annotations.NullMarked;
