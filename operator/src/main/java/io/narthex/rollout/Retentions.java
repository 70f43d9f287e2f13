package io.narthex.rollout;

import io.narthex.compiler.model.Retention;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares what is kept before and after a change. */
public final class Retentions {

    private Retentions() {}

    /**
     * Returns how the change from {@code before} to {@code after} can delete samples, in words; empty where it can't.
     * A limit that is new or can't be compared with the one before counts as deleting.
     */
    public static Optional<String> shrinks(Retention before, Retention after) {
        List<String> ways = new ArrayList<>();
        after.time().ifPresent(time -> {
            if (before.time().isEmpty() || before.time().get().compareTo(time) > 0) {
                ways.add("retention time " + before.time().map(Retentions::text).orElse("unlimited") + " -> "
                        + text(time));
            }
        });
        after.sizeBytes().ifPresent(size -> {
            // A percentage overrides a size (3.11), so without it the size takes effect.
            boolean uncovered =
                    before.percentage().isPresent() && after.percentage().isEmpty();
            if (before.sizeBytes().isEmpty() || uncovered || before.sizeBytes().getAsLong() > size) {
                ways.add("retention size "
                        + (before.sizeBytes().isEmpty()
                                ? "unlimited"
                                : before.sizeBytes().getAsLong() + " bytes")
                        + " -> " + size + " bytes");
            }
        });
        after.percentage().ifPresent(part -> {
            if (before.percentage().isEmpty() || before.percentage().getAsDouble() > part) {
                ways.add("retention percentage "
                        + (before.percentage().isEmpty()
                                ? "unlimited"
                                : percent(before.percentage().getAsDouble()))
                        + " -> " + percent(part));
            }
        });
        return ways.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", ways));
    }

    private static String percent(double value) {
        return BigDecimal.valueOf(value)
                        .round(new MathContext(4))
                        .stripTrailingZeros()
                        .toPlainString()
                + "%";
    }

    private static String text(Duration time) {
        long seconds = time.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds + "s";
    }
}
