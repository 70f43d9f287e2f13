package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Retention;
import io.narthex.rollout.Release;
import io.narthex.testbed.TestbedExtension;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written into Secrets of a real API server, and how often. */
class ConfigSecretsIT {

    private static final Content ALL = (path, digest) -> Optional.of(digest.getBytes(StandardCharsets.UTF_8));

    @RegisterExtension
    static final TestbedExtension TESTBED = TestbedExtension.plain("secrets");

    private KubernetesClient client;

    private ObjectNames names;
    private ConfigSecrets secrets;

    private OwnerReference owner;

    @BeforeEach
    void begin() {
        client = TESTBED.client();
        names = ObjectNames.of(new ResourceKey("PrometheusServer", TESTBED.namespace(), "main"));
        owner = TESTBED.newOwner();
        secrets = new ConfigSecrets(client, names, owner, InstantSource.system(), RandomGenerator.getDefault(), true);
        secrets.refresh();
    }

    private static String part(int number, String content) {
        return "jobs-%02d-%s.yml".formatted(number, content.repeat(16));
    }

    private Secret there(int number) {
        return client.secrets()
                .inNamespace(names.namespace())
                .withName(names.secret(SecretKind.PART, number))
                .get();
    }

    private Map<Integer, String> versions() {
        Map<Integer, String> versions = new HashMap<>();
        for (int number = 0; number < 3; number++) {
            versions.put(number, there(number).getMetadata().getResourceVersion());
        }
        return versions;
    }

    @Test
    void whatIsObsoleteGoesWithTheWriteThatBringsItsSuccessor() throws Exception {
        secrets.publish(
                SecretKind.PART, Map.of(part(0, "a"), "0a", part(1, "a"), "1a", part(2, "a"), "2a"), ALL, Set.of());
        secrets.publish(SecretKind.PART, Map.of(part(0, "b"), "0b", part(2, "b"), "2b"), ALL, Set.of());
        assertThat(there(0).getData()).containsKeys(part(0, "a"), part(0, "b"));
        Map<Integer, String> before = versions();

        secrets.publish(
                SecretKind.PART, Map.of(part(0, "c"), "0c"), ALL, Set.of(part(0, "a"), part(1, "a"), part(2, "a")));

        assertThat(there(0).getData())
                .containsOnlyKeys(
                        part(0, "b"),
                        part(0, "c"),
                        Arrivals.key(SecretKind.PART, 0),
                        Arrivals.listing(SecretKind.PART, 0));
        assertThat(versions()).as("no other Secret is written for it").containsEntry(1, before.get(1));
        assertThat(versions()).containsEntry(2, before.get(2));
        assertThat(secrets.files()).containsKeys(part(1, "a"), part(2, "a")).doesNotContainKey(part(0, "a"));
        ConfigSecrets anew = new ConfigSecrets(
                client,
                names,
                there(0).getMetadata().getOwnerReferences().getFirst(),
                InstantSource.system(),
                RandomGenerator.getDefault(),
                true);
        anew.refresh();
        assertThat(anew.files()).as("the listing tells the same").isEqualTo(secrets.files());
    }

    @Test
    void whatIsUnwantedIsDeletedWhereverItLies() throws Exception {
        secrets.publish(SecretKind.PART, Map.of(part(0, "a"), "0a", part(1, "a"), "1a"), ALL, Set.of());
        secrets.remove(SecretKind.PART, path -> path.equals(part(1, "a")));
        assertThat(there(1).getData())
                .containsOnlyKeys(Arrivals.key(SecretKind.PART, 1), Arrivals.listing(SecretKind.PART, 1));
        assertThat(secrets.files()).containsOnlyKeys(part(0, "a"));
    }

    /** A part that is obsolete makes room for its successor in the same write. */
    @Test
    void theRoomOfWhatIsObsoleteIsUsed() throws Exception {
        byte[] large = new byte[600_000];
        Content content = (path, digest) -> Optional.of(large);
        secrets.publish(SecretKind.PART, Map.of(part(0, "a"), "large"), content, Set.of());
        secrets.publish(SecretKind.PART, Map.of(part(0, "b"), "large"), content, Set.of(part(0, "a")));
        assertThat(there(0).getData())
                .containsOnlyKeys(part(0, "b"), Arrivals.key(SecretKind.PART, 0), Arrivals.listing(SecretKind.PART, 0));
        assertThat(there(1)).isNull();
    }

    /** Without a watch of Secrets nobody tells of it. */
    @Test
    void whatOthersDeleteOrChangeIsNoticedByName() throws Exception {
        ConfigSecrets unwatched =
                new ConfigSecrets(client, names, owner, InstantSource.system(), RandomGenerator.getDefault(), false);
        unwatched.refresh();
        unwatched.publish(
                SecretKind.PART, Map.of(part(0, "a"), "0a", part(1, "a"), "1a", part(2, "a"), "2a"), ALL, Set.of());
        String version = unwatched.version();
        unwatched.unknown();
        unwatched.refresh();
        assertThat(unwatched.version()).as("nothing changed").isEqualTo(version);

        client.resource(there(0)).delete();
        client.resource(new SecretBuilder(there(1))
                        .addToData(part(1, "a"), "Zm9yZ2Vk")
                        .build())
                .update();
        unwatched.refresh();
        assertThat(unwatched.files()).as("nobody told of it").hasSize(3);
        unwatched.unknown();
        unwatched.refresh();
        assertThat(unwatched.files()).containsOnlyKeys(part(2, "a"));
    }

