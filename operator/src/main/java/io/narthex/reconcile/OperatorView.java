package io.narthex.reconcile;

import io.narthex.compiler.model.Diagnostic;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an operator on Docker, with a Swarm or without one, tells of itself and of its servers. From any thread. */
public interface OperatorView {

    /** Returns how {@code --platform} names where it works. */
    String platform();

    /** Returns the name by which it knows its objects in a Swarm; empty where it makes none. */
    default Optional<String> instance() {
        return Optional.empty();
    }

    /** Returns whether it has seen what it works with, and works or waits for another. */
    boolean isReady();

    /** Returns whether it works. */
    boolean isWorking();

    /** Returns who works in its place, in words; empty where nobody does. */
    Optional<String> waitsFor();

    /** Returns what is wrong with the Docker daemon, in words; empty where it answers. */
    Optional<String> problem();

    /** Returns how many resources it has read, by kind; services are some. */
    Map<String, Long> resources();

    /** Returns what is wrong with what declares resources. */
    List<Diagnostic> diagnostics();

    /** Returns where each server stands, ordered by key. */
    List<ServerState> servers() throws InterruptedException;

    /** Returns what to put into the configurations of the servers that others run, ordered by key. */
    List<Snippet> snippets();
}
