package io.narthex.status.kubernetes;

import java.util.Optional;

/**
 * The rules of one group, or of several.
 *
 * @param groups how many groups
 * @param rules how many rules
 * @param failing how many of them failed when they were last evaluated
 * @param lastError the last error of one of them, with its rule's name; empty for none
 */
public record RuleCounts(int groups, int rules, int failing, Optional<String> lastError) {

    /** None at all. */
    public static final RuleCounts NONE = new RuleCounts(0, 0, 0, Optional.empty());

    /** Returns both together. */
    public RuleCounts plus(RuleCounts other) {
        return new RuleCounts(
                groups + other.groups,
                rules + other.rules,
                failing + other.failing,
                lastError.or(() -> other.lastError));
    }
}
