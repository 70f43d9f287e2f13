package io.narthex.compiler.swarm;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What changes all the time in a Swarm, at one moment. None of it makes the compiler compile anything anew.
 *
 * @param tasks all tasks, in every state and any order
 * @param nodes the nodes, by id
 * @param networks the networks, by id
 * @param reachable the ids of the networks that the Prometheus in question has joined
 */
public record SwarmState(
        List<SwarmTask> tasks,
        Map<String, SwarmNode> nodes,
        Map<String, SwarmNetwork> networks,
        Set<String> reachable) {

    public SwarmState {
        tasks = List.copyOf(tasks);
        nodes = Map.copyOf(nodes);
        networks = Map.copyOf(networks);
        reachable = Set.copyOf(reachable);
    }
}
