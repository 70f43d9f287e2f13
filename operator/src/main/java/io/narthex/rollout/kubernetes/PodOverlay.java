package io.narthex.rollout.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.narthex.api.v1alpha1.RawObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies a server's {@code podTemplate} to its pods: a strategic merge patch. Objects are merged, a null removes a field,
 * lists of the kinds below are merged by the key that Kubernetes gives them (Kubernetes API reference, "patch merge key"),
 * other lists are replaced. In a list that is merged, {@code $patch: delete} removes an element, and anywhere {@code $patch:
 * replace} replaces an object; other directives are refused.
 *
 * <p>What Narthex works with can't be changed: an overlay that tries is refused as a whole.
 */
public final class PodOverlay {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final Pattern STEPS = Pattern.compile("/");
    private static final String DIRECTIVE = "$patch";

    private static final Map<String, String> MERGE_KEYS = Map.ofEntries(
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("volumes", "name"),
            Map.entry("imagePullSecrets", "name"),
            Map.entry("hostAliases", "ip"),
            Map.entry("topologySpreadConstraints", "topologyKey"),
            Map.entry("schedulingGates", "name"),
            Map.entry("resourceClaims", "name"),
            Map.entry("env", "name"),
            Map.entry("ports", "containerPort"),
            Map.entry("volumeMounts", "mountPath"),
            Map.entry("volumeDevices", "devicePath"));

    private static final String PROMETHEUS = "/spec/containers[prometheus]";

    /** What is Narthex's, and what to use instead. */
    private static final List<Owned> OWNED = List.of(
            new Owned("/metadata/name", "the names are Narthex's"),
            new Owned("/metadata/generateName", "the names are Narthex's"),
            new Owned("/metadata/namespace", "the pods are in the namespace of the PrometheusServer"),
            new Owned("/metadata/ownerReferences", "the pods belong to the StatefulSet"),
            new Owned("/metadata/labels/app.kubernetes.io~1name", "spec.pod.labels takes other labels"),
            new Owned("/metadata/labels/app.kubernetes.io~1instance", "spec.pod.labels takes other labels"),
            new Owned("/metadata/labels/app.kubernetes.io~1component", "spec.pod.labels takes other labels"),
            new Owned("/metadata/labels/app.kubernetes.io~1managed-by", "spec.pod.labels takes other labels"),
            new Owned("/metadata/annotations/" + ObjectNames.ENDPOINT.replace("/", "~1"), "spec.listen is the field"),
            new Owned("/metadata/annotations/" + ObjectNames.RESTART_KEY.replace("/", "~1"), "it is Narthex's"),
            new Owned("/metadata/annotations/" + ObjectNames.NUDGE.replace("/", "~1"), "it is Narthex's"),
            new Owned("/spec/serviceAccountName", "spec.serviceAccount is the field"),
            new Owned("/spec/serviceAccount", "spec.serviceAccount is the field"),
            new Owned("/spec/restartPolicy", "a StatefulSet takes no other"),
            new Owned("/spec/hostname", "the names are Narthex's"),
            new Owned("/spec/subdomain", "the names are Narthex's"),
            new Owned(PROMETHEUS + "/image", "spec.version and spec.image are the fields"),
            new Owned(PROMETHEUS + "/command", "spec.extraFlags takes further flags"),
            new Owned(PROMETHEUS + "/args", "spec.extraFlags takes further flags"),
            new Owned(PROMETHEUS + "/terminationMessagePolicy", "by it Narthex learns why Prometheus ended"),
            new Owned(PROMETHEUS + "/env[POD_NAME]", "it becomes the replica's label"),
            new Owned(PROMETHEUS + "/ports[web]", "spec.listen is the field"),
            new Owned(PROMETHEUS + "/volumeMounts[config]", "there lies the configuration"),
            new Owned(PROMETHEUS + "/volumeMounts[data]", "spec.storage is the field"),
            new Owned("/spec/volumes[config]", "there lies the configuration"),
            new Owned("/spec/volumes[data]", "spec.storage is the field"));

    private record Owned(String path, String instead) {}

    private PodOverlay() {}

