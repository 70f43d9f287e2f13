package io.narthex.status.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.MonitorStatus;
import io.narthex.api.v1alpha1.PrometheusServerStatus;
import io.narthex.api.v1alpha1.RuleSetStatus;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.source.kubernetes.JsonText;
import io.narthex.source.kubernetes.StoredObject;
import io.narthex.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of one resource, what is known to stand there of it, and what follows of both. Asks nobody and waits
 * for nothing. For one thread at a time.
 */
final class BoardEntry {

    /** After the first of these the watch has told of what was written here, too. */
    private static final Backoff MENDS = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(256));

    private static final Backoff RETRIES = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(1));

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final ResourceKey key;
    private final UnaryOperator<ResourceKey> names;

    @Nullable
    private ServerReport server;

    private final Map<ResourceKey, ResourceReport> reports = new TreeMap<>();
    private Optional<Finding> unselected = Optional.empty();
    private Optional<Diagnostic> unreadable = Optional.empty();

    private boolean writing;
    private Instant writtenAt = Instant.MIN;

    /** What is known to stand there of what is said here; none where that wasn't looked at since the start. */
    private JsonText written = JsonText.NONE;

    /** The object in whose status something was written by this operator, also before the start. */
    private String writtenTo = "";

    /** Its version since then. */
    private String version = "";

    /**
     * What of the status there is this operator's. Where part of the sum is another's alone, who said it last, the rest can't
     * stand when that one takes it away, so that the API server refuses it: whoever says the same is to own it, too.
     */
    private Shares.Owned owned;

    /** Whether it is a server that isn't this operator's any more. */
    private boolean released;

    /** Whether another operator says something of its servers there. */
    private boolean shared;

    /** Whether the status changed, and by whom isn't known yet. */
    private boolean touched;

    /** What was heard of it last while it was being written here. */
    private Optional<Heard> meanwhile = Optional.empty();

    private int mends;
    private Instant mendedAt = Instant.MIN;

    private Optional<Readiness> readiness = Optional.empty();
    /** How often writing it failed since it last succeeded. */
    private int failures;

    /** What the watch tells of a resource, and what of its status is this operator's. */
    record Heard(StoredObject object, Shares.Owned owned) {}

    /**
     * What came of comparing what is to be said with what stands there.
     *
     * @param wanted what is to stand there by this operator; a missing node for nothing
     * @param before what stood there before
     * @param write whether it is to be written now
     * @param later when it is to be looked at again, where it may wait
     * @param undone whether somebody else had changed it
     */
    record Look(JsonNode wanted, JsonNode before, boolean write, Optional<Instant> later, boolean undone) {}

    /**
     * Makes one of which nothing is to be said.
     *
     * @param names returns the one instance of a name: many resources have the same few servers
     */
    BoardEntry(ResourceKey key, UnaryOperator<ResourceKey> names) {
        this.key = key;
        this.names = names;
        // What stands in a server's status at first may be the former operator's, who takes it back.
        this.owned = new Shares.Owned(List.of(), !key.isServer());
    }

    // Each of these returns whether something else is said by that.

    boolean server(ServerReport report) {
        boolean same = report.equals(server);
        server = report;
        released = false;
        return !same;
    }

    boolean report(ResourceReport report) {
        return !report.equals(reports.put(report.server(), report));
    }

    boolean withdraw(ResourceKey from) {
        return reports.remove(from) != null;
    }

    boolean unselected(Optional<Finding> why) {
        boolean stale = owned.servers().isEmpty() && written.equals(JsonText.NONE) && !writtenTo.isEmpty();
        boolean same = unselected.equals(why) && !stale;
        unselected = why;
        return !same;
    }

    boolean unreadable(Optional<Diagnostic> why) {
        boolean same = unreadable.equals(why);
        unreadable = why;
        return !same;
    }

    /** Says that it is a server of which another operator speaks from now on, if any. */
    void release() {
        server = null;
        unreadable = Optional.empty();
        readiness = Optional.empty();
        released = true;
        owned = new Shares.Owned(owned.servers(), false);
    }

    /** Takes a release back; returns whether there was one. */
    boolean take() {
        boolean was = released;
        released = false;
        return was;
    }

    boolean isReleased() {
        return released;
    }

    /** Whether it is a server that was released, and nothing stands there of what this operator said. */
    boolean isOver() {
        return released && !writing && (writtenTo.isEmpty() || isNothing(written));
    }

    /** Whether it is said of it only that others are to speak, and nothing was said before. */
    boolean isLeftToOthers() {
        return unselected
                        .filter(finding -> finding.reason() == ConditionReason.PENDING)
                        .isPresent()
                && writtenTo.isEmpty();
    }

    /** Says that part of what stands there was written before the start. */
    void found(Heard heard) {
        written = JsonText.NONE;
        writtenTo = heard.object().uid();
        owned = named(heard.owned());
    }

    /** Whether it says something of a server that doesn't say so itself. */
    boolean remembers(ResourceKey one) {
        return owned.servers().contains(one) && !reports.containsKey(one);
    }

    /** Whether it says something of a server, or is to. */
    boolean speaksOf(ResourceKey one) {
        return owned.servers().contains(one) || reports.containsKey(one);
    }

    /** Whether what is heard now is to wait for the end of a write; it is kept until {@link #meanwhile}. */
    boolean waits(Heard heard) {
        if (writing) {
            meanwhile = Optional.of(heard);
        }
        return writing;
    }

    /** Returns what was heard while it was being written, unless that was this version; most often it was the write itself. */
    Optional<Heard> meanwhile() {
        Optional<Heard> heard = meanwhile;
        meanwhile = Optional.empty();
        return heard.filter(last -> !last.object().version().equals(version));
    }

    /** Says that something stands there by this operator that it doesn't know of. */
    void left(Heard heard) {
        written = heard.object().status();
        writtenTo = heard.object().uid();
        owned = named(heard.owned());
        touched = true;
    }

    /** Takes note of another status; returns whether it is to be looked at. */
    boolean hear(Heard heard) {
        boolean matters = server != null || !reports.isEmpty() || !writtenTo.isEmpty();
        if (!matters || heard.object().version().equals(version)) {
            return false;
        }
        if (!key.isServer()) {
            owned = new Shares.Owned(owned.servers(), heard.owned().sum());
        }
        touched = true;
        return true;
    }

    /** Returns how long what somebody else changed is left. Each time that it is changed again, another mend waits longer. */
    Duration untilMend(Instant now) {
        Duration pause = MENDS.after(mends + 1);
        if (mends > 0 && now.isAfter(mendedAt.plus(pause.multipliedBy(4)))) {
            mends = 0;
            return MENDS.first();
        }
        return pause;
    }

    /** Returns how ready it is by what is said here. */
    Optional<Readiness> readiness() {
        return readiness;
    }

    /**
     * Compares what is to be said with what stands there. Where that is to be written, {@link #wrote} or {@link #failed}
     * has to follow.
     *
     * @param stored what the watch told last
     * @param silent servers that haven't spoken since the start: what is said of them stays
     * @param today the time of day, for what is said
     * @param now the time by which it waits
     */
    Look look(StoredObject stored, Set<ResourceKey> silent, Instant today, Instant now) {
        boolean known = writtenTo.equals(stored.uid()) && !written.equals(JsonText.NONE);
        boolean foreign = known && touched && !stored.version().equals(version);
        JsonNode before = (known ? written : stored.status()).tree();
        JsonNode said = foreign ? stored.status().tree() : before;
        // Of what others say only the watch tells.
        JsonNode stands = known && !foreign && shared ? stored.status().tree() : said;
        Set<ResourceKey> others = others(stands);
        JsonNode wanted = wanted(stored, before, said, stands, others, silent, today);
        readiness = Readiness.of(wanted);
        shared = !others.isEmpty();
        boolean stays = wanted.isMissingNode() || wanted.equals(Shares.only(said, one -> !others.contains(one)));
        boolean lost = !owned.sum() && (shared || key.isServer()) && !wanted.isEmpty();
        if (stays && !lost) {
            touched = false;
            if (!wanted.isMissingNode() && (!known || foreign)) {
                note(stored, wanted.equals(said) ? stored.status() : JsonText.of(wanted), wanted, owned.sum());
                version = stored.version();
            }
            return new Look(wanted, before, false, Optional.empty(), false);
        }
        Instant countsAt = writtenAt.plusSeconds(StatusBoard.COUNTS_SECONDS);
        if (!lost && now.isBefore(countsAt) && essence(wanted).equals(essence(said))) {
            return new Look(wanted, before, false, Optional.of(countsAt), false);
        }
        writing = true;
        return new Look(wanted, before, true, Optional.empty(), foreign && !stays);
    }

    /** Says that what was to be written stands there, in which version of the object. */
    void wrote(StoredObject object, Look look, String since, Instant now) {
        writing = false;
        writtenAt = now;
        failures = 0;
        touched = false;
        note(object, JsonText.of(look.wanted()), look.wanted(), true);
        version = since;
        if (look.undone()) {
            mends++;
            mendedAt = now;
        }
    }

    /** Says that it couldn't be written; returns after what time to try again. */
    Duration failed() {
        writing = false;
        failures++;
        return RETRIES.after(failures);
    }

    private void note(StoredObject object, JsonText text, JsonNode wanted, boolean sum) {
        written = text;
        writtenTo = object.uid();
        owned = named(new Shares.Owned(Shares.servers(wanted), sum));
    }

    private Shares.Owned named(Shares.Owned of) {
        return new Shares.Owned(of.servers().stream().map(names).toList(), of.sum());
    }

    /** Returns those servers of which other operators speak. */
    private Set<ResourceKey> others(JsonNode status) {
        Set<ResourceKey> others = new HashSet<>(Shares.servers(status));
        others.removeAll(reports.keySet());
        owned.servers().forEach(others::remove);
        return others;
    }

    /** Returns what is to stand there by this operator; a missing node for nothing. */
    private JsonNode wanted(
            StoredObject object,
            JsonNode before,
            JsonNode said,
            JsonNode stands,
            Set<ResourceKey> others,
            Set<ResourceKey> silent,
            Instant today) {
        Set<ResourceKey> kept = new HashSet<>(owned.servers());
        kept.retainAll(silent);
        kept.removeAll(reports.keySet());
        boolean takes = server != null || !reports.isEmpty() || !kept.isEmpty();
        if (!takes && (!others.isEmpty() || (unselected.isEmpty() && unreadable.isEmpty()))) {
            // What stands there may be another operator's, who takes it.
            boolean stays = key.isServer() && !released;
            return stays || !writtenTo.equals(object.uid()) || isNothing(written)
                    ? JSON.missingNode()
                    : JSON.createObjectNode();
        }
        JsonNode there = Shares.with(
                Shares.only(said, one -> kept.contains(one) || reports.containsKey(one)), stands, others::contains);
        Object status = switch (key.kind()) {
            case ApiKinds.SERVER -> {
                PrometheusServerStatus mine = bind(before, PrometheusServerStatus.class);
                yield server != null
                        ? Statuses.of(server, mine, today)
                        : unreadable
                                .map(why -> Statuses.unreadable(why, object.generation(), mine, today))
                                .orElse(null);
            }
            case ApiKinds.MONITOR ->
                Statuses.monitor(
                        object.generation(),
                        reports.values(),
                        kept,
                        unreadable,
                        unselected,
                        bind(there, MonitorStatus.class),
                        today);
            default ->
                Statuses.ruleSet(
                        object.generation(),
                        reports.values(),
                        kept,
                        unreadable,
                        unselected,
                        bind(there, RuleSetStatus.class),
                        today);
        };
        if (status == null) {
            return JSON.missingNode();
        }
        // Through text, so that numbers have the types that reading gives them.
        return JsonText.of(status).tree();
    }

    private static boolean isNothing(JsonText written) {
        return written.tree().isObject() && written.tree().isEmpty();
    }

    private static <T> @Nullable T bind(JsonNode there, Class<T> type) {
        try {
            return there.isMissingNode() ? null : JSON.treeToValue(there, type);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // Another release wrote it: it is written anew.
            return null;
        }
    }

    /** Leaves out what changes all the time. */
    private static JsonNode essence(JsonNode status) {
        JsonNode copy = status.deepCopy();
        strip(copy);
        return copy;
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(List.of("targets", "alertmanagers", "lastError", "message"));
            object.properties().forEach(field -> strip(field.getValue()));
        } else if (node instanceof ArrayNode array) {
            array.forEach(BoardEntry::strip);
        }
    }
}