    private Secret index() {
        return client.secrets()
                .inNamespace(names.namespace())
                .withName(names.secret(SecretKind.INDEX, 0))
                .get();
    }

    @Test
    void aPartComesInOneWithTheIndexAndItsCopyGoesWithALaterOne() throws Exception {
        secrets.publish(SecretKind.PART, Map.of(part(0, "a"), "0a"), ALL, Set.of());
        secrets.publishIndex("i1", Map.of(part(0, "a"), "0a"), ALL, true);
        assertThat(index().getData()).containsKeys(Release.INDEX, part(0, "a"));
        assertThat(secrets.original(part(0, "a"), "0a")).contains("part-00");
        SortedMap<String, Listing> mounted = secrets.mounted();
        assertThat(entry(mounted, "index", part(0, "a")))
                .as("wherever a pod sees it, it sees the same")
                .isEqualTo(entry(mounted, "part-00", part(0, "a")));

        secrets.publishIndex("i2", Map.of(part(0, "a"), "0a"), ALL, false);
        assertThat(index().getData()).as("not every pod sees the original yet").containsKey(part(0, "a"));

        secrets.publishIndex("i3", Map.of(), ALL, false);
        assertThat(index().getData())
                .containsOnlyKeys(
                        Release.INDEX, Arrivals.key(SecretKind.INDEX, 0), Arrivals.listing(SecretKind.INDEX, 0));
        assertThat(secrets.files()).containsEntry(part(0, "a"), "0a").containsEntry(Release.INDEX, "i3");

        String version = index().getMetadata().getResourceVersion();
        secrets.publishIndex("i3", Map.of(), ALL, false);
        assertThat(index().getMetadata().getResourceVersion())
                .as("nothing is to be written")
                .isEqualTo(version);
    }

    private static Listing.@Nullable Entry entry(SortedMap<String, Listing> mounted, String listing, String path) {
        return mounted.getOrDefault(listing, Listing.EMPTY).files().get(path);
    }

    @Test
    void aLargePartIsNotWrittenTwice() throws Exception {
        Content large = (path, digest) -> Optional.of(new byte[300_000]);
        secrets.publishIndex("i1", Map.of(part(0, "a"), "0a"), large, true);
        assertThat(index()).isNull();
        secrets.publishIndex("i1", Map.of(part(0, "a"), "0a"), large, false);
        assertThat(index().getData())
                .as("with an index that mustn't wait neither")
                .containsKey(Release.INDEX)
                .doesNotContainKey(part(0, "a"));
    }

    /** Pods see the copy in place of the original, so that it must not stay as somebody made it. */
    @Test
    void aCopyThatAnotherChangesIsTakenAwayAndTheOriginalWrittenAnew() throws Exception {
        secrets.publish(SecretKind.PART, Map.of(part(0, "a"), "0a"), ALL, Set.of());
        secrets.publishIndex("i1", Map.of(part(0, "a"), "0a"), ALL, true);
        Listing.Entry before = entry(secrets.mounted(), "part-00", part(0, "a"));
        client.resource(new SecretBuilder(index())
                        .addToData(part(0, "a"), "Zm9yZ2Vk")
                        .build())
                .update();
        secrets.unknown();
        secrets.refresh();
        assertThat(secrets.files()).as("what pods see of it isn't ours").containsOnlyKeys(Release.INDEX);

        secrets.publish(SecretKind.PART, Map.of(part(0, "a"), "0a"), ALL, Set.of());
        secrets.mendIndex();
        assertThat(index().getData()).doesNotContainKey(part(0, "a"));
        assertThat(secrets.files()).containsEntry(part(0, "a"), "0a").containsEntry(Release.INDEX, "i1");
        assertThat(entry(secrets.mounted(), "part-00", part(0, "a")))
                .as("Prometheus may have loaded the other")
                .isNotEqualTo(before);
    }

