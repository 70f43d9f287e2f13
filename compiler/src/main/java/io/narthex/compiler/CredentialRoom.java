package io.narthex.compiler;

import io.narthex.compiler.assemble.FairRoom;
import io.narthex.compiler.frontend.ServerPlan;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps the credentials of a server in pods within what its Secrets hold, so that no namespace takes the room of all
 * others: where they are too much, the namespace that adds most goes without its largest, until they fit.
 */
final class CredentialRoom {

    /** For all credentials of a server, in bytes; its Secrets hold somewhat more, however the files' sizes fall. */
    static final long ROOM = 5L << 20;

    /** What each takes besides its content and twice its name, in bytes: where it lies and when it was written. */
    private static final long ENTRY = 256;

    /** A credential's file. */
    private record Use(String path, SecretId id, long bytes) {}

    private static final FairRoom<Use> FAIR =
            new FairRoom<>(use -> use.id().namespace(), Use::bytes, Comparator.comparing(Use::path));

    private CredentialRoom() {}

    /** Returns the snapshot without the Monitors whose credentials don't fit. */
    static Snapshot fit(Snapshot snapshot, Inventory inventory, ServerPlan plan) {
        if (plan.settings().platform() != Platform.KUBERNETES) {
            return snapshot;
        }
        List<Use> uses = new ArrayList<>();
        snapshot.credentials()
                .forEach((path, use) -> inventory
                        .secret(use.id())
                        .ifPresent(value -> uses.add(new Use(path, use.id(), bytes(path, value.size())))));
        Map<String, String> leftOut = new HashMap<>();
        for (Use use : FAIR.leftOut(uses, ROOM - ofServer(inventory, plan))) {
            leftOut.put(
                    use.path(),
                    "the credential " + use.id().objectName() + "/" + use.id().key()
                            + " doesn't fit into the server's Secrets: "
                            + use.id().namespace() + " adds more to them than other namespaces do");
        }
        if (leftOut.isEmpty()) {
            return snapshot;
        }
        Map<ResourceKey, Diagnostic> refused = new TreeMap<>();
        snapshot.monitors().forEach((key, monitor) -> {
            for (String path : monitor.credentials().keySet()) {
                String why = leftOut.get(path);
                if (why != null) {
                    refused.put(key, diagnostic(key, why, inventory));
                }
            }
        });
        return snapshot.refusing(refused, inventory);
    }

    private static long ofServer(Inventory inventory, ServerPlan plan) {
        long[] bytes = {plan.web().map(web -> web.size()).orElse(0)};
        plan.generated().forEach((path, value) -> bytes[0] += bytes(path, value.size()));
        plan.credentials()
                .forEach((path, id) -> inventory.secret(id).ifPresent(value -> bytes[0] += bytes(path, value.size())));
        return bytes[0];
    }

    private static long bytes(String path, int content) {
        return content + 2L * path.length() + ENTRY;
    }

    private static Diagnostic diagnostic(ResourceKey key, String message, Inventory inventory) {
        FieldPath field = FieldPath.of("spec");
        return new Diagnostic(
                DiagnosticCode.CREDENTIAL_TOO_LARGE,
                DiagnosticCode.CREDENTIAL_TOO_LARGE.severity(),
                Optional.of(key),
                field,
                inventory.find(key).flatMap(resource -> resource.source().locate(field)),
                message,
                ROOM + " bytes for all credentials of a server",
                "name smaller ones, or have Monitors share them: of a bundle of certificates, leave in only the"
                        + " authorities that the targets need");
    }
}
