package io.narthex.reconcile.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.narthex.reconcile.Change;
import io.narthex.rollout.kubernetes.Deployment;
import io.narthex.rollout.kubernetes.ObjectNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares what a PrometheusServer becomes in a cluster besides its configuration. */
final class DeploymentDiff {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Flags are compared by what they mean. */
    private static final String FLAGS = "spec.containers[prometheus].args";

    private DeploymentDiff() {}

    /** Returns every difference: of the pods, of the StatefulSet, then of all other objects. */
    static List<Change> between(Deployment before, Deployment after) {
        List<Change> changes = new ArrayList<>();
        StatefulSet was = before.statefulSet();
        StatefulSet is = after.statefulSet();
        compare(
                Change.Part.POD,
                fields(was.getSpec().getTemplate()),
                fields(is.getSpec().getTemplate()),
                changes);
        compare(Change.Part.OBJECT, set(was), set(is), changes);
        compare(Change.Part.OBJECT, objects(before.objects()), objects(after.objects()), changes);
        return List.copyOf(changes);
    }

    private static SortedMap<String, String> fields(Object object) {
        SortedMap<String, String> fields = new TreeMap<>();
        flatten("", JSON.valueToTree(object), fields);
        fields.keySet().removeIf(name -> name.contains(ObjectNames.RESTART_KEY) || name.startsWith(FLAGS));
        return fields;
    }

    private static SortedMap<String, String> set(StatefulSet set) {
        SortedMap<String, String> fields = new TreeMap<>();
        fields.put("replicas", String.valueOf(set.getSpec().getReplicas()));
        set.getSpec()
                .getVolumeClaimTemplates()
                .forEach(claim -> flatten("volume claim", JSON.valueToTree(claim.getSpec()), fields));
        return fields;
    }

    private static SortedMap<String, String> objects(List<HasMetadata> objects) {
        SortedMap<String, String> fields = new TreeMap<>();
        for (HasMetadata object : objects) {
            flatten(
                    object.getKind() + " " + object.getMetadata().getName(),
                    JSON.<JsonNode>valueToTree(object),
                    fields);
        }
        return fields;
    }

    /** Elements of lists go by their names where they have one, so that one more changes no other. */
    private static void flatten(String path, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), into));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                String name = node.get(i).path("name").asText("");
                flatten(path + "[" + (name.isEmpty() ? String.valueOf(i) : name) + "]", node.get(i), into);
            }
        } else if (!node.isNull()) {
            into.put(path, node.asText());
        }
    }

    private static void compare(
            Change.Part part, SortedMap<String, String> before, SortedMap<String, String> after, List<Change> changes) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String was = before.getOrDefault(name, "");
            String is = after.getOrDefault(name, "");
            if (!was.equals(is)) {
                changes.add(new Change(
                        !before.containsKey(name)
                                ? Change.Kind.ADDED
                                : after.containsKey(name) ? Change.Kind.CHANGED : Change.Kind.REMOVED,
                        part,
                        name,
                        "",
                        was,
                        is));
            }
        }
    }
}
