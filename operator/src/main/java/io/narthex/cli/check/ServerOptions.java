package io.narthex.cli.check;

import io.narthex.cli.terminal.Failure;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.reconcile.local.ServerChoice;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server of the input is meant, and which Prometheus it is compiled for. */
public final class ServerOptions {

    @Option(
            names = "--server",
            paramLabel = "NAME",
            description = "The PrometheusServer meant, where the input declares several.")
    private @Nullable String server;

    @Option(
            names = "--prometheus-version",
            paramLabel = "VERSION",
            description =
                    "The Prometheus to write for, such as 2.55. Default: what the PrometheusServer names, else the"
                            + " newest known.")
    private @Nullable String version;

    public ServerChoice choice() {
        return new ServerChoice(Optional.ofNullable(server));
    }

    /** Returns the version asked for; empty for none. */
    public Optional<PrometheusVersion> version() {
        return Optional.ofNullable(version).map(ServerOptions::parse);
    }

    private static PrometheusVersion parse(String text) {
        PrometheusVersion version = PrometheusVersion.parse(text)
                .orElseThrow(() -> Failure.usage(text + " is no version of Prometheus", "write it as 2.55 or 3.16.0"));
        if (version.compareTo(PrometheusVersion.OLDEST) < 0) {
            throw Failure.usage(
                    "Prometheus " + text + " is older than Narthex supports",
                    "name " + PrometheusVersion.OLDEST.major() + "." + PrometheusVersion.OLDEST.minor() + " or later");
        }
        return version;
    }
}
