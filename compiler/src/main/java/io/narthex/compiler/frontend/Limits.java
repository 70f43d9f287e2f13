package io.narthex.compiler.frontend;

import io.narthex.compiler.config.ScrapeLimits;
import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import org.jspecify.annotations.Nullable;

/** Reads the limits of scrapes, within those that somebody else set. */
final class Limits {

    private final Report report;
    private final DiagnosticCode code;

    Limits(Report report, DiagnosticCode code) {
        this.report = report;
        this.code = code;
    }

    /**
     * Returns the limits.
     *
     * @param wanted what the resource asks for; null for nothing
     * @param at where that stands
     * @param bounds what it can't exceed; null for anything
     */
    ScrapeLimits read(
            io.narthex.api.v1alpha1.@Nullable ScrapeLimits wanted,
            FieldPath at,
            io.narthex.api.v1alpha1.@Nullable ScrapeLimits bounds) {
        if (wanted == null && bounds == null) {
            return ScrapeLimits.NONE;
        }
        io.narthex.api.v1alpha1.ScrapeLimits w = wanted == null ? NOTHING : wanted;
        io.narthex.api.v1alpha1.ScrapeLimits b = bounds == null ? NOTHING : bounds;
        ByteSize body =
                w.bodySize() == null ? null : report.value(ByteSize.parse(w.bodySize()), code, at.field("bodySize"));
        ByteSize most = b.bodySize() == null
                ? null
                : ByteSize.parse(b.bodySize()).toOptional().orElse(null);
        Long bytes = least(body == null ? null : body.bytes(), most == null ? null : most.bytes());
        return ScrapeLimits.builder()
                .bodySizeLimit(bytes == null ? null : new ByteSize(bytes))
                .sampleLimit(least(w.samples(), b.samples()))
                .targetLimit(least(w.targets(), b.targets()))
                .labelLimit(least(w.labels(), b.labels()))
                .labelNameLengthLimit(least(w.labelNameLength(), b.labelNameLength()))
                .labelValueLengthLimit(least(w.labelValueLength(), b.labelValueLength()))
                .keepDroppedTargets(least(w.keptDroppedTargets(), b.keptDroppedTargets()))
                .build();
    }

    private static final io.narthex.api.v1alpha1.ScrapeLimits NOTHING =
            new io.narthex.api.v1alpha1.ScrapeLimits(null, null, null, null, null, null, null);

    /** Returns the stricter of two limits, of which 0 and null mean none. */
    private static @Nullable Long least(@Nullable Long one, @Nullable Long bound) {
        if (bound == null || bound == 0) {
            return one;
        }
        return one == null || one == 0 ? bound : Long.valueOf(Math.min(one, bound));
    }
}
