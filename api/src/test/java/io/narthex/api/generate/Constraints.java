package io.narthex.api.generate;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.Optional;

/** Finds an annotation on a type's use, or on an annotation there; the nearest wins. */
final class Constraints {
    private Constraints() {}

    static <A extends Annotation> Optional<A> find(AnnotatedElement element, Class<A> type) {
        A direct = element.getAnnotation(type);
        if (direct != null) {
            return Optional.of(direct);
        }
        for (Annotation annotation : element.getAnnotations()) {
            A meta = annotation.annotationType().getAnnotation(type);
            if (meta != null) {
                return Optional.of(meta);
            }
        }
        return Optional.empty();
    }
}
