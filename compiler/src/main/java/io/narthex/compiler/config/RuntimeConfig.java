package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * Settings of the process ("runtime" of the Prometheus documentation).
 *
 * @param gogc Go's garbage collection target in percent; 75 where not given; from 2.53 on
 * @param logLevel {@code debug}, {@code info}, {@code warn} or {@code error}; from 3.15 on
 */
public record RuntimeConfig(@Nullable Long gogc, @Nullable String logLevel) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.RUNTIME_GOGC, gogc);
        out.write(ConfigField.RUNTIME_LOG_LEVEL, logLevel);
    }
}
