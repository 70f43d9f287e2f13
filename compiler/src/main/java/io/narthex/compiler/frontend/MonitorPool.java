package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.LabelSelector;
import io.narthex.compiler.model.FieldPath;
import java.util.List;
import java.util.Optional;

/**
 * Which services of a Swarm stand behind an endpoint of a Monitor.
 *
 * @param job the endpoint's scrape job
 * @param services the services by name; empty where the selector chooses
 * @param selector chooses services by their labels; empty where they are named
 * @param port the port in the container; empty for the only one of the service
 * @param path the path of the metrics; empty text where a prober stands in between
 * @param portField the field that gives the port
 */
public record MonitorPool(
        String job,
        List<String> services,
        Optional<LabelSelector> selector,
        Optional<Integer> port,
        String path,
        FieldPath portField) {}
