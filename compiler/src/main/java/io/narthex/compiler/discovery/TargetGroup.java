package io.narthex.compiler.discovery;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Targets with the same labels, in the form that Prometheus reads ("http_sd_config" of the Prometheus documentation);
 * JSON of this record is that form.
 *
 * @param targets addresses, {@code HOST:PORT}
 * @param labels their labels
 */
public record TargetGroup(List<String> targets, SortedMap<String, String> labels) {

    public TargetGroup {
        targets = List.copyOf(targets);
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
}