    /** Only what every pod that runs has seen elsewhere goes. */
    @Test
    void copiesStayForAPodThatHasNotSeenTheOriginal() throws Exception {
        Release release = new Release(
                "g",
                "m",
                "i2",
                new TreeMap<>(Map.of(part(0, "a"), "0a", part(1, "a"), "1a")),
                new TreeMap<>(),
                new TreeMap<>(Map.of("password", "p")),
                "k",
                "k",
                new Retention(Optional.empty(), OptionalLong.empty(), OptionalDouble.empty(), false));
        secrets.publish(SecretKind.PART, release.parts(), ALL, Set.of());
        secrets.publishIndex("i1", release.parts(), ALL, true);
        Arrival zero = Arrival.of(secrets.mounted().getOrDefault("part-00", Listing.EMPTY));
        Arrival one = Arrival.of(secrets.mounted().getOrDefault("part-01", Listing.EMPTY));
        Map<String, Arrival> both = Map.of("part-00", zero, "part-01", one);

        assertThat(IndexCopies.thatStay(release, secrets, List.of(both))).isEmpty();
        assertThat(IndexCopies.thatStay(release, secrets, List.of(both, Map.of("part-00", zero))))
                .containsOnlyKeys(part(1, "a"));
        assertThat(IndexCopies.thatStay(release, secrets, List.of(both, Map.of())))
                .containsOnlyKeys(part(0, "a"), part(1, "a"));
        assertThat(IndexCopies.thatStay(release, secrets, List.of()))
                .as("whoever comes may see anything")
                .hasSize(2);

        assertThat(IndexCopies.ofNews(release, new TreeMap<>(Map.of(part(1, "a"), "1a", Release.INDEX, "i2"))))
                .containsOnlyKeys(part(1, "a"));
        assertThat(IndexCopies.ofNews(release, new TreeMap<>(Map.of(part(1, "a"), "1a", "password", "p"))))
                .as("a credential must have arrived before")
                .isEmpty();
    }

    /** A copy that somebody deletes the original of is the only one there is. */
    @Test
    void theOriginalIsWrittenAnewWithTheStampOfItsCopy() throws Exception {
        secrets.publish(SecretKind.PART, Map.of(part(0, "a"), "0a"), ALL, Set.of());
        secrets.publishIndex("i1", Map.of(part(0, "a"), "0a"), ALL, true);
        Listing.Entry before = entry(secrets.mounted(), "part-00", part(0, "a"));
        client.resource(there(0)).delete();
        secrets.unknown();
        secrets.refresh();
        assertThat(secrets.original(part(0, "a"), "0a")).isEmpty();
        assertThat(secrets.missing(Map.of(part(0, "a"), "0a", part(1, "a"), "1a")))
                .containsOnlyKeys(part(1, "a"));

        secrets.publish(SecretKind.PART, Map.of(part(0, "a"), "0a"), ALL, Set.of());
        assertThat(entry(secrets.mounted(), "part-00", part(0, "a"))).isEqualTo(before);
    }

    @Test
    void whatIsNotAtHandIsNotPublished() {
        assertThatThrownBy(() -> secrets.publish(
                        SecretKind.PART, Map.of(part(0, "a"), "0a"), (path, digest) -> Optional.empty(), Set.of()))
                .isInstanceOf(NotAtHand.class);
        assertThat(there(0)).isNull();
    }

    private ConfigSecrets started(boolean lists) {
        ConfigSecrets started =
                new ConfigSecrets(client, names, owner, InstantSource.system(), RandomGenerator.getDefault(), lists);
        started.refresh();
        return started;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSecretOfSomebodyElseIsLeftAloneAndNamed(boolean lists) throws Exception {
        Secret theirs = client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(names.secret(SecretKind.PART, 0))
                        .withNamespace(names.namespace())
                        .endMetadata()
                        .withData(Map.of("password", "c2VjcmV0"))
                        .build())
                .create();
        ConfigSecrets operator = started(lists);
        Map<String, String> wanted = Map.of(part(0, "a"), "0a");
        if (lists) {
            // It isn't listed, and so not known before the API server says it.
            assertThatThrownBy(() -> operator.publish(SecretKind.PART, wanted, ALL, Set.of()))
                    .isInstanceOf(KubernetesClientException.class);
            operator.refresh();
        }

        assertThatThrownBy(() -> operator.publish(SecretKind.PART, wanted, ALL, Set.of()))
                .isInstanceOf(NotAtHand.class)
                .hasMessageContaining("Secret " + names.namespace() + "/" + names.secret(SecretKind.PART, 0)
                        + " exists and isn't this server's");
        assertThat(there(0)).isEqualTo(theirs);

        client.resource(theirs).delete();
        operator.changed(names.secret(SecretKind.PART, 0), "");
        operator.unknown();
        operator.refresh();
        operator.publish(SecretKind.PART, wanted, ALL, Set.of());
        assertThat(there(0).getData()).containsKey(part(0, "a"));
    }

    /** As {@code kubectl delete --cascade=orphan} of the server does. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAServerOfItsNameLeftIsTakenUp(boolean lists) throws Exception {
        secrets.publish(SecretKind.PART, Map.of(part(0, "a"), "0a"), ALL, Set.of());
        client.secrets()
                .inNamespace(names.namespace())
                .withName(names.secret(SecretKind.PART, 0))
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"ownerReferences\": null}}");

        ConfigSecrets operator = started(lists);

        assertThat(operator.files()).containsOnlyKeys(part(0, "a"));
        assertThat(there(0).getMetadata().getOwnerReferences()).containsExactly(owner);
        operator.publish(SecretKind.PART, Map.of(part(0, "b"), "0b"), ALL, Set.of(part(0, "a")));
        assertThat(there(0).getData()).containsKey(part(0, "b")).doesNotContainKey(part(0, "a"));
    }
}
