/** Tests of the CRDs with a real API server, that of the testbed's control plane. */
@NullMarked
package io.narthex.api.cluster;

import org.jspecify.annotations.NullMarked;
