package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.Release;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of parts where there is no room; {@code ConfigSecretsIT} has the rest, before a real API server. */
class ConfigSecretsTest {

    private static final ObjectNames NAMES = ObjectNames.of(new ResourceKey("PrometheusServer", "shop", "main"));
    private static final OwnerReference OWNER =
            new OwnerReferenceBuilder().withUid("7d0c").build();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Two don't fit into one Secret. */
    private static final byte[] PART = "#".repeat(500_000).getBytes(StandardCharsets.UTF_8);

    private static final String WEB = "web.yml";

    private final Map<String, ObjectNode> there = new TreeMap<>();
    private int version;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private StubApiServer server;
    private ConfigSecrets secrets;

    @BeforeEach
    void begin() throws IOException {
        server = new StubApiServer(this::answer);
        secrets = started();
    }

    @AfterEach
    void end() {
        server.close();
    }

    private ConfigSecrets started() {
        ConfigSecrets started =
                new ConfigSecrets(server.client(), NAMES, OWNER, () -> now, RandomGenerator.getDefault(), true);
        started.refresh();
        return started;
    }

    // An API server that knows Secrets.

    private Answer answer(Request request) {
        String name = request.path().replaceFirst("^/api/v1/namespaces/shop/secrets/?", "");
        try {
            return switch (request.method()) {
                case "GET" -> name.isEmpty() ? list() : one(name);
                case "POST" -> {
                    ObjectNode created = (ObjectNode) JSON.readTree(request.body());
                    there.put(created.at("/metadata/name").asText(), created);
                    yield written(created);
                }
                case "PATCH" -> {
                    if (!request.isForMetadata()) {
                        yield Answer.refusal(406, "{}");
                    }
                    ObjectNode changed = there.getOrDefault(name, JSON.createObjectNode());
                    JsonNode patch = JSON.readTree(request.body());
                    if (!patch.at("/metadata/resourceVersion").equals(changed.at("/metadata/resourceVersion"))) {
                        yield Answer.refusal(409, "{}");
                    }
                    patch.path("data").properties().forEach(entry -> {
                        ObjectNode data = changed.withObjectProperty("data");
                        if (entry.getValue().isNull()) {
                            data.remove(entry.getKey());
                        } else {
                            data.set(entry.getKey(), entry.getValue());
                        }
                    });
                    yield written(changed);
                }
                default -> Answer.refusal(405, "{}");
            };
        } catch (IOException e) {
            return Answer.refusal(400, "{}");
        }
    }

    private Answer list() {
        ObjectNode list = JSON.createObjectNode().put("kind", "SecretList").put("apiVersion", "v1");
        list.putArray("items").addAll(there.values());
        return new Answer(200, list.toString());
    }

    private Answer one(String name) {
        ObjectNode secret = there.get(name);
        return secret == null ? Answer.refusal(404, "{}") : new Answer(200, secret.toString());
    }

    /** As much of it as a writer reads: what it wrote itself is long. */
    private Answer written(ObjectNode secret) {
        version++;
        secret.withObjectProperty("metadata").put("resourceVersion", Integer.toString(version));
        return new Answer(
                200,
                JSON.createObjectNode()
                        .put("kind", "Secret")
                        .put("apiVersion", "v1")
                        .set("metadata", secret.path("metadata"))
                        .toString());
    }

    // Releases, each of which shares no part with another.

    private static SortedMap<String, String> parts(int release) {
        TreeMap<String, String> parts = new TreeMap<>();
        for (int number = 0; number < 2; number++) {
            parts.put("jobs-%02d-%016x.yml".formatted(number, release), Integer.toString(release));
        }
        return parts;
    }

