package io.narthex.compiler.config;

/** One of a field's few allowed values. */
interface Token {

    /** Returns the value as it stands in the configuration; never in need of quotes. */
    String text();

    /** Returns which releases know the value. */
    default Gate gate() {
        return Gate.ALWAYS;
    }
}
