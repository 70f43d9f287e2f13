/**
 * The whole product on a cluster: the image, the chart, {@code kubectl}, and a Prometheus that is asked what it scrapes.
 * Enters: a cluster, chosen by {@code NARTHEX_E2E_CLUSTER}. Leaves: nothing. Knows Narthex as its users do, by its
 * resources, and none of its classes.
 */
package io.narthex.e2e;
