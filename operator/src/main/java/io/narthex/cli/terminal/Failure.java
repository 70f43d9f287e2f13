package io.narthex.cli.terminal;

/**
 * Ends a command with one clear line on standard error, for what is no bug: a wrong argument, a missing program.
 *
 * <p>Carries no stack trace, since none is ever shown.
 */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String remedy;

    private Failure(ExitCode exitCode, String message, String remedy) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.remedy = remedy;
    }

    /** The command line is wrong. */
    public static Failure usage(String message, String remedy) {
        return new Failure(ExitCode.USAGE, message, remedy);
    }

    /** Something around Narthex is missing or in the way. */
    public static Failure environment(String message, String remedy) {
        return new Failure(ExitCode.ENVIRONMENT, message, remedy);
    }

    /** The answer is no. */
    public static Failure no(String message, String remedy) {
        return new Failure(ExitCode.NO, message, remedy);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** Returns what to do, an imperative phrase; may be empty. */
    public String remedy() {
        return remedy;
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
