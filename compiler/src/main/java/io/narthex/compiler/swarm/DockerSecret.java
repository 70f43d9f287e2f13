package io.narthex.compiler.swarm;

import java.util.List;
import java.util.Map;

/**
 * A secret of a Swarm. Its content can't be read back from Docker; tasks find it in the file that it is mounted at.
 *
 * @param id its id
 * @param name its name, unique in the Swarm
 * @param labels its labels
 */
public record DockerSecret(String id, String name, Map<String, String> labels) {

    /**
     * The label that says whose labels may name the secret: {@code STACK} or {@code STACK/SERVICE}, several divided by
     * commas.
     */
    public static final String EXPOSE_TO = "io.narthex.expose-to";

    public DockerSecret {
        labels = Map.copyOf(labels);
    }

    /** Returns whether labels of {@code service} may name it. A service without a stack is {@code -/NAME}. */
    public boolean isExposedTo(SwarmService service) {
        String stack = service.stack().orElse(SwarmService.NO_STACK);
        String whole = stack + "/" + service.shortName();
        return List.of(labels.getOrDefault(EXPOSE_TO, "").split(",", -1)).stream()
                .map(String::strip)
                .anyMatch(one -> one.equals(whole) || (service.stack().isPresent() && one.equals(stack)));
    }
}
