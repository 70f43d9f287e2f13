package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a step of relabeling does (Prometheus documentation, {@code relabel_action}). */
public enum RelabelAction {
    /** Writes {@code replacement} to {@code targetLabel} where {@code regex} matches. */
    REPLACE("replace"),
    /** Drops what {@code regex} does not match. */
    KEEP("keep"),
    /** Drops what {@code regex} matches. */
    DROP("drop"),
    /** Writes the hash of the source labels, modulo {@code modulus}, to {@code targetLabel}. */
    HASHMOD("hashmod"),
    /** Copies each label whose name {@code regex} matches to the name {@code replacement}. */
    LABELMAP("labelmap"),
    /** Removes each label whose name {@code regex} matches. */
    LABELDROP("labeldrop"),
    /** Removes each label whose name {@code regex} does not match. */
    LABELKEEP("labelkeep"),
    /** Writes the source labels in lower case to {@code targetLabel}. */
    LOWERCASE("lowercase"),
    /** Writes the source labels in upper case to {@code targetLabel}. */
    UPPERCASE("uppercase"),
    /** Drops what has a value in {@code targetLabel} other than that of the source labels. */
    KEEPEQUAL("keepequal"),
    /** Drops what has the same value in {@code targetLabel} as in the source labels. */
    DROPEQUAL("dropequal");

    private final String value;

    RelabelAction(String value) {
        this.value = value;
    }

    /** The value as it stands in JSON. */
    @JsonValue
    public String value() {
        return value;
    }

    @Override
    public String toString() {
        return value;
    }
}
