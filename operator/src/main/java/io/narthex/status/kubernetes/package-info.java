/**
 * What users of Kubernetes are told. Enters: what became of each resource. Leaves: the status of PrometheusServers,
 * Monitors and RuleSets, written only where it says something else than before. It must not know who compiles and rolls
 * out.
 */
@NullMarked
package io.narthex.status.kubernetes;

import org.jspecify.annotations.NullMarked;
