package io.narthex.api.schema;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A duration as Prometheus writes it: whole numbers with the units y, w, d, h, m, s and ms, each at most once, from
 * the largest to the smallest, such as {@code 1h30m}; or {@code 0} (Prometheus documentation, "Configuration",
 * {@code <duration>}). Neither fractions nor signs. A year is 365 days.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
@Pattern(PrometheusDuration.PATTERN)
@Size(min = 1, max = 64)
public @interface PrometheusDuration {

    /** The regular expression, in RE2 syntax. */
    String PATTERN = "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$";
}
