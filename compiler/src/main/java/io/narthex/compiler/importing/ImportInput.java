package io.narthex.compiler.importing;

import java.util.Map;
import java.util.Optional;

/**
 * What is imported.
 *
 * @param config the configuration of Prometheus
 * @param ruleFiles the rule files that it names, by the path that they are found at
 * @param compose the compose or stack file that starts Prometheus; empty for none
 * @param environment the variables for the compose file, those of {@code .env} among them
 * @param stack the name of the stack; empty for the compose file's own {@code name}, if it has one
 * @param fix whether fields whose names are nearly right are taken as meant
 */
public record ImportInput(
        Source config,
        Map<String, byte[]> ruleFiles,
        Optional<Source> compose,
        Map<String, String> environment,
        Optional<String> stack,
        boolean fix) {

    /** A file. Immutable. */
    public static final class Source {

        private final String name;
        private final byte[] content;

        /**
         * Makes one.
         *
         * @param name the file as the user named it
         * @param content its bytes, which are copied
         */
        public Source(String name, byte[] content) {
            this.name = name;
            this.content = content.clone();
        }

        /** Returns the file as the user named it. */
        public String name() {
            return name;
        }

        /** Returns a copy of its bytes. */
        public byte[] content() {
            return content.clone();
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
