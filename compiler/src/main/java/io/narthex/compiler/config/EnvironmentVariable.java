package io.narthex.compiler.config;

/**
 * The value of a label that Prometheus takes from its environment.
 *
 * @param name the variable
 */
public record EnvironmentVariable(String name) {

    /** Returns the reference to it, as Prometheus expands it. */
    @Override
    public String toString() {
        return "${" + name + "}";
    }
}
