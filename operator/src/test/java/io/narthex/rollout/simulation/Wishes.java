package io.narthex.rollout.simulation;

import io.narthex.compiler.model.Retention;
import io.narthex.rollout.Release;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The releases that a user may want, and what Prometheus thinks of them. A digest tells what is wrong with a content, so
 * that whoever loads the same content gets the same answer.
 */
final class Wishes {

    /** Content that nobody wished for. */
    static final String NONSENSE = "nonsense";

    static final String RULES = "rules-1.yml";
    private static final String CREDENTIAL = "secrets/password";

    /** Content that a static check refuses. */
    private static final String UNCHECKED = "unchecked";
    /** Content that Prometheus refuses as a whole. */
    private static final String REFUSED = "refused";
    /** Content that Prometheus refuses after it has applied a part. */
    private static final String HALF = "half";
    /** Flags with which Prometheus doesn't start. */
    private static final String BAD_FLAG = "badflag";
    /** What a Prometheus is started in that never gets ready, such as a pod whose image can't be pulled. */
    private static final String HANGS = "#hangs";

    private final SplittableRandom random;
    private final boolean retentionIsFlag;
    private final Map<String, Release> byIndex = new HashMap<>();
    private final Map<String, Duration> retentionOfFlags = new HashMap<>();
    private final Set<String> allowedLosses = new HashSet<>();

    Wishes(SplittableRandom random) {
        this.random = random;
        retentionIsFlag = random.nextBoolean();
    }

    /** Returns a release without anything wrong. */
    Release good() {
        return release(true);
    }

    /** Returns a release with which anything may be wrong. */
    Release any() {
        return release(false);
    }

    private Release release(boolean good) {
        TreeMap<String, String> parts = new TreeMap<>();
        for (int slot = 0; slot < 3; slot++) {
            if (random.nextInt(4) > 0) {
                String content = "c" + random.nextInt(3);
                if (!good && random.nextInt(8) == 0) {
                    content = content
                            + switch (random.nextInt(3)) {
                                case 0 -> UNCHECKED;
                                case 1 -> REFUSED;
                                default -> HALF;
                            };
                }
                parts.put("jobs-%d-%s.yml".formatted(slot, content), content);
            }
        }
        TreeMap<String, String> replaced = new TreeMap<>();
        if (random.nextInt(4) > 0) {
            String bad = !good && random.nextInt(10) == 0 ? REFUSED : "";
            replaced.put(RULES, "r" + random.nextInt(3) + bad);
        }
        TreeMap<String, String> credentials = new TreeMap<>();
        if (random.nextBoolean()) {
            credentials.put(CREDENTIAL, "s" + random.nextInt(3));
        }
        Duration kept = Duration.ofHours(100L * (1 + random.nextInt(3)));
        boolean allow = random.nextInt(3) == 0;
        String flags = "k" + random.nextInt(2) + (!good && random.nextInt(8) == 0 ? BAD_FLAG : "");
        if (retentionIsFlag) {
            flags += "/" + kept.toHours();
        }
        String pod = flags + (!good && random.nextInt(8) == 0 ? HANGS : "#" + random.nextInt(2));
        if (retentionIsFlag) {
            retentionOfFlags.put(pod, kept);
        }
        return release(
                parts,
                replaced,
                credentials,
                pod,
                flags,
                new Retention(Optional.of(kept), OptionalLong.empty(), OptionalDouble.empty(), allow));
    }

    /** Returns the release without those of its files that Prometheus refuses; the user still wants no other. */
    Release withoutRefused(Release release) {
        TreeMap<String, String> parts = new TreeMap<>(release.parts());
        parts.values().removeIf(Wishes::isRefused);
        TreeMap<String, String> replaced = new TreeMap<>(release.replaced());
        replaced.values().removeIf(Wishes::isRefused);
        Release rest = release(
                parts,
                replaced,
                new TreeMap<>(release.credentials()),
                release.restartKey(),
                release.startKey(),
                release.retention());
        wanted(rest);
        return rest;
    }

    private Release release(
            SortedMap<String, String> parts,
            SortedMap<String, String> replaced,
            SortedMap<String, String> credentials,
            String pod,
            String flags,
            Retention retention) {
        String hours =
                retentionIsFlag ? "" : "/" + retention.time().orElseThrow().toHours();
        String generation = "g" + parts + replaced + hours;
        String index = "i" + generation;
        Release release = new Release(
                generation, "generation-" + generation, index, parts, replaced, credentials, pod, flags, retention);
        byIndex.put(index, release);
        return release;
    }

    /** Says that the user wants this now. */
    void wanted(Release release) {
        if (release.retention().allowDataLoss()) {
            allowedLosses.add(retentionIsFlag ? release.restartKey() : release.index());
        }
    }

    /** Returns the release with this index; empty for content that isn't ours. */
    Optional<Release> byIndex(String digest) {
        return Optional.ofNullable(byIndex.get(digest));
    }

    /** Returns how long a Prometheus with these flags, which loaded this index, keeps samples. */
    Duration retention(String flags, String index) {
        if (retentionIsFlag) {
            return retentionOfFlags.getOrDefault(flags, Duration.ofHours(100));
        }
        return byIndex(index).flatMap(release -> release.retention().time()).orElse(Duration.ofHours(100));
    }

    boolean mayDelete(String flags, String index) {
        return allowedLosses.contains(retentionIsFlag ? flags : index);
    }

    static boolean isPart(String path) {
        return path.startsWith("jobs-");
    }

    static boolean failsCheck(Release release) {
        return release.files().values().stream().anyMatch(content -> content.endsWith(UNCHECKED));
    }

    static boolean isRefusedWhole(String content) {
        return content.endsWith(REFUSED) || content.equals(NONSENSE);
    }

    static boolean isRefusedHalf(String content) {
        return content.endsWith(HALF);
    }

    static boolean isRefused(Release release) {
        return release.files().values().stream().anyMatch(Wishes::isRefused);
    }

    private static boolean isRefused(String content) {
        return isRefusedWhole(content) || isRefusedHalf(content);
    }

    static boolean starts(String flags) {
        return !flags.contains(BAD_FLAG);
    }

    static boolean hangs(String flags) {
        return flags.endsWith(HANGS) && starts(flags);
    }
}
