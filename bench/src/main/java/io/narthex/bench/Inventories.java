package io.narthex.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.compiler.DefaultServer;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import java.util.List;
import java.util.Map;

/** Inventories of many simple Monitors: two targets each, an interval, a dropped metric. */
final class Inventories {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Inventories() {}

    /** Returns the default server with {@code count} Monitors. */
    static Inventory of(int count) {
        Inventory inventory = DefaultServer.addTo(Inventory.EMPTY);
        for (int i = 0; i < count; i++) {
            inventory = inventory.with(monitor(i, 0));
        }
        return inventory;
    }

    /** Returns the Monitor {@code number} in one of its versions, a new instance each time. */
    static Declared<MonitorSpec> monitor(int number, int version) {
        MonitorSpec spec = JSON.convertValue(
                Map.of(
                        "source", Map.of("static", Map.of("targets", List.of("127.0.0.1:8000", "127.0.0.2:8000"))),
                        "labels", Map.of("team", "team-" + number % 50),
                        "endpoints",
                                List.of(Map.of(
                                        "name",
                                        "metrics",
                                        "interval",
                                        (15 + version % 15) + "s",
                                        "metricRelabelings",
                                        List.of(Map.of(
                                                "action", "drop",
                                                "sourceLabels", List.of("__name__"),
                                                "regex", "go_gc_.*"))))),
                MonitorSpec.class);
        return new Declared<>(
                new ResourceKey(ApiKinds.MONITOR, "default", "monitor-" + number),
                Map.of(),
                Map.of(),
                spec,
                SourceMap.NONE);
    }
}
