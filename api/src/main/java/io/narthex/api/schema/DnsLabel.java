package io.narthex.api.schema;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A DNS label (RFC 1123): the name of a namespace or of an endpoint. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
@Pattern("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")
@Size(min = 1, max = 63)
public @interface DnsLabel {}
