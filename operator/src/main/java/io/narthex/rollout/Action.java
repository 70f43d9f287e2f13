package io.narthex.rollout;

import java.time.Instant;
import java.util.Set;
import java.util.SortedSet;

/**
 * The one thing that a driver is to do next. After it, done or not, the driver observes and asks again. An action that
 * names a {@code version} must not be carried out where {@link Observed.Kept#version()} has become another.
 */
public sealed interface Action {

    /**
     * Check a release without publishing it, and report {@link Observed.Checked}; a driver without a check reports that
     * it passed.
     */
    record Check(Release release) implements Action {}

    /**
     * Write every file of {@link Release#beforeIndex()} that isn't there. Where there is no room for it, or for what
     * {@link PublishIndex} writes, a driver may delete those published parts that neither this release nor the last good one
     * names, nor any index that an instance may yet load.
     *
     * @param obsolete published files that no instance can need any more: of these, and of no others, those may be deleted
     *     that are written in one with what is published; {@link Prune} deletes the rest
     * @param mayBringIndex whether the files of {@link Release#withIndex()} may be written, too: in one with all that wasn't
     *     there, so that an instance sees all of it or nothing. A driver that can't do that leaves them to {@link PublishIndex}
     */
    record PublishParts(Release release, String version, Set<String> obsolete, boolean mayBringIndex)
            implements Action {
        public PublishParts {
            obsolete = Set.copyOf(obsolete);
        }
    }

    /** Write the files of {@link Release#withIndex()}, each at once or not at all, the index last. */
    record PublishIndex(Release release, String version) implements Action {}

    /** Make the published files arrive sooner at these instances. */
    record Nudge(SortedSet<String> instances) implements Action {}

    /** Ask these instances to load what they see, and report {@link Instance.ReloadAnswer} with this token. */
    record Reload(long token, SortedSet<String> instances) implements Action {}

    /** Start a stopped instance with the release's flags. */
    record Start(String instance, Release release) implements Action {}

    /** Stop an instance cleanly and start it with the release's flags. */
    record Restart(String instance, Release release) implements Action {}

    /** Keep a complete copy of the release, which is verified; the copy before it stays until this one is complete. */
    record KeepLastGood(Release release, String version) implements Action {}

    /**
     * Delete every published file that the release doesn't name. Its copy as last good is no such file.
     *
     * @param spared published files that stay all the same
     */
    record Prune(Release release, Set<String> spared, String version) implements Action {}

    /** Write down that a release was refused. */
    record NoteRefusal(Refusal refusal) implements Action {}

    /**
     * Begin to search who made Prometheus refuse the release, and report {@link Observed.Found}.
     *
     * @param refusal what was said
     * @param byOutdated whether only instances said so that are yet to be replaced: they may lack what the release's own
     *     ones are started with, so that another finding may follow once those run
     */
    record FindCulprit(Release release, Refusal refusal, boolean byOutdated) implements Action {}

    /** Do nothing until then, or until something happens. */
    record Wait(Instant until) implements Action {}
}
