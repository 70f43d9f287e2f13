package io.narthex.cli.input;

import io.narthex.cli.terminal.Failure;

/** Checks names of operators: an empty one would mean those of all, since Docker takes it for no filter. */
public final class InstanceName {

    private InstanceName() {}

    /**
     * Returns the name that {@code --instance} gives.
     *
     * @throws Failure where it is none
     */
    public static String of(String text) {
        if (!text.matches("[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?")) {
            throw Failure.usage(
                    "--instance " + (text.isEmpty() ? "is empty" : text + " is no name")
                            + ": 1 to 20 small letters, digits and dashes are allowed",
                    "name it such as staging, or leave --instance out for narthex");
        }
        return text;
    }
}
