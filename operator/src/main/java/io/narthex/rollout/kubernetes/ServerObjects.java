package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.kubernetes.ApiServerWords;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the objects of a server that belong to it besides its StatefulSet and its Secrets. One that is refused keeps no
 * other from being written. For one thread.
 */
public final class ServerObjects {

    private static final int MOST = 3;

    private final KubernetesClient client;
    private final ForcedApply apply;
    private final Map<String, HasMetadata> wanted = new LinkedHashMap<>();
    private final Map<String, HasMetadata> written = new HashMap<>();
    /** What the API server said of those that aren't written. */
    private final Map<String, String> refused = new LinkedHashMap<>();

    /** Makes a writer that has written nothing yet. */
    public ServerObjects(KubernetesClient client) {
        this.client = client;
        this.apply = new ForcedApply(client);
    }

    /** Writes those of the objects that were not written as they are; from now on these alone are the server's. */
    public void write(List<HasMetadata> objects) {
        wanted.clear();
        objects.forEach(object -> wanted.put(name(object), object));
        written.keySet().retainAll(wanted.keySet());
        writeMissing();
    }

    /**
     * Writes what an account needs so that pods can run as it, one object after the other up to the first that is refused.
     * What the server's are stays as it was. An account that isn't among the objects is to be made by somebody else: where it
     * is missing, nothing is written.
     *
     * @param account its name
     * @param objects those of its namespace by which it exists and has its rights
     * @return why pods can't run as it; empty where they can
     */
    public Optional<String> writeAccount(String account, List<HasMetadata> objects) {
        if (objects.stream().noneMatch(ServiceAccount.class::isInstance)) {
            Optional<String> missing = missing(objects.getFirst().getMetadata().getNamespace(), account);
            if (missing.isPresent()) {
                return missing;
            }
        }
        for (HasMetadata object : objects) {
            String name = name(object);
            if (object.equals(written.get(name))) {
                continue;
            }
            Optional<String> why = refusal(name, object).map(Refusal::words);
            if (why.isPresent()) {
                return why;
            }
        }
        return Optional.empty();
    }

    private Optional<String> missing(String namespace, String account) {
        try {
            return client.serviceAccounts()
                                    .inNamespace(namespace)
                                    .withName(account)
                                    .get()
                            != null
                    ? Optional.empty()
                    : Optional.of("ServiceAccount " + namespace + "/" + account
                            + " doesn't exist, and spec.serviceAccount has create: false; make it, or have Narthex do"
                            + " so without create: false");
        } catch (KubernetesClientException e) {
            return Optional.of("ServiceAccount " + account + ": " + ApiServerWords.of(e));
        }
    }

    /** Tries once more to write what was refused. */
    public void writeMissing() {
        refused.clear();
        for (Map.Entry<String, HasMetadata> object : wanted.entrySet()) {
            boolean isWritten = object.getValue().equals(written.get(object.getKey()));
            if (!isWritten && !write(object.getKey(), object.getValue())) {
                return;
            }
        }
    }

    /**
     * Writes all of them once more, so that what others changed or deleted is as it was, but for what stands there by now
     * under a name of theirs and is somebody else's. Where nothing differs, the API server writes nothing.
     */
    public void restore() {
        refused.clear();
        for (Map.Entry<String, HasMetadata> object : wanted.entrySet()) {
            if (!write(object.getKey(), object.getValue())) {
                return;
            }
        }
    }

    /** Returns why some of them aren't as they are wanted; empty where all are. */
    public Optional<String> obstacle() {
        if (refused.isEmpty()) {
            return Optional.empty();
        }
        String first = refused.values().stream().limit(MOST).collect(Collectors.joining("; "));
        return Optional.of(refused.size() > MOST ? first + "; and " + (refused.size() - MOST) + " more" : first);
    }

    /** Returns whether it makes sense to go on with the others. */
    private boolean write(String name, HasMetadata object) {
        Optional<Refusal> why = refusal(name, object);
        why.ifPresent(words -> refused.put(name, words.words()));
        return why.filter(Refusal::ofAll).isEmpty();
    }

    /**
     * Why an object isn't written.
     *
     * @param ofAll whether no other would be, since the API server doesn't answer
     */
    private record Refusal(String words, boolean ofAll) {}

    private Optional<Refusal> refusal(String name, HasMetadata object) {
        try {
            // Also where it was written before: somebody may have made another of its name meanwhile.
            apply.writeOwn(object);
            written.put(name, object);
            return Optional.empty();
        } catch (NotOurs e) {
            written.remove(name);
            return Optional.of(new Refusal(String.valueOf(e.getMessage()), false));
        } catch (KubernetesClientException e) {
            written.remove(name);
            return Optional.of(new Refusal(name + ": " + ApiServerWords.of(e), e.getCode() == 0));
        }
    }

    private static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
