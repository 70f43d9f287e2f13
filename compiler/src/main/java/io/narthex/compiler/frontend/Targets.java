package io.narthex.compiler.frontend;

import io.narthex.compiler.config.RelabelConfig;
import io.narthex.compiler.config.ServiceDiscovery;
import java.util.List;

/**
 * What one endpoint's targets are made from.
 *
 * @param discovery where they come from
 * @param steps the relabeling that chooses among them and labels them
 * @param labelled whether the Monitor's labels and job are already on them
 */
record Targets(List<ServiceDiscovery> discovery, List<RelabelConfig> steps, boolean labelled) {}
