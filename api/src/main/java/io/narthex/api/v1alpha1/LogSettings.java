package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The server's log.
 *
 * @param level How much is logged. Default: {@code info}.
 * @param format How it is written. Default: {@code logfmt}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record LogSettings(
        @Nullable LogLevel level, @Nullable LogFormat format) {}
