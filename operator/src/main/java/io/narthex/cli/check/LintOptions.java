package io.narthex.cli.check;

import io.narthex.cli.print.SourceLines;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Output;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who checks PromQL, and what is good enough. */
public final class LintOptions {

    @Option(
            names = "--prometheus",
            paramLabel = "FILE",
            description = "The Prometheus whose promtool checks PromQL. Default: $PROMETHEUS, else in $PATH.")
    private @Nullable String prometheus;

    @Option(names = "--url", paramLabel = "URL", description = "Have PromQL checked by the Prometheus there.")
    private @Nullable String url;

    @Option(names = "--strict", description = "End with 1 where there are warnings, too.")
    private boolean strict;

    /** Returns the program beside which promtool is. */
    public Optional<String> prometheus() {
        return Optional.ofNullable(prometheus);
    }

    /** Returns where a Prometheus answers. */
    public Optional<String> url() {
        return Optional.ofNullable(url);
    }

    /** Prints a report and returns the exit code. */
    public int end(Output output, LintReport report, SourceLines lines) {
        report.print(output, lines, strict);
        return (report.isClean(strict) ? ExitCode.OK : ExitCode.NO).number();
    }
}
