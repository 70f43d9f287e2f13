package io.narthex.reconcile;

import io.narthex.compiler.discovery.Discovered;
import java.util.Optional;

/** Takes care of one PrometheusServer on Docker, from {@link #start} until {@link #close}. From any thread. */
public interface Keeper extends AutoCloseable {

    /** Begins; to be called once. */
    void start();

    /** Has it look at what is declared now. */
    void wake();

    /** Returns whether this is a token of the server. */
    boolean hasToken(String presented);

    /** Returns the targets; empty while nothing sure is known. */
    Optional<Discovered> targets();

    /** Returns where the server stands. */
    ServerState state(boolean isDefault) throws InterruptedException;

    /** Returns what to put into the server's configuration; empty where Narthex writes that, or has nothing yet. */
    Optional<Snippet> snippet();

    /** Ends; the server goes on running. */
    @Override
    void close();
}
