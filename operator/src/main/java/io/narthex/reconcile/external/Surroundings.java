package io.narthex.reconcile.external;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.swarm.SwarmState;
import java.util.Optional;
import java.util.SortedMap;

/** What surrounds a server that somebody else runs. From any thread, but for {@link #token}. */
public interface Surroundings {

    /** What is needed can't be had now; the message says why, on one line. */
    final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        /** Makes one. */
        public Unavailable(String message) {
            super(message, null, false, false);
        }
    }

    /** Returns where Narthex works. */
    Platform platform();

    /** Returns what is declared. */
    Inventory inventory();

    /**
     * Returns what stands behind the services, as the server in question reaches it; empty while nothing sure is known.
     * What didn't change is the very same.
     */
    Optional<SwarmState> state(PrometheusServerSpec spec);

    /** Returns where the server asks for targets, without a path; empty where it can't reach this operator. */
    Optional<String> url();

    /** Returns the server's token, or what stands in its place where nobody knows its content; makes it at need. */
    SecretValue token() throws Unavailable, InterruptedException;

    /** Returns whether this is a token of the server. */
    boolean accepts(String token);

    /** Returns the names of the Docker secrets that hold credentials, by the paths at which the bundle names them. */
    SortedMap<String, String> secrets();

    /** Returns what keeps it from working, in words; empty where nothing does. */
    Optional<String> obstacle(PrometheusServerSpec spec);
}
