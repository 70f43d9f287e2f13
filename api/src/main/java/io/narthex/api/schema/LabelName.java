package io.narthex.api.schema;

import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name of a Prometheus label. Which characters it may have depends on the release: from 3.0 all of UTF-8, before
 * that {@code [a-zA-Z_][a-zA-Z0-9_]*}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
@Size(min = 1, max = 256)
public @interface LabelName {}
