package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens.
 *
 * @param address The address. Default: {@code 127.0.0.1} for {@code narthex run}, elsewhere all addresses.
 * @param port The port. Default: 9090.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Listen(
        @Pattern("^[0-9A-Za-z.:%_-]+$") @Size(min = 1, max = 253) @Nullable
        String address,

        @Min(1) @Max(65535) @Nullable Integer port) {}
