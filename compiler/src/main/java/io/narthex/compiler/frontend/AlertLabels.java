package io.narthex.compiler.frontend;

import io.narthex.compiler.model.FieldPath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An alert that labels declare.
 *
 * @param name its name
 * @param expr its expression; null where there is none
 * @param hold the label {@code for}; null for none
 * @param keep the label {@code keep-firing-for}; null for none
 * @param labels its labels by name
 * @param annotations its annotations by name
 * @param place the first of its labels
 */
record AlertLabels(
        String name,
        @Nullable FoundLabel expr,
        @Nullable FoundLabel hold,
        @Nullable FoundLabel keep,
        Map<String, FoundLabel> labels,
        Map<String, FoundLabel> annotations,
        FieldPath place) {}
