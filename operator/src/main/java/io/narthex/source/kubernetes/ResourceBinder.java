package io.narthex.source.kubernetes;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the API server stores. It checked the schema when the object was written, but perhaps another version of
 * it; so an object may still be one that can't be read.
 */
final class ResourceBinder {

    /** What became of an object. */
    sealed interface Bound {
        /** It can be read. */
        record Taken(Declared<?> resource) implements Bound {}

        /** It can't. */
        record Unreadable(Diagnostic problem) implements Bound {}
    }

    static ResourceKey key(String kind, ObjectMeta metadata) {
        return new ResourceKey(kind, metadata.getNamespace(), metadata.getName());
    }

    StoredObject stored(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        return new StoredObject(
                metadata.getUid(),
                metadata.getGeneration() == null ? 0 : metadata.getGeneration(),
                String.valueOf(metadata.getResourceVersion()),
                JsonText.of(object.getAdditionalProperties().get("status")));
    }

    Bound bind(String kind, GenericKubernetesResource object) {
        ResourceKey key = key(kind, object.getMetadata());
        Object spec = object.getAdditionalProperties().getOrDefault("spec", Map.of());
        try {
            return new Bound.Taken(new Declared<>(
                    key,
                    Optional.ofNullable(object.getMetadata().getLabels()).orElse(Map.of()),
                    annotations(object.getMetadata()),
                    DeclaredJson.spec(kind, spec),
                    SourceMap.NONE));
        } catch (IllegalArgumentException e) {
            return new Bound.Unreadable(new Diagnostic(
                    DiagnosticCode.NOT_BOUND,
                    DiagnosticCode.NOT_BOUND.severity(),
                    Optional.of(key),
                    path(e.getCause()),
                    Optional.empty(),
                    "the resource can't be read: " + words(e.getCause() == null ? e : e.getCause()),
                    "",
                    "compare it with the custom resource definition of this operator's release"));
        }
    }

    /** Without the copy of the whole resource that kubectl leaves there. */
    private static Map<String, String> annotations(ObjectMeta metadata) {
        Map<String, String> annotations =
                new HashMap<>(Optional.ofNullable(metadata.getAnnotations()).orElse(Map.of()));
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        return annotations;
    }

    private static FieldPath path(@Nullable Throwable e) {
        FieldPath path = FieldPath.of("spec");
        if (e instanceof JsonMappingException mapping) {
            for (JsonMappingException.Reference step : mapping.getPath()) {
                path = step.getFieldName() != null ? path.field(step.getFieldName()) : path.index(step.getIndex());
            }
        }
        return path;
    }

    /** Jackson's own words are those of a programmer. */
    private static String words(Throwable e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                "this release doesn't know the field " + unknown.getPropertyName();
            case InvalidFormatException format -> "this release can't use the value " + format.getValue();
            default -> "a value has another form than this release knows";
        };
    }
}
