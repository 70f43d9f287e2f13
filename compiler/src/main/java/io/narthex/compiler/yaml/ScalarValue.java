package io.narthex.compiler.yaml;

import java.math.BigInteger;

/** What a scalar means, by the rules that Kubernetes' clients read YAML with. */
sealed interface ScalarValue {

    /** Returns the type in words, with its article. */
    String words();

    /** No value. */
    enum Null implements ScalarValue {
        INSTANCE;

        @Override
        public String words() {
            return "nothing";
        }
    }

    /**
     * A text.
     *
     * @param value its characters
     */
    record Text(String value) implements ScalarValue {
        @Override
        public String words() {
            return "a text";
        }
    }

    /**
     * A truth value.
     *
     * @param value whether it is true
     */
    record Bool(boolean value) implements ScalarValue {
        @Override
        public String words() {
            return "a boolean";
        }
    }

    /**
     * An integer.
     *
     * @param value its value
     */
    record Int(BigInteger value) implements ScalarValue {
        @Override
        public String words() {
            return "a number";
        }
    }

    /**
     * A number with a fraction or an exponent; may be infinite or not a number.
     *
     * @param value its value
     */
    record Decimal(double value) implements ScalarValue {
        @Override
        public String words() {
            return "a number";
        }
    }
}
