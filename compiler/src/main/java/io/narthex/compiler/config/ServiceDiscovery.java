package io.narthex.compiler.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One way of finding targets ("Configuration" of the Prometheus documentation). */
public sealed interface ServiceDiscovery extends Part
        permits StaticConfig, DnsSdConfig, HttpSdConfig, FileSdConfig, KubernetesSdConfig {

    /** Returns the list that it stands in, such as {@code static_configs}. */
    ConfigField list();

    /** Writes all of them, each kind's list once, in a fixed order of kinds. */
    static void writeTo(ConfigWriter out, List<ServiceDiscovery> discovery) {
        if (discovery.size() == 1) {
            out.write(discovery.getFirst().list(), discovery);
            return;
        }
        Map<ConfigField, List<ServiceDiscovery>> lists = new EnumMap<>(ConfigField.class);
        for (ServiceDiscovery one : discovery) {
            lists.computeIfAbsent(one.list(), _ -> new ArrayList<>()).add(one);
        }
        lists.forEach(out::write);
    }
}
