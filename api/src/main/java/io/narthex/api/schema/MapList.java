package io.narthex.api.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A list whose elements are told apart by the value of some of their fields; each combination occurs once. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface MapList {

    /** The keys, by their names in JSON. Each is required or has a default. */
    String[] value();
}
