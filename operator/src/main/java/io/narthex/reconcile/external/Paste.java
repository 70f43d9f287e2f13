package io.narthex.reconcile.external;

import io.narthex.compiler.model.Bundle;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.ReloadState;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Status;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somebody pastes what {@code narthex snippet} prints. That it is loaded shows the marker of its generation in the running
 * configuration, which is all that Narthex asks the server for. For one thread.
 */
public final class Paste implements Handover {

    private static final Pattern MARKER = Pattern.compile("generation-([0-9a-f]{16})-\\*\\.none");

    private @Nullable PrometheusEndpoint endpoint;
    private @Nullable PrometheusClient client;
    private @Nullable Bundle offered;

    @Override
    public boolean isByHand() {
        return true;
    }

    @Override
    public boolean isFirst() {
        return false;
    }

    @Override
    public void offer(Bundle bundle, PrometheusEndpoint where, Function<Refusal, List<Culprit>> suspects) {
        offered = bundle;
        if (!where.equals(endpoint)) {
            close();
            endpoint = where;
            client = new PrometheusClient(where, ClientLimits.DEFAULT);
        }
    }

    @Override
    public Status look() {
        PrometheusClient asked = client;
        Bundle bundle = offered;
        if (asked == null || bundle == null) {
            return status(Status.Phase.WAITING, Reason.NOTHING_DESIRED, "there is nothing to paste yet");
        }
        Answer<Readiness> readiness = asked.readiness();
        if (readiness instanceof Answer.Failure<Readiness> failure) {
            return unreachable(failure.reason());
        }
        if (!(readiness instanceof Answer.Ok<Readiness>(Readiness.Ready ready))) {
            return status(Status.Phase.PROGRESSING, Reason.STARTING, "the server isn't ready yet");
        }
        Answer<String> config = asked.loadedConfig();
        Answer<ReloadState> reload = asked.reloadState();
        if (config instanceof Answer.Failure<String> failure) {
            return unreachable(failure.reason());
        }
        if (reload instanceof Answer.Failure<ReloadState> failure) {
            return unreachable(failure.reason());
        }
        boolean successful = reload.toOptional().map(ReloadState::successful).orElse(false);
        return judge(bundle, config.toOptional().orElse(""), successful);
    }

    private static Status judge(Bundle bundle, String config, boolean successful) {
        boolean loaded = config.contains(bundle.marker());
        if (loaded && successful) {
            return new Status(
                    Status.Phase.READY,
                    Reason.VERIFIED,
                    "",
                    Optional.of(bundle.generation()),
                    Optional.empty(),
                    List.of());
        }
        if (!successful) {
            return status(
                    Status.Phase.UNVERIFIED,
                    Reason.RELOAD_UNCLEAR,
                    "the server refused its configuration at the last reload and runs the one before:"
                            + " promtool check config, or its log, says why");
        }
        Matcher other = MARKER.matcher(config);
        String name = bundle.server().namespace() + "/" + bundle.server().name();
        return status(
                Status.Phase.WAITING,
                Reason.ARRIVING,
                (other.find()
                                ? "the server runs generation " + other.group(1) + ", an earlier one than "
                                        + bundle.generation() + ": paste again what"
                                : "the running configuration doesn't hold generation " + bundle.generation()
                                        + ": paste what")
                        + " narthex snippet " + name + " prints into its prometheus.yml, then reload it");
    }

    private static Status unreachable(String why) {
        return status(Status.Phase.UNVERIFIED, Reason.UNREACHABLE, "what the server runs can't be told: " + why);
    }

    private static Status status(Status.Phase phase, Reason reason, String detail) {
        return new Status(phase, reason, detail, Optional.empty(), Optional.empty(), List.of());
    }

    @Override
    public void close() {
        PrometheusClient open = client;
        if (open != null) {
            open.close();
        }
        client = null;
        endpoint = null;
    }
}
