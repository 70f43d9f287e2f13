package io.narthex.reconcile.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.kubernetes.ApiServerWords;
import io.narthex.reconcile.Complaint;
import io.narthex.rollout.kubernetes.ForcedApply;
import io.narthex.rollout.kubernetes.NotOurs;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.rollout.kubernetes.SecretData;
import io.narthex.rollout.kubernetes.ServerSecrets;
import io.narthex.source.kubernetes.DeclaredJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that Prometheus goes on with of resources whose newest ones are refused. They stand nowhere else, since
 * the API server has the newest only; without them an operator that starts would take away what they scrape. Kept in a
 * Secret of the server's namespace, which is written only when it changes.
 *
 * <p>For one thread.
 */
final class HeldVersions {

    private static final Logger LOG = LoggerFactory.getLogger(HeldVersions.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMPONENT = "held";
    private static final String KEY = "held.json";

    /** A Secret takes a mebibyte, and base64 doesn't count. */
    private static final int MOST_BYTES = 900_000;

    /** The version of a Secret that nobody can tell. */
    private static final String UNKNOWN = "unknown";

    private final KubernetesClient client;
    private final ObjectNames names;
    private final ServerSecrets secrets;
    /** The version that somebody gave the Secret since it was looked at: empty where there is none any more. */
    private final AtomicReference<Optional<String>> told = new AtomicReference<>(Optional.empty());

    private String version = "";
    /** What the Secret holds; empty where that isn't what is written here. */
    private Optional<ArrayNode> there = Optional.of(JSON.createArrayNode());

    private Optional<String> lost = Optional.empty();
    private Set<ResourceKey> left = Set.of();
    private final Complaint complaint = new Complaint(LOG);

    HeldVersions(KubernetesClient client, ObjectNames names, OwnerReference owner) {
        this.client = client;
        this.names = names;
        this.secrets = new ServerSecrets(client, names, owner);
    }

    /** Says of which version the Secret is now, in words of the watch: empty where it is gone. From any thread. */
    void changed(String resourceVersion) {
        told.set(Optional.of(resourceVersion));
    }

    /** Says that it may have changed unheard. From any thread. */
    void unknown() {
        told.set(Optional.of(UNKNOWN));
    }

    /** Returns whether the Secret was said to change since it was looked at. From any thread. */
    boolean isTold() {
        return told.get().isPresent();
    }

    private Map<String, String> data() throws NotOurs {
        try {
            Optional<Secret> secret = secrets.findOwn(names.held(), COMPONENT);
            version = secret.map(HeldVersions::version).orElse("");
            return secret.map(Secret::getData).orElseGet(Map::of);
        } catch (NotOurs e) {
            if (secrets.isOfPredecessor(names.held())) {
                // It goes with that one, in a moment.
                return Map.of();
            }
            throw e;
        }
    }

    /**
     * Returns those that were kept.
     *
     * <p>Whoever may write Secrets in the server's namespace can write this one. So what is said of a resource of another
     * namespace is believed only as far as its author goes today: it names no credentials beyond those that the resource
     * itself names.
     *
     * @param present what is declared now
     * @throws NotOurs where the Secret is somebody else's
     * @throws KubernetesClientException where the API server refuses
     */
    List<Declared<?>> read(Inventory present) throws NotOurs {
        Map<String, String> data = data();
        if (data.get(KEY) == null) {
            return List.of();
        }
        there = SecretData.content(data, KEY).flatMap(HeldVersions::parse);
        if (there.isEmpty()) {
            lose("none of the versions that it kept can be read");
            return List.of();
        }
        List<Declared<?>> versions = new ArrayList<>();
        for (JsonNode one : there.get()) {
            Optional<Declared<?>> version = DeclaredJson.read(one);
            if (version.isEmpty()) {
                lose("not all of the versions that it kept can be read");
            } else if (isCredible(version.get(), present)) {
                versions.add(version.get());
            } else {
                lose(
                        "the version of " + version.get().key()
                                + " isn't used, since it names credentials of another namespace that the resource doesn't name");
            }
        }
        return versions;
    }

    private static Optional<ArrayNode> parse(byte[] data) {
        try {
            return JSON.readTree(data) instanceof ArrayNode array ? Optional.of(array) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String version(HasMetadata secret) {
        return Objects.requireNonNullElse(secret.getMetadata().getResourceVersion(), "");
    }

    private void lose(String what) {
        lost = Optional.of("of the Secret " + names.held() + ", " + what + "; it is written anew");
        LOG.warn("Of the Secret {}/{}, {}; it is written anew", names.namespace(), names.held(), what);
    }

    /** Returns what couldn't be used of what was read, in words; empty where all could. */
    Optional<String> lost() {
        return lost;
    }

    /** Says that nothing is refused any more, so that nothing is missed of what couldn't be used. */
    void missNothing() {
        lost = Optional.empty();
    }

    private boolean isCredible(Declared<?> version, Inventory present) {
        if (version.key().isServer()) {
            // It says what runs in pods, which takes other rights than to write Secrets. None is kept.
            return false;
        }
        return version.key().namespace().equals(names.namespace())
                || present.find(version.key())
                        .map(DeclaredJson::credentials)
                        .orElse(Set.of())
                        .containsAll(DeclaredJson.credentials(version));
    }

    /**
     * Keeps these and no others, as far as a Secret has room for them; writes nothing where they are kept already.
     *
     * @return whether that was done; where the API server refuses, that is logged once
     */
    boolean keep(Collection<Declared<?>> versions) {
        Optional<String> other = told.getAndSet(Optional.empty()).filter(now -> !now.equals(version));
        Optional<ArrayNode> nothing = Optional.of(JSON.createArrayNode());
        if (other.isPresent() && !(other.get().equals(UNKNOWN) && version.isEmpty())) {
            // Where it is gone nothing is kept, which may be what is wanted.
            there = other.get().isEmpty() ? nothing : Optional.empty();
        }
        ArrayNode wanted = JSON.createArrayNode();
        Set<ResourceKey> without = new HashSet<>();
        int bytes = 0;
        for (Declared<?> version :
                versions.stream().sorted(Comparator.comparing(Declared::key)).toList()) {
            Optional<ObjectNode> json = DeclaredJson.of(version);
            int size = json.map(HeldVersions::bytes)
                    .map(content -> content.length + 1)
                    .orElse(0);
            if (json.isEmpty() || bytes + size > MOST_BYTES) {
                without.add(version.key());
                if (!left.contains(version.key())) {
                    LOG.warn(
                            "The version of {} that runs can't be kept for the next start of the operator",
                            version.key());
                }
                continue;
            }
            bytes += size;
            wanted.add(json.get());
        }
        left = without;
        if (!there.equals(Optional.of(wanted)) && !write(wanted)) {
            return false;
        }
        there = Optional.of(wanted);
        return true;
    }

    private boolean write(ArrayNode wanted) {
        try {
            apply(wanted);
            complaint.forget();
            return true;
        } catch (KubernetesClientException | NotOurs e) {
            String words = e instanceof KubernetesClientException refused
                    ? ApiServerWords.of(refused)
                    : String.valueOf(e.getMessage());
            complaint.sayOnly(
                    "The versions that run of resources whose newest ones are refused can't be kept in the Secret "
                            + names.namespace() + "/" + names.held() + " for the next start of the operator: " + words);
            return false;
        }
    }

    private void apply(ArrayNode wanted) throws NotOurs {
        version = version(new ForcedApply(client)
                .writeOwn(new SecretBuilder(secrets.empty(names.held(), COMPONENT))
                        .withData(Map.of(KEY, SecretData.encoded(bytes(wanted))))
                        .build()));
    }

    private static byte[] bytes(JsonNode tree) {
        try {
            return JSON.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }
}
