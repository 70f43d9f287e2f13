package io.narthex.compiler.model;

/** How much a {@link Diagnostic} matters. */
public enum Severity {
    /** What it speaks of is left out: the resource, or the one endpoint or rule group that is wrong. */
    ERROR,
    /** It is applied, but likely not what the user meant. */
    WARNING,
    /** It is applied; the user may like to know. */
    INFO
}
