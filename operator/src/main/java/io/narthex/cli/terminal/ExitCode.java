package io.narthex.cli.terminal;

/** The exit codes of all commands. A promise to scripts: none is given another meaning. */
public enum ExitCode {
    /** Done, clean, equal. */
    OK(0, "done, clean, equal"),
    /** The answer is no. */
    NO(1, "the answer is no: lint found errors, diff found changes, targets are down under --fail-down"),
    /** The command line is wrong. */
    USAGE(2, "the command line is wrong"),
    /** Something around Narthex is missing or in the way. */
    ENVIRONMENT(3, "the environment: no Prometheus, port in use, no access, nothing there"),
    /** A bug in Narthex. */
    INTERNAL(4, "a bug in narthex"),
    /** Ended by SIGINT. */
    INTERRUPTED(130, "ended by SIGINT (Ctrl-C)"),
    /** Ended by SIGTERM. */
    TERMINATED(143, "ended by SIGTERM");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** Returns the number that the process ends with. */
    public int number() {
        return number;
    }

    /** Returns what it means, a phrase without a capital or a full stop. */
    public String meaning() {
        return meaning;
    }
}