    /** The digest of an index is the number of its release. */
    private static Optional<byte[]> content(String path, String digest) {
        if (!path.equals(Release.INDEX)) {
            return Optional.of(path.equals(WEB) ? new byte[] {'{', '}'} : PART);
        }
        StringBuilder index = new StringBuilder("scrape_config_files:\n");
        parts(Integer.parseInt(digest))
                .keySet()
                .forEach(part -> index.append("- ").append(part).append('\n'));
        return Optional.of(index.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Set<String> needed(int... releases) {
        Set<String> needed = new HashSet<>();
        for (int release : releases) {
            needed.addAll(parts(release).keySet());
        }
        return needed;
    }

    private void publishParts(int release) throws Exception {
        secrets.refresh();
        secrets.publish(SecretKind.PART, parts(release), ConfigSecretsTest::content, Set.of(), needed(0, release));
    }

    private void publishIndex(int release) throws Exception {
        secrets.publishIndex(Integer.toString(release), Map.of(), ConfigSecretsTest::content, false);
    }

    /** Publishes from this release on until the room ends; returns the one for which there is none. */
    private int fill(int first) throws Exception {
        for (int release = first; ; release++) {
            try {
                publishParts(release);
            } catch (NotAtHand e) {
                assertThat(e).hasMessageStartingWith("no Secret has room for jobs-0");
                return release;
            }
            publishIndex(release);
        }
    }

    /** The first one is the last good one all the time. */
    @Test
    void aHundredWholeChangesFindRoomThoughNothingIsVerified() throws Exception {
        secrets.publish(SecretKind.PART, Map.of(WEB, "w"), ConfigSecretsTest::content, Set.of());
        publishParts(0);
        publishIndex(0);
        int waited = 0;
        for (int release = 1; release <= 100; release++) {
            now = now.plusSeconds(5);
            try {
                publishParts(release);
            } catch (NotAtHand e) {
                waited++;
                now = now.plus(RoomMaker.INDEX_ARRIVES);
                publishParts(release);
            }
            assertThat(secrets.files())
                    .as("the last good one, that of the published index, and the next")
                    .containsKeys(needed(0, release - 1, release).toArray(String[]::new))
                    .as("Prometheus reads it though no index names it")
                    .containsKey(WEB);
            publishIndex(release);
            now = now.plusSeconds(5);
            secrets.refresh();
        }
        assertThat(waited).as("room for many is made at once").isLessThan(6);
        assertThat(started().files()).isEqualTo(secrets.files());
    }

    @Test
    void nothingGoesWhileAPodMaySeeAnEarlierIndex() throws Exception {
        publishParts(0);
        publishIndex(0);
        int next = fill(1);
        Map<String, String> full = secrets.files();
        now = now.plus(RoomMaker.INDEX_ARRIVES).minusMillis(1);
        assertThatThrownBy(() -> publishParts(next)).isInstanceOf(NotAtHand.class);
        assertThat(secrets.files()).isEqualTo(full);

        // Another operator doesn't know since when.
        secrets = started();
        now = now.plusMillis(2);
        assertThatThrownBy(() -> publishParts(next)).isInstanceOf(NotAtHand.class);
        assertThat(secrets.files()).isEqualTo(full);

        now = now.plus(RoomMaker.INDEX_ARRIVES);
        publishParts(next);
        assertThat(secrets.files().keySet())
                .containsAll(needed(0, next - 1, next))
                .doesNotContainAnyElementsOf(needed(next - 2));
    }

    /** Its index may name anything. */
    @Test
    void nothingGoesWhileAnotherWritesTheIndex() throws Exception {
        publishParts(0);
        publishIndex(0);
        int next = fill(1);
        Map<String, String> full = secrets.files();
        now = now.plus(RoomMaker.INDEX_ARRIVES);
        written(Objects.requireNonNull(there.get(NAMES.secret(SecretKind.INDEX, 0))));
        assertThatThrownBy(() -> publishParts(next)).isInstanceOf(NotAtHand.class);
        assertThatThrownBy(() -> publishParts(next)).as("it is a new one").isInstanceOf(NotAtHand.class);
        assertThat(secrets.files()).isEqualTo(full);
        now = now.plus(RoomMaker.INDEX_ARRIVES);
        publishParts(next);
    }

    @Test
    void itIsSaidUntilWhenRoomIsWaitedFor() throws Exception {
        publishParts(0);
        publishIndex(0);
        int next = fill(1);
        now = now.plusSeconds(30);
        assertThatThrownBy(() -> publishParts(next))
                .isInstanceOfSatisfying(
                        RoomLater.class,
                        later -> assertThat(later.inWords(
                                        now, Instant.parse("2026-05-05T10:00:00Z"), Duration.ofMinutes(1)))
                                .startsWith("no Secret has room for jobs-0")
                                .contains("until every pod has the index that was written last")
                                // Two and a half minutes are left, and the pause.
                                .contains("at 2026-05-05T10:04:00Z at the latest")
                                .contains("see why a pod isn't ready or can't be reached"));
    }

    @Test
    void whatIsNeededAndDoesNotFitIsToBeDivided() throws Exception {
        publishParts(0);
        publishIndex(0);
        int next = fill(1);
        Set<String> all = new HashSet<>(secrets.files().keySet());
        now = now.plus(RoomMaker.INDEX_ARRIVES);
        assertThatThrownBy(
                        () -> secrets.publish(SecretKind.PART, parts(next), ConfigSecretsTest::content, Set.of(), all))
                .isInstanceOf(NotAtHand.class)
                .hasMessageStartingWith("no Secret has room for jobs-0")
                .hasMessageEndingWith("have several PrometheusServers each take some of the Monitors");
    }

    private ObjectNode data(String name) {
        return Objects.requireNonNull(there.get(name)).withObjectProperty("data");
    }

    private String holder(String path) {
        return there.keySet().stream()
                .filter(name -> data(name).has(path))
                .findFirst()
                .orElseThrow();
    }

    /** Whatever somebody makes of them, the present configuration is written over it, and nothing else stands still. */
    @ParameterizedTest
    @ValueSource(strings = {"part", "listing", "null listing", "another's listing", "arrival", "no arrival"})
    void aDamagedSecretIsWrittenOver(String damage) throws Exception {
        publishParts(0);
        String part = parts(0).firstKey();
        String name = holder(part);
        String listing = onlyListing(name);
        ObjectNode data = data(name);
        String before = data.path(part).asText();
        String arrival = listing.replace("listing-", "arrived-");
        String shown = data.path(arrival).asText();
        switch (damage) {
            case "part" -> data.put(part, "!");
            case "listing" -> data.put(listing, "!");
            case "null listing" -> data.putNull(listing);
            case "arrival" -> data.put(arrival, "e30=");
            case "no arrival" -> data.remove(arrival);
            default -> {
                data.put("listing-part-99", data.path(listing).asText());
                data.put(listing, "AAEC");
            }
        }
        written(Objects.requireNonNull(there.get(name)));
        secrets = started();
        assertThat(secrets.files()).doesNotContainKey(part).containsKey(parts(0).lastKey());
        publishParts(0);
        assertThat(data.path(part).asText()).isEqualTo(before);
        assertThat(data.path(arrival).asText())
                .isNotEmpty()
                .isNotEqualTo("e30=")
                .isNotEqualTo(shown);
        assertThat(started().files()).containsAllEntriesOf(parts(0));
    }

    /** Of an earlier release nothing but its Secrets has the content. */
    @Test
    void whatIsWholeThoughPodsAreNotToldOfItIsWrittenWithoutItsContent() throws Exception {
        publishParts(0);
        String part = parts(0).firstKey();
        String name = holder(part);
        data(name).put(onlyListing(name).replace("listing-", "arrived-"), "e30=");
        written(Objects.requireNonNull(there.get(name)));
        secrets = started();
        secrets.refresh();
        secrets.publish(SecretKind.PART, parts(0), (path, digest) -> Optional.empty(), Set.of(), needed(0, 0));
        assertThat(started().files()).containsAllEntriesOf(parts(0));
    }

    /** Its copy would hide what is written elsewhere, and be found with each start. */
    @Test
    void aDamagedSecretIsCleanedThoughItsFilesBelongElsewhere() throws Exception {
        publishParts(0);
        String part = parts(0).firstKey();
        String other = holder(parts(0).lastKey());
        data(other).put(part, "AAEC");
        written(Objects.requireNonNull(there.get(other)));
        secrets = started();
        publishParts(0);
        assertThat(data(other).has(part)).isFalse();
        assertThat(started().files()).containsAllEntriesOf(parts(0));
    }

    private String onlyListing(String name) {
        return data(name)
                .propertyStream()
                .map(Map.Entry::getKey)
                .filter(key -> key.startsWith("listing-"))
                .findFirst()
                .orElseThrow();
    }
}
