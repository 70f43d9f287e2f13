package io.narthex.api.schema;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A number of bytes as Prometheus writes it, such as {@code 512MB}: B, KB, MB, GB, TB, PB, EB, or with an i ({@code
 * 512MiB}), all in powers of 1024; or {@code 0} (Prometheus documentation, "Configuration", {@code <size>}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
@Pattern(ByteSize.PATTERN)
@Size(min = 1, max = 32)
public @interface ByteSize {

    /** The regular expression, in RE2 syntax. */
    String PATTERN = "^(0|[0-9]+(\\.[0-9]+)?([KMGTPE]i?)?B)$";
}
