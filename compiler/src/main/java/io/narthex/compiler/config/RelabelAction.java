package io.narthex.compiler.config;

/** What a rule of relabeling does ("relabel_action" of the Prometheus documentation). */
public enum RelabelAction implements Token {
    /** Writes the replacement to the target label where the expression matches. */
    REPLACE("replace", Gate.ALWAYS),
    /** Drops what the expression does not match. */
    KEEP("keep", Gate.ALWAYS),
    /** Drops what the expression matches. */
    DROP("drop", Gate.ALWAYS),
    /** Drops what differs from the target label. */
    KEEPEQUAL("keepequal", Gate.ALWAYS),
    /** Drops what equals the target label. */
    DROPEQUAL("dropequal", Gate.ALWAYS),
    /** Writes the hash of the values, modulo a number, to the target label. */
    HASHMOD("hashmod", Gate.ALWAYS),
    /** Copies labels whose name matches to the name that the replacement makes. */
    LABELMAP("labelmap", Gate.ALWAYS),
    /** Removes labels whose name matches. */
    LABELDROP("labeldrop", Gate.ALWAYS),
    /** Removes labels whose name does not match. */
    LABELKEEP("labelkeep", Gate.ALWAYS),
    /** Writes the values in lower case to the target label. */
    LOWERCASE("lowercase", Gate.ALWAYS),
    /** Writes the values in upper case to the target label. */
    UPPERCASE("uppercase", Gate.ALWAYS);

    private final String text;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    RelabelAction(String text, Gate gate) {
        this.text = text;
        this.gate = gate;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Gate gate() {
        return gate;
    }
}