    /** The overlay can't be applied. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final String remedy;

        Refused(String message, String remedy) {
            super(message);
            this.remedy = remedy;
        }

        /** Returns what to do. */
        public String remedy() {
            return remedy;
        }
    }

    /**
     * Returns the template with the overlay, or as it is where there is none.
     *
     * @throws Refused where the overlay changes what is Narthex's, or becomes no pod template
     */
    static PodTemplateSpec apply(PodTemplateSpec template, @Nullable RawObject overlay) throws Refused {
        if (overlay == null || overlay.fields().isEmpty()) {
            return template;
        }
        JsonNode before = JSON.valueToTree(template);
        JsonNode merged = merged(before, JSON.valueToTree(overlay.fields()), "");
        for (Owned owned : OWNED) {
            if (!at(before, owned.path()).equals(at(merged, owned.path()))) {
                throw new Refused(
                        "it changes "
                                + owned.path().substring(1).replace('/', '.').replace("~1", "/")
                                + ", which Narthex needs as it is",
                        owned.instead());
            }
        }
        try {
            return JSON.treeToValue(merged, PodTemplateSpec.class);
        } catch (JsonProcessingException e) {
            throw new Refused(
                    "with it, this is no pod template"
                            + (place(e).isEmpty() ? "" : ": " + place(e) + " has another form"),
                    "kubectl explain pod.spec tells the fields");
        }
    }

    private static String place(JsonProcessingException e) {
        return e instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                        .collect(Collectors.joining("."))
                : "";
    }

    /** Returns the node at a path whose steps are fields, or elements of a list by their names. */
    private static JsonNode at(JsonNode root, String path) {
        JsonNode node = root;
        for (String step : STEPS.splitAsStream(path.substring(1)).toList()) {
            int bracket = step.indexOf('[');
            String field = (bracket < 0 ? step : step.substring(0, bracket)).replace("~1", "/");
            node = node.path(field);
            if (bracket >= 0) {
                String name = step.substring(bracket + 1, step.length() - 1);
                JsonNode found = node.path("none");
                for (JsonNode element : node) {
                    if (element.path("name").asText().equals(name)) {
                        found = element;
                    }
                }
                node = found;
            }
        }
        return node;
    }

    private static JsonNode merged(JsonNode base, JsonNode patch, String field) throws Refused {
        if (patch instanceof ObjectNode changes) {
            return object(base instanceof ObjectNode object ? object : JSON.createObjectNode(), changes);
        }
        if (patch instanceof ArrayNode changes && MERGE_KEYS.containsKey(field)) {
            return list(base instanceof ArrayNode array ? array : JSON.createArrayNode(), changes, field);
        }
        return patch;
    }

    private static ObjectNode object(ObjectNode base, ObjectNode patch) throws Refused {
        JsonNode directive = patch.path(DIRECTIVE);
        boolean replaces = directive.asText().equals("replace");
        if (!directive.isMissingNode() && !replaces) {
            throw new Refused(
                    "$patch: " + directive.asText() + " can't stand there",
                    "$patch: replace replaces an object, $patch: delete removes an element of a list");
        }
        ObjectNode result = replaces ? JSON.createObjectNode() : base.deepCopy();
        for (Map.Entry<String, JsonNode> change : patch.properties()) {
            String name = change.getKey();
            if (name.equals(DIRECTIVE)) {
                continue;
            }
            if (name.startsWith("$")) {
                throw new Refused(
                        "the directive " + name + " isn't known", "of the directives, only $patch can be used");
            }
            if (change.getValue().isNull()) {
                result.remove(name);
            } else {
                result.set(name, merged(result.path(name), change.getValue(), name));
            }
        }
        return result;
    }

    private static ArrayNode list(ArrayNode base, ArrayNode patch, String field) throws Refused {
        String key = MERGE_KEYS.getOrDefault(field, "name");
        List<JsonNode> result = new ArrayList<>();
        base.forEach(result::add);
        for (JsonNode change : patch) {
            if (!(change instanceof ObjectNode element) || element.path(key).isMissingNode()) {
                throw new Refused("an element of " + field + " has no " + key, "elements are told apart by " + key);
            }
            Optional<JsonNode> there = result.stream()
                    .filter(known -> known.path(key).equals(element.path(key)))
                    .findFirst();
            if (element.path(DIRECTIVE).asText().equals("delete")) {
                there.ifPresent(result::remove);
            } else if (there.isPresent()) {
                result.set(result.indexOf(there.get()), merged(there.get(), element, ""));
            } else {
                result.add(merged(JSON.createObjectNode(), element, ""));
            }
        }
        return JSON.createArrayNode().addAll(result);
    }
}
