package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * Where exemplars are kept.
 *
 * @param maxExemplars how many; 100000 where not given; needs the feature exemplar-storage
 */
public record ExemplarsConfig(@Nullable Long maxExemplars) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.EXEMPLARS_MAX_EXEMPLARS, maxExemplars);
    }
}
