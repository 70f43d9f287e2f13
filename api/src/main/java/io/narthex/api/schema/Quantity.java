package io.narthex.api.schema;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A Kubernetes quantity, such as {@code 50Gi} or {@code 500m}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
@Pattern("^[0-9]+(\\.[0-9]+)?(m|k|[KMGTPE]i|[MGTPE])?$")
@Size(min = 1, max = 32)
public @interface Quantity {}
