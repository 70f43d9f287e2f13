package io.narthex.compiler.frontend;

import io.narthex.compiler.model.FieldPath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that labels declare.
 *
 * @param id its name, unique in the service
 * @param job the label {@code job} where none is given; empty text for the service's name
 * @param settings what is set
 * @param place the label that declares it
 * @param broken whether a label of it is misspelled in such a way that it must not be scraped
 */
record EndpointLabels(String id, String job, Map<LabelSetting, FoundLabel> settings, FieldPath place, boolean broken) {

    /** The endpoint that labels without {@code endpoint.ID.} declare. */
    static final String DEFAULT_ID = "metrics";

    @Nullable
    FoundLabel find(LabelField field) {
        return settings.get(LabelSetting.of(field));
    }
}
