package io.narthex.rollout.process;

import io.narthex.compiler.model.Bundle;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.ReloadState;
import io.narthex.prometheus.Unanswered;
import io.narthex.rollout.Action;
import io.narthex.rollout.Driver;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.LastReload;
import io.narthex.rollout.Instance.ReloadAnswer;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Release;
import io.narthex.rollout.Status;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A driver of one Prometheus that reads its configuration from a folder of this machine: writes the files, keeps what was
 * good, looks into Prometheus by its API. For one thread.
 */
abstract class FolderDriver implements Driver, AutoCloseable {

    /** The one instance's name. */
    static final String INSTANCE = "prometheus";

    private final ConfigFolder config;
    private final Memory memory;

    /** What asks Prometheus; empty while nothing is known of where it is. */
    Optional<PrometheusClient> client = Optional.empty();
    /** What came of the last reload. */
    Optional<ReloadAnswer> answer = Optional.empty();

    private Optional<Version> desired = Optional.empty();
    private Optional<String> failure = Optional.empty();
    private Optional<Observed.Checked> checked = Optional.empty();
    private final Unanswered unanswered = new Unanswered();

    /**
     * Makes a driver.
     *
     * @param folder where Prometheus's files lie
     * @param lastGood where the configuration is kept that it took last
     */
    FolderDriver(Path folder, Path lastGood) {
        config = new ConfigFolder(folder);
        memory = new Memory(lastGood);
    }

    void desire(Bundle bundle) {
        desired = Optional.of(Version.of(bundle));
    }

    /** Returns whether there is a configuration that Prometheus took. */
    final boolean hasLastGood() {
        return memory.lastGood().isPresent();
    }

    @Override
    public Optional<Release> desired() {
        return desired.map(Version::release);
    }

    /** The engine knows only that Prometheus can't be looked into; why is what helps its user. */
    @Override
    public Status inWords(Status status) {
        return unanswered
                .reason()
                .filter(why -> status.reason() == Reason.UNREACHABLE)
                .map(why -> withDetail(status, why))
                .orElse(status);
    }

    static Status withDetail(Status status, String detail) {
        return new Status(
                status.phase(), status.reason(), detail, status.verified(), status.refusal(), status.culprits());
    }

    @Override
    public Observed observe(Optional<Observed.Found> found) throws InterruptedException {
        SortedMap<String, Arrived> files;
        try {
            files = config.look();
        } catch (IOException e) {
            return new Observed(
                    Optional.empty(), new TreeMap<>(), Optional.of(words(e)), Optional.empty(), Optional.empty());
        }
        TreeMap<String, String> digests = new TreeMap<>();
        files.forEach((path, file) -> digests.put(path, file.digest()));
        Observed.Kept kept =
                new Observed.Kept(config.version(), digests, memory.lastGood().map(Version::release), memory.refusal());
        TreeMap<String, Instance> instances = new TreeMap<>();
        instances.put(INSTANCE, instance(files));
        return new Observed(Optional.of(kept), instances, failure, checked, found);
    }

    /** Returns what is seen of Prometheus, which sees these files. */
    abstract Instance instance(SortedMap<String, Arrived> files) throws InterruptedException;

    /** Has Prometheus load what lies in the folder, and returns what came of it. */
    abstract ReloadOutcome reload() throws InterruptedException;

    /** Starts a Prometheus that doesn't run. */
    abstract void start(Version version) throws IOException, InterruptedException;

    /** Stops Prometheus, and starts it. */
    abstract void restart(Version version) throws IOException, InterruptedException;

    static LastReload lastReload(ReloadState state) {
        return new LastReload(
                state.successful(), state.lastSuccess().map(Instant::toString).orElse(""));
    }

    /** Asks how far it is: the first question of a look. Why any isn't answered is remembered for {@link #inWords}. */
    final Answer<Readiness> readiness() {
        unanswered.clear();
        Answer<Readiness> readiness = client.<Answer<Readiness>>map(PrometheusClient::readiness)
                .orElseGet(() -> new Answer.Unreachable<>(Answer.Obstacle.UNKNOWN_HOST, "it isn't known where it is"));
        unanswered.heard(readiness);
        return readiness;
    }

    /** Asks how its last reload went. */
    final Optional<ReloadState> reloadState() {
        return client.flatMap(asked -> unanswered.heard(asked.reloadState()));
    }

    static Run run(Answer<Readiness> readiness) {
        return switch (readiness) {
            case Answer.Ok<Readiness>(Readiness.Ready ready) -> Run.READY;
            case Answer.Ok<Readiness>(Readiness.Starting starting) ->
                starting.isReplaying() ? Run.REPLAYING_WAL : Run.STARTING;
            case Answer.Ok<Readiness>(Readiness.Stopping stopping) -> Run.STARTING;
            case Answer.Failure<Readiness> failed -> Run.UNREACHABLE;
        };
    }

    /** Asks for the markers that may stand there; which other one stands there is of no use. */
    final Optional<String> marker() {
        List<String> markers = Stream.concat(desired.stream(), memory.lastGood().stream())
                .map(version -> version.release().marker())
                .distinct()
                .toList();
        return client.flatMap(asked -> unanswered.heard(asked.loadedConfigHolds(markers)))
                .flatMap(found -> found);
    }

    @Override
    public void execute(Action action) throws InterruptedException {
        failure = Optional.empty();
        try {
            carryOut(action);
        } catch (IOException e) {
            failure = Optional.of(words(e));
        }
    }

    private void carryOut(Action action) throws IOException, InterruptedException {
        switch (action) {
            // Prometheus itself loads a configuration wholly before it applies any of it.
            case Action.Check(Release release) ->
                checked = Optional.of(new Observed.Checked(release.id(), Optional.empty()));
            case Action.PublishParts(Release release, String version, var obsolete, var mayBringIndex) ->
                config.publish(release.beforeIndex(), content());
            case Action.PublishIndex(Release release, String version) -> config.publish(release.withIndex(), content());
            case Action.Prune(Release release, var spared, String version) -> config.prune(release, spared);
            case Action.KeepLastGood(Release release, String version) -> memory.keep(version(release));
            case Action.NoteRefusal(var refusal) -> memory.note(refusal);
            case Action.Reload(long token, var instances) -> answer = Optional.of(new ReloadAnswer(token, reload()));
            case Action.Start(String instance, Release release) -> start(version(release));
            case Action.Restart(String instance, Release release) -> restart(version(release));
            // A file is there when it is written; searching and waiting are the loop's.
            case Action.Nudge nudge -> {}
            case Action.FindCulprit find -> {}
            case Action.Wait wait -> {}
        }
    }

    private Content content() {
        Content nothing = (path, digest, target) -> false;
        return desired.map(Version::content)
                .orElse(nothing)
                .or(memory.lastGood().map(Version::content).orElse(nothing));
    }

    /** Returns how to run a release: with the flags of the version that it is, or that it came from. */
    private Version version(Release release) throws IOException {
        Version base = desired.filter(v -> v.release().configuration().equals(release.configuration()))
                .or(() -> memory.lastGood()
                        .filter(v -> v.release().configuration().equals(release.configuration())))
                .orElseThrow(() -> new IOException("generation " + release.generation() + " isn't at hand"));
        return new Version(release, base.flags(), base.address(), content());
    }

    private static String words(IOException e) {
        return e instanceof FileSystemException fs
                ? fs.getFile() + ": " + Optional.ofNullable(fs.getReason()).orElse("can't be written")
                : String.valueOf(e.getMessage());
    }

    @Override
    public void close() {
        client.ifPresent(PrometheusClient::close);
    }
}
