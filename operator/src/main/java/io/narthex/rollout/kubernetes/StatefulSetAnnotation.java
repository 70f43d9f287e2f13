package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An annotation of a server's StatefulSet: the place for what says what runs in pods, since whoever could forge it could write
 * the StatefulSet itself. It isn't part of what is applied, which leaves it as it is, and changes no pod.
 *
 * <p>Any thread may call any method.
 */
public final class StatefulSetAnnotation {

    private final KubernetesClient client;
    private final ObjectNames names;
    private final String name;

    /**
     * Makes one.
     *
     * @param client asks the API server; not closed here
     * @param names the names of the server's objects
     * @param name the annotation's name
     */
    public StatefulSetAnnotation(KubernetesClient client, ObjectNames names, String name) {
        this.client = client;
        this.names = names;
        this.name = name;
    }

    /** Returns an annotation's text; an empty one where there is none. */
    public static String of(StatefulSet set, String name) {
        Map<String, String> annotations = set.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(name, "");
    }

    /**
     * Writes the text; null takes the annotation away.
     *
     * @param uid the identity of the StatefulSet that is meant
     * @throws KubernetesClientException where there is another one by now, or the API server refuses or can't be reached
     */
    public void write(String uid, @Nullable String text) {
        client.apps()
                .statefulSets()
                .inNamespace(names.namespace())
                .withName(names.statefulSet())
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(ObjectNames.NARTHEX)
                                .build(),
                        Json.annotate(uid, name, text));
    }
}
