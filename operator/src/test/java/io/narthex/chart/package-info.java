/** Tests of what the Helm chart grants. */
package io.narthex.chart;
