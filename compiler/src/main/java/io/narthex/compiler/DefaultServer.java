package io.narthex.compiler;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import java.util.Map;

/** The server of a folder that declares none: defaults throughout, and it takes the Monitors of all namespaces. */
public final class DefaultServer {

    /** Its key, {@code PrometheusServer default/main}. */
    public static final ResourceKey KEY = ResourceKey.ofServer("default", "main");

    private static final Map<String, ?> EVERYWHERE = Map.of("namespaceSelector", Map.of());

    /** One instance, so that whoever compares inventories sees that it is the same. */
    private static final Declared<PrometheusServerSpec> DECLARED =
            declared(Map.of("monitors", EVERYWHERE, "ruleSets", EVERYWHERE));

    private DefaultServer() {}

    /** Returns the default server where somebody else runs it: the one at {@code url}. */
    public static Declared<PrometheusServerSpec> external(String url) {
        return declared(Map.of(
                "monitors", EVERYWHERE, "ruleSets", EVERYWHERE, "mode", "External", "external", Map.of("url", url)));
    }

    private static Declared<PrometheusServerSpec> declared(Map<String, ?> spec) {
        return new Declared<>(
                KEY,
                Map.of(),
                Map.of(),
                new ObjectMapper().convertValue(spec, PrometheusServerSpec.class),
                SourceMap.NONE);
    }

    /** Returns {@code inventory}, with the default server added where it has no server. */
    public static Inventory addTo(Inventory inventory) {
        return inventory.servers().findAny().isPresent() ? inventory : inventory.with(DECLARED);
    }
}
