package io.narthex.compiler.frontend;

import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.value.NameScheme;
import org.jspecify.annotations.Nullable;

/**
 * Which names are valid in one place.
 *
 * @param labels the names of labels
 * @param relabeling the names that relabeling writes
 * @param rules the names that recording rules write
 */
record Names(NameScheme labels, NameScheme relabeling, NameScheme rules) {

    /** Returns what holds for a release where {@code chosen} is asked for; null for nothing. */
    static Names of(Dialect dialect, @Nullable NameScheme chosen) {
        return chosen == NameScheme.LEGACY
                ? new Names(NameScheme.LEGACY, NameScheme.LEGACY, NameScheme.LEGACY)
                : new Names(dialect.nameScheme(), dialect.relabelScheme(), dialect.ruleNameScheme());
    }
}
