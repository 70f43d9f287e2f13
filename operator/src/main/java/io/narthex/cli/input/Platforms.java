package io.narthex.cli.input;

import io.narthex.cli.terminal.Failure;
import java.util.Locale;

/** What this operating system can do. */
public final class Platforms {

    private Platforms() {}

    /** Returns whether Narthex runs Prometheus here: on Linux and macOS, which have SIGHUP. */
    public static boolean runsPrometheus() {
        return !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    }

    /** Ends a command that can't do its work here. */
    public static void require(String command) {
        if (!runsPrometheus()) {
            throw Failure.environment(
                    "narthex " + command + " needs Linux or macOS",
                    "lint, render and diff work here; for the rest use WSL");
        }
    }
}
