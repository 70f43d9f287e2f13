package io.narthex.cli.input;

import io.narthex.cli.terminal.Failure;
import io.narthex.compiler.model.ResourceKey;
import java.util.Locale;
import java.util.Optional;

/**
 * A resource as users name it: {@code monitor/server} or {@code monitor/shop/server}.
 *
 * @param kind the kind in lower case, also in the plural
 * @param namespace the namespace; empty where none is named
 * @param name the name
 */
public record ResourceName(String kind, Optional<String> namespace, String name) {

    /**
     * Reads what a user wrote.
     *
     * @throws Failure where it can't name a resource
     */
    public static ResourceName parse(String subject) {
        String[] parts = subject.split("/", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw Failure.usage(subject + " names no resource", "write it as monitor/server or monitor/default/server");
        }
        return new ResourceName(
                parts[0].toLowerCase(Locale.ROOT),
                parts.length == 3 ? Optional.of(parts[1]) : Optional.empty(),
                parts[parts.length - 1]);
    }

    /** Returns whether it may be this resource. */
    public boolean means(ResourceKey key) {
        String known = key.kind().toLowerCase(Locale.ROOT);
        return (known.equals(kind) || (known + "s").equals(kind))
                && key.name().equals(name)
                && namespace.map(key.namespace()::equals).orElse(true);
    }
}
