package io.narthex.compiler.config;

import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.config.value.PrometheusDuration;
import org.jspecify.annotations.Nullable;

/**
 * What is kept, from 3.11 in the file: 3.8 to 3.10 take the time 1,000,000 times too long.
 *
 * @param time how long samples are kept; from 3.11 on
 * @param size how many bytes are kept; from 3.11 on
 * @param percentage which part of the disk is used, from 0 to 100; overrides the size; from 3.11 on
 */
public record RetentionConfig(
        @Nullable PrometheusDuration time,
        @Nullable ByteSize size,
        @Nullable Double percentage) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.RETENTION_TIME, time);
        out.write(ConfigField.RETENTION_SIZE, size);
        out.write(ConfigField.RETENTION_PERCENTAGE, percentage);
    }
}
