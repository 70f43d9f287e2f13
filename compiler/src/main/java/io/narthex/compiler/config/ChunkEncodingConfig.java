package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * How chunks are encoded.
 *
 * @param floats {@code xor} or {@code xor2}; from 3.13 on
 */
public record ChunkEncodingConfig(@Nullable String floats) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.CHUNK_ENCODING_FLOATS, floats);
    }
}
