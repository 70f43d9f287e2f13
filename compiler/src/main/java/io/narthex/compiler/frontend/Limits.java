package io.narthex.compiler.frontend;

import io.narthex.compiler.config.ScrapeLimits;
import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the limits of scrapes, within those that somebody else set. */
final class Limits {

    private final Report report;
    private final DiagnosticCode code;
    private final boolean inherited;

    /**
     * Makes one.
     *
     * @param report notes what is wrong
     * @param code under this code
     * @param inherited whether Prometheus itself applies the defaults to whoever says nothing; else they are written
     */
    Limits(Report report, DiagnosticCode code, boolean inherited) {
        this.report = report;
        this.code = code;
        this.inherited = inherited;
    }

    /**
     * Returns the limits.
     *
     * @param wanted what the resource asks for; null for nothing
     * @param at where that stands
     * @param defaults what holds where it asks for no limit; null for nothing
     * @param bounds what it can't exceed; null for anything
     */
    ScrapeLimits read(
            io.narthex.api.v1alpha1.@Nullable ScrapeLimits wanted,
            FieldPath at,
            io.narthex.api.v1alpha1.@Nullable ScrapeLimits defaults,
            io.narthex.api.v1alpha1.@Nullable ScrapeLimits bounds) {
        if (wanted == null && defaults == null && bounds == null) {
            return ScrapeLimits.NONE;
        }
        io.narthex.api.v1alpha1.ScrapeLimits w = wanted == null ? NOTHING : wanted;
        io.narthex.api.v1alpha1.ScrapeLimits b = bounds == null ? NOTHING : bounds;
        io.narthex.api.v1alpha1.ScrapeLimits d = defaults == null ? NOTHING : defaults;
        ByteSize body =
                w.bodySize() == null ? null : report.value(ByteSize.parse(w.bodySize()), code, at.field("bodySize"));
        Long bytes = limit(body == null ? null : body.bytes(), bytes(d.bodySize()), bytes(b.bodySize()));
        return ScrapeLimits.builder()
                .bodySizeLimit(bytes == null ? null : new ByteSize(bytes))
                .sampleLimit(limit(w.samples(), d.samples(), b.samples()))
                .targetLimit(limit(w.targets(), d.targets(), b.targets()))
                .labelLimit(limit(w.labels(), d.labels(), b.labels()))
                .labelNameLengthLimit(limit(w.labelNameLength(), d.labelNameLength(), b.labelNameLength()))
                .labelValueLengthLimit(limit(w.labelValueLength(), d.labelValueLength(), b.labelValueLength()))
                // Where the defaults must be written, no release knows of this one.
                .keepDroppedTargets(limit(
                        w.keptDroppedTargets(), inherited ? d.keptDroppedTargets() : null, b.keptDroppedTargets()))
                .build();
    }

    /** Returns what is to be written: nothing where that is what Prometheus applies by itself. */
    private @Nullable Long limit(@Nullable Long wanted, @Nullable Long byDefault, @Nullable Long bound) {
        Long effective = least(or(wanted, byDefault), bound);
        return inherited && (wanted == null || wanted == 0) && Objects.equals(effective, byDefault)
                ? wanted
                : effective;
    }

    private static final io.narthex.api.v1alpha1.ScrapeLimits NOTHING =
            new io.narthex.api.v1alpha1.ScrapeLimits(null, null, null, null, null, null, null);

    private static @Nullable Long bytes(@Nullable String size) {
        return size == null
                ? null
                : ByteSize.parse(size).toOptional().map(ByteSize::bytes).orElse(null);
    }

    /** Returns the limit, or the default where 0 and null say that there is none. */
    private static @Nullable Long or(@Nullable Long limit, @Nullable Long byDefault) {
        return limit == null || limit == 0 ? (byDefault == null ? limit : byDefault) : limit;
    }

    /** Returns the stricter of two limits, of which 0 and null mean none. */
    private static @Nullable Long least(@Nullable Long one, @Nullable Long bound) {
        if (bound == null || bound == 0) {
            return one;
        }
        return one == null || one == 0 ? bound : Long.valueOf(Math.min(one, bound));
    }
}
