package io.narthex.rollout.process;

import io.narthex.prometheus.Answer;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.ReloadState;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Release;
import io.narthex.rollout.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The driver of a Prometheus that somebody else runs, and that reads its configuration from a folder which it shares with
 * Narthex. Its process is nobody's business here: it is neither started nor stopped. For one thread.
 */
final class OfferedPrometheus extends FolderDriver {

    private final Path folder;
    private @Nullable PrometheusEndpoint endpoint;
    private Optional<String> unclear = Optional.empty();

    OfferedPrometheus(Path folder, Path lastGood) {
        super(folder, lastGood);
        this.folder = folder;
    }

    /** Says where it is. */
    void find(PrometheusEndpoint where) {
        if (!where.equals(endpoint)) {
            client.ifPresent(PrometheusClient::close);
            client = Optional.of(new PrometheusClient(where, ClientLimits.DEFAULT));
            endpoint = where;
        }
    }

    @Override
    public Status inWords(Status status) {
        return status.reason() == Reason.RELOAD_UNCLEAR && unclear.isPresent()
                ? withDetail(status, unclear.get())
                : super.inWords(status);
    }

    @Override
    Instance instance(SortedMap<String, Arrived> files) {
        Run run = run(readiness());
        Optional<ReloadState> state = run == Run.READY ? reloadState() : Optional.empty();
        return new Instance(
                run,
                state.flatMap(ReloadState::processStart).map(Instant::toString).orElse(""),
                // Its flags are its owner's.
                desired().map(Release::restartKey),
                files,
                run == Run.READY ? marker() : Optional.empty(),
                state.map(FolderDriver::lastReload),
                answer,
                Optional.empty());
    }

    @Override
    ReloadOutcome reload() {
        unclear = Optional.empty();
        if (client.isEmpty()) {
            return unknown("nobody knows where it is");
        }
        return switch (client.get().reload()) {
            case Answer.Ok<Boolean> done -> new ReloadOutcome.Accepted();
            case Answer.Refused<Boolean>(int status, String message)
            when status == 403 ->
                unknown("it was started without --web.enable-lifecycle, so Narthex can't have it load"
                        + " what changed: add that flag, or replace its container");
            case Answer.Refused<Boolean>(int status, String message)
            when status == 500 -> new ReloadOutcome.Refused(words(message));
            case Answer.Failure<Boolean> failure -> unknown("its reload isn't answered: " + failure.reason());
        };
    }

    /** What only shows when it is applied is told in the log alone (source: cmd/prometheus/main.go, reloadConfig). */
    private String words(String message) {
        String text = Messages.shortened(
                message.replaceFirst("^failed to reload config: ", "")
                        .replaceFirst(" ?\\(--config\\.file=[^)]*\\)", ""),
                folder);
        return text.startsWith("one or more errors occurred") ? text + "; its log says why" : text;
    }

    private ReloadOutcome unknown(String why) {
        unclear = Optional.of(why);
        return new ReloadOutcome.Unknown(why);
    }

    @Override
    void start(Version version) throws IOException {
        throw new IOException("its owner starts it");
    }

    @Override
    void restart(Version version) throws IOException {
        throw new IOException("its owner restarts it");
    }
}
