package io.narthex.compiler.config;

import io.narthex.compiler.model.PrometheusVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which releases of Prometheus have something, and what becomes of it where it is asked for and they haven't.
 *
 * @param since the first release that has it
 * @param removed the first that has it no more; null where all later ones have it
 * @param oldName what it was called before {@code renamed}; empty where it never was called otherwise
 * @param renamed the first release that knows the new name; null where it never was called otherwise
 * @param refused whether what holds it is refused where a release lacks it, since the rest would be wrong, or less safe
 *     than what was asked for; else it is left out and the rest applied
 */
public record Gate(
        PrometheusVersion since,
        @Nullable PrometheusVersion removed,
        String oldName,
        @Nullable PrometheusVersion renamed,
        boolean refused) {

    /** What all supported releases have. */
    public static final Gate ALWAYS = new Gate(PrometheusVersion.OLDEST, null, "", null, false);

    /** What releases from {@code major.minor} on have. */
    static Gate since(int major, int minor) {
        return new Gate(new PrometheusVersion(major, minor, 0), null, "", null, false);
    }

    /** What only releases before {@code major.minor} have. */
    static Gate until(int major, int minor) {
        return ALWAYS.removedIn(major, minor);
    }

    /** The same, gone from {@code major.minor} on. */
    Gate removedIn(int major, int minor) {
        return new Gate(since, new PrometheusVersion(major, minor, 0), oldName, renamed, refused);
    }

    /** The same, which was called {@code name} before {@code major.minor}. */
    Gate renamedFrom(String name, int major, int minor) {
        return new Gate(since, removed, name, new PrometheusVersion(major, minor, 0), refused);
    }

    /** The same, without which the rest isn't applied. */
    Gate orRefuse() {
        return new Gate(since, removed, oldName, renamed, true);
    }

    /** Returns whether this release has it. */
    public boolean allows(PrometheusVersion version) {
        return version.compareTo(since) >= 0 && (removed == null || version.compareTo(removed) < 0);
    }

    boolean hasOldName(PrometheusVersion version) {
        return renamed != null && version.compareTo(renamed) < 0;
    }

    /** Returns the first release that has it no more, if there is one. */
    public Optional<PrometheusVersion> removedIn() {
        return Optional.ofNullable(removed);
    }

    /** Returns the releases in words: {@code 3.0 and later}, {@code 2.45 to 2.55, before 3.0}. */
    @Override
    public String toString() {
        if (removed == null) {
            return name(since) + " and later";
        }
        return since.equals(PrometheusVersion.OLDEST)
                ? "before " + name(removed)
                : name(since) + " and later, before " + name(removed);
    }

    /** Returns what users can do who ask for it where it isn't. */
    public String remedy() {
        return removed == null ? "run Prometheus " + name(since) + " or later, or remove it" : "remove it";
    }

    /** Returns {@code major.minor}, as users speak of releases. */
    static String name(PrometheusVersion version) {
        return version.major() + "." + version.minor();
    }
}
