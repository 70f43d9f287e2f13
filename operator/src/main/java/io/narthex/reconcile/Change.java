package io.narthex.reconcile;

/**
 * One difference between two configurations.
 *
 * @param kind whether it is new, gone or different
 * @param part what sort of thing it is about
 * @param name which one: a job's name, a flag, a rule group as {@code file/group}, a key of {@code global}
 * @param field the differing key inside it, such as {@code scrape_interval}; empty where all of it is meant
 * @param before what it was; empty for something new
 * @param after what it becomes; empty for something that goes
 */
public record Change(Kind kind, Part part, String name, String field, String before, String after) {

    /** How something differs. */
    public enum Kind {
        /** It is new. */
        ADDED,
        /** It goes away. */
        REMOVED,
        /** It is there before and after, and differs. */
        CHANGED
    }

    /** What sort of thing differs. */
    public enum Part {
        /** A scrape job. */
        JOB,
        /** A group of rules. */
        RULE_GROUP,
        /** A section of {@code prometheus.yml} other than jobs and rules, such as {@code global}. */
        SETTING,
        /** A command line flag. */
        FLAG,
        /** A web configuration or other file that Prometheus reads at start. */
        FILE,
        /** A field of the pods, which are replaced for it; Kubernetes only. */
        POD,
        /** A field of another object of the server, which takes no restart; Kubernetes only. */
        OBJECT
    }
}
