package io.narthex.rollout.process;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.ResourceKey;
import java.util.Optional;
import java.util.Set;

/** The resources that a bundle was made of, and what it would be without some of them. For several threads. */
public interface Suspects {

    /** Those of a bundle of which nothing is known. */
    Suspects NONE = new Suspects() {
        @Override
        public Set<ResourceKey> resources() {
            return Set.of();
        }

        @Override
        public Optional<Bundle> without(Set<ResourceKey> excluded) {
            return Optional.empty();
        }
    };

    /** Returns the Monitors and RuleSets in the bundle. */
    Set<ResourceKey> resources();

    /** Returns the bundle without these resources; empty where there is none. */
    Optional<Bundle> without(Set<ResourceKey> excluded);
}
