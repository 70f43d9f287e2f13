package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which pod templates a server may go back to: their digests, as an annotation of its StatefulSet. A template that is kept in
 * a Secret would run as whatever service account it names, and to write Secrets doesn't take the right to run pods; so it is
 * believed as far as the StatefulSet names it. Both can't be written at once: while another template takes a Secret's
 * place, the StatefulSet names the two.
 *
 * <p>For one thread.
 */
final class KeptTemplates {

    /** Holds SHA-256 digests in hexadecimal, with a space between two. */
    static final String ANNOTATION = "monitoring.narthex.io/kept-templates";

    private final KubernetesClient client;
    private final ObjectNames names;
    private final Supplier<Optional<StatefulSet>> newest;
    private final StatefulSetAnnotation annotation;
    /** What the StatefulSet itself makes its pods from, as read last. */
    private Optional<PodTemplateSpec> own = Optional.empty();
    /** As read or written last; empty where there is no StatefulSet, or that is to be read. */
    private Optional<Named> named = Optional.empty();

    /**
     * What a StatefulSet names.
     *
     * @param uid the StatefulSet's identity
     */
    private record Named(String uid, Set<String> digests) {

        static Named of(StatefulSet set) {
            Set<String> digests = Stream.of(
                            StatefulSetAnnotation.of(set, ANNOTATION).split(" "))
                    .filter(digest -> !digest.isEmpty())
                    .collect(Collectors.toSet());
            return new Named(set.getMetadata().getUid(), digests);
        }
    }

    /**
     * Makes one that has read nothing yet.
     *
     * @param newest the newest StatefulSet that is known, which may be some moments old
     */
    KeptTemplates(KubernetesClient client, ObjectNames names, Supplier<Optional<StatefulSet>> newest) {
        this.client = client;
        this.names = names;
        this.newest = newest;
        this.annotation = new StatefulSetAnnotation(client, names, ANNOTATION);
    }

    /**
     * Reads what the StatefulSet names now.
     *
     * @throws KubernetesClientException where the API server refuses or can't be reached
     */
    void refresh() {
        Optional<StatefulSet> set = Optional.ofNullable(client.apps()
                .statefulSets()
                .inNamespace(names.namespace())
                .withName(names.statefulSet())
                .get());
        named = set.map(Named::of);
        own = set.map(one -> one.getSpec()).map(StatefulSetSpec::getTemplate);
    }

    /** Returns what the StatefulSet makes its pods from, where that was of this restart key when it was read last. */
    Optional<PodTemplateSpec> own(String restartKey) {
        return own.filter(template -> StatefulSetWriter.restartKey(template).equals(Optional.of(restartKey)));
    }

    /** Returns whether there is a StatefulSet that could name a template. */
    boolean canName() {
        return newest.get().isPresent();
    }

    /** Returns whether the StatefulSet named this template when that was read or written last. */
    boolean isNamed(String template) {
        return named.filter(set -> set.digests().contains(digest(template))).isPresent();
    }

    /**
     * Has the StatefulSet name a template that is about to be kept, beside those that it names, since one of them is kept
     * until then.
     *
     * @throws NotAtHand where there is no StatefulSet
     * @throws KubernetesClientException where the API server refuses or can't be reached
     */
    void add(String template) throws NotAtHand {
        if (isNamed(template) && newest.get().map(Named::of).equals(named)) {
            return;
        }
        // What another operator keeps isn't to be lost for what can't be kept then.
        refresh();
        Named before = named.orElseThrow(() -> new NotAtHand(
                "StatefulSet " + names.statefulSet() + ", which is to name its pod template, isn't there"));
        Set<String> digests = new TreeSet<>(before.digests());
        digests.add(digest(template));
        write(before, digests);
    }

    /**
     * Has the StatefulSet, which names this template, name no other any more.
     *
     * @throws KubernetesClientException where the API server refuses or can't be reached
     */
    void retain(String template) {
        if (named.isPresent()) {
            write(named.get(), Set.of(digest(template)));
        }
    }

    private void write(Named before, Set<String> digests) {
        if (before.digests().equals(digests)) {
            return;
        }
        named = Optional.empty();
        annotation.write(before.uid(), String.join(" ", digests));
        named = Optional.of(new Named(before.uid(), digests));
    }

    private static String digest(String template) {
        return SecretData.sha256(template.getBytes(StandardCharsets.UTF_8));
    }
}
