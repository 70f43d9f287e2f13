package io.narthex.reconcile.local;

import io.narthex.compiler.DefaultServer;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import io.narthex.reconcile.MadeUpServer;
import java.util.List;
import java.util.Optional;

/**
 * Which PrometheusServer of a folder is meant: the one named, the only one, or a default one where there is none.
 *
 * @param name the name asked for, such as by {@code --server}; empty for the only one
 */
public record ServerChoice(Optional<String> name) {

    /**
     * The server to compile.
     *
     * @param server its identity
     * @param inventory the inventory it is in, with the made-up server where one was needed
     * @param diagnostics what the user should know of the choice
     */
    public record Chosen(ResourceKey server, Inventory inventory, List<Diagnostic> diagnostics) {}

    /**
     * Chooses among the servers that {@code inventory} declares. The default server is made up only where the input
     * surely declares none: not where one is wrong, or a file can't be read that may hold one.
     *
     * @param inventory what was read
     * @param problems what is wrong with the input
     */
    public Chosen choose(Inventory inventory, List<Diagnostic> problems) {
        List<Declared<?>> servers = inventory.ofKind(DefaultServer.KEY.kind()).toList();
        if (name.isPresent()) {
            return named(name.get(), inventory, servers);
        }
        if (servers.isEmpty() && MadeUpServer.mayBeHidden(problems)) {
            return new Chosen(DefaultServer.KEY, inventory, List.of());
        }
        if (servers.isEmpty()) {
            return new Chosen(DefaultServer.KEY, DefaultServer.addTo(inventory), List.of());
        }
        Declared<?> first = servers.getFirst();
        if (servers.size() == 1) {
            return new Chosen(first.key(), inventory, List.of());
        }
        return new Chosen(
                first.key(),
                inventory,
                servers.stream()
                        .skip(1)
                        .map(server -> diagnostic(
                                server,
                                server.key() + " isn't run: one command runs one server, here " + first.key(),
                                "name the one you mean by --server NAME, or put each into a folder of its own"))
                        .toList());
    }

    private Chosen named(String wanted, Inventory inventory, List<Declared<?>> servers) {
        for (Declared<?> server : servers) {
            if (server.key().name().equals(wanted)) {
                return new Chosen(server.key(), inventory, List.of());
            }
        }
        ResourceKey missing = ResourceKey.ofServer(DefaultServer.KEY.namespace(), wanted);
        List<String> there = servers.stream().map(server -> server.key().name()).toList();
        return new Chosen(
                missing,
                inventory,
                List.of(new Diagnostic(
                        DiagnosticCode.SERVER_NOT_CHOSEN,
                        Severity.ERROR,
                        Optional.of(missing),
                        FieldPath.ROOT,
                        Optional.empty(),
                        "there is no PrometheusServer " + wanted,
                        there.isEmpty() ? "the folder declares none" : "one of " + String.join(", ", there),
                        there.isEmpty() ? "leave --server out" : "--server " + there.getFirst())));
    }

    private static Diagnostic diagnostic(Declared<?> server, String message, String remedy) {
        return new Diagnostic(
                DiagnosticCode.SERVER_NOT_CHOSEN,
                DiagnosticCode.SERVER_NOT_CHOSEN.severity(),
                Optional.of(server.key()),
                FieldPath.ROOT,
                server.source().locate(FieldPath.ROOT),
                message,
                "",
                remedy);
    }
}
