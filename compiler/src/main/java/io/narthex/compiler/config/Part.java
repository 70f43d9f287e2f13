package io.narthex.compiler.config;

/** A mapping of the configuration, or some entries of one. */
interface Part {

    /** Writes the entries that are set, in their fixed order. */
    void writeTo(ConfigWriter out);
}
