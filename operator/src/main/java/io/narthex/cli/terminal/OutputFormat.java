package io.narthex.cli.terminal;

/** The forms in which results are printed; named as users write them. */
@SuppressWarnings("MemberName") // picocli shows and completes the constants' names
public enum OutputFormat {
    /** For people. */
    text,
    /** For programs, with a schemaVersion. */
    json,
    /** SARIF 2.1.0, for code scanning; lint only. */
    sarif
}
