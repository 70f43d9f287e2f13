package io.narthex.compiler.assemble;

import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.ResourceKey;
import java.time.Duration;

/** One scrape job's configuration, ready to stand in a list of {@code scrape_configs}. Immutable. */
public final class JobPiece {

    private final String name;
    private final ResourceKey resource;
    private final String endpoint;
    private final String label;
    private final Duration interval;
    private final byte[] content;
    private final byte[] digest;

    /**
     * Makes a piece.
     *
     * @param name the job's name
     * @param resource what declared it
     * @param endpoint the endpoint's name there
     * @param label the label {@code job} of its targets; empty where it comes from the target
     * @param interval the time between two scrapes
     * @param content an item of a YAML list, in UTF-8, with a line feed at its end; not to be modified from now on
     */
    public JobPiece(
            String name, ResourceKey resource, String endpoint, String label, Duration interval, byte[] content) {
        this.name = name;
        this.resource = resource;
        this.endpoint = endpoint;
        this.label = label;
        this.interval = interval;
        this.content = content;
        this.digest = Digest.bytesOf(content);
    }

    /** Returns the job's name. */
    public String name() {
        return name;
    }

    /** Returns what declared the job. */
    public ResourceKey resource() {
        return resource;
    }

    /** Returns the endpoint's name in the resource. */
    public String endpoint() {
        return endpoint;
    }

    /** Returns the size in bytes. */
    int size() {
        return content.length;
    }

    /** Returns the shared content. */
    byte[] content() {
        return content;
    }

    /** Returns the name of the content. */
    byte[] digest() {
        return digest;
    }

    /** Returns the piece's entry in the index of jobs, when it stands in {@code file}. */
    JobEntry entry(String file) {
        return new JobEntry(name, resource, endpoint, label, file, interval);
    }

    @Override
    public String toString() {
        return name;
    }
}
